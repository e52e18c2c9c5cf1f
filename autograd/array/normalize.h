#pragma once

#include "autograd/array/array.h"

// Normalization of channels and of rows, on checked arrays of a floating dtype. Forward and
// backward take two passes over x each. Results are the same, bit for bit, for any number of
// threads.
namespace autograd::array {

// An array seen as (outer, channels, inner): element (i, c, j) belongs to channel c.
struct Channels {
  std::int64_t outer = 1, channels = 1, inner = 1;

  std::int64_t elements_each() const { return outer * inner; }
};

// What each channel is normalized by, float64 (channels): its mean, its variance (the mean of
// squares, not the unbiased one), and 1 / sqrt(var + eps).
struct ChannelStatistics {
  Array mean, var, inv_std;
};
// The statistics of x, in one pass. For float32 they are accurate to nearly all digits of a
// float32, however far the mean is from 0.
ChannelStatistics channel_statistics(const Array& x, const Channels& channels, double eps);
// From a given mean and variance.
ChannelStatistics given_statistics(const Array& mean, const Array& var, double eps);

// y = (x - mean) inv_std gamma + beta; gamma and beta hold a number for each channel.
Array normalize(const Array& x, const Channels& channels, const ChannelStatistics& statistics,
                const Array& gamma, const Array& beta);

// The gradients of normalize(x, channels, channel_statistics(x), gamma, beta), given the gradient
// gy of the result; the gradients of gamma and beta have gamma's shape.
struct NormalizeGrads {
  Array x, gamma, beta;
};
NormalizeGrads normalize_grads(const Array& x, const Array& gy, const Channels& channels,
                               const ChannelStatistics& statistics, const Array& gamma);

// What each row is normalized by, float64 (rows).
struct RowStatistics {
  Array mean, inv_std;
};
// y = (x - mean) inv_std gamma + beta, with the mean and the variance of each row of x (rows, n);
// gamma and beta hold a number for each column.
struct NormalizedRows {
  Array y;
  RowStatistics statistics;
};
NormalizedRows normalize_rows(const Array& x, const Array& gamma, const Array& beta, double eps);

NormalizeGrads normalize_rows_grads(const Array& x, const Array& gy, const Array& gamma,
                                    const RowStatistics& statistics);

}  // namespace autograd::array
