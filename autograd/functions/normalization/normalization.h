#pragma once

#include <concepts>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Normalization to mean 0 and variance 1, or to length 1, on float32 and float64; Chainer's
// functions/normalization. All arguments of a call have one dtype.
namespace autograd::inline functions {

struct BatchNormalizationOptions {
  double eps = 2e-5;
  // Running statistics of gamma's shape; give both or neither. They are updated in place:
  //   running_mean = decay running_mean + (1 - decay) mean
  //   running_var = decay running_var + (1 - decay) m / (m - 1) var
  // where m is the number of elements of each mean. For m = 1 the factor m / (m - 1) is replaced by
  // 1; an empty batch changes nothing.
  ArrayField running_mean = {}, running_var = {};
  double decay = 0.9;
  // The axes of the mean; by default axis 0 and the axes after the channels.
  Axes axis = std::nullopt;
};

// y = gamma (x - mean) / sqrt(var + eps) + beta, with the mean and the biased variance of each
// channel over the batch. gamma and beta have the shape of x without the axes of the mean: (C) for
// x (N, C) or (N, C, H, W); with axis = 0, (C, H, W) for x (N, C, H, W). S. Ioffe and C. Szegedy,
// arXiv:1502.03167.
Variable batch_normalization(const Variable& x, const Variable& gamma, const Variable& beta,
                             const BatchNormalizationOptions& options = {});

// The same with given mean and variance, of gamma's shape. They get gradients, too.
Variable fixed_batch_normalization(const Variable& x, const Variable& gamma, const Variable& beta,
                                   const Variable& mean, const Variable& var, double eps = 2e-5,
                                   const Axes& axis = std::nullopt);

// y = gamma (x - mean) / sqrt(var + eps) + beta, with the mean and the variance of each row of the
// matrix x (N, C); gamma and beta are (C). J. L. Ba, J. R. Kiros and G. E. Hinton,
// arXiv:1607.06450.
Variable layer_normalization(const Variable& x, const Variable& gamma, const Variable& beta,
                             double eps = 1e-5);

// The same for x (N, C, ...), with the mean and the variance of each group of C / groups channels
// of a sample; gamma and beta are (C). Y. Wu and K. He, arXiv:1803.08494.
Variable group_normalization(const Variable& x, int groups, const Variable& gamma,
                             const Variable& beta, double eps = 1e-5);

struct LocalResponseNormalizationOptions {
  int n = 5;
  double k = 2, alpha = 1e-4, beta = 0.75;
};

// y_c = x_c (k + alpha sum over j of x_j^2)^-beta, with j from c - n / 2 to c + n / 2 (n / 2
// rounded down): over neighbouring channels of x (N, C, ...). A. Krizhevsky, I. Sutskever and G. E.
// Hinton, "ImageNet classification with deep convolutional neural networks", 2012.
inline constexpr struct LocalResponseNormalizationFunction
    : UnaryFunction<LocalResponseNormalizationFunction> {
  Variable operator()(const Variable& x,
                      const LocalResponseNormalizationOptions& options = {}) const;
  template <std::integral N>  // by position, as Chainer
  Variable operator()(const Variable& x, N n, double k = 2, double alpha = 1e-4,
                      double beta = 0.75) const {
    return (*this)(x, {.n = static_cast<int>(n), .k = k, .alpha = alpha, .beta = beta});
  }
} local_response_normalization;

// x / (|x| + eps), where |x| is the square root of the sum of squares over the axes. Where |x| is
// 0, the gradient is gy / eps.
Variable normalize(const Variable& x, double eps = 1e-5, const Axes& axis = 1);

}  // namespace autograd::inline functions
