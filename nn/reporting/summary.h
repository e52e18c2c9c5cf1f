#pragma once

#include <cstdint>

#include "nn/reporting/reporter.h"

namespace nn {

class Serializer;

// The running mean and standard deviation of numbers, from their sum and the sum of their squares
// in float64. chainer.reporter.Summary.
class Summary {
 public:
  // A value with weight n counts as n values.
  void add(double value, std::int64_t weight = 1);
  double mean() const { return x_ / static_cast<double>(n_); }
  // sqrt(mean of squares - square of mean)
  double std() const;
  void serialize(Serializer& s);

 private:
  double x_ = 0, x2_ = 0;
  std::int64_t n_ = 0;
};

// A Summary for each name; ignores values that are not scalars. chainer.DictSummary.
class DictSummary {
 public:
  void add(const Observation& values, std::int64_t weight = 1);
  Means compute_mean() const;
  // The means, and the standard deviations as name.std.
  Means make_statistics() const;
  void serialize(Serializer& s);

 private:
  Dict<Summary> summaries_;
};

}  // namespace nn
