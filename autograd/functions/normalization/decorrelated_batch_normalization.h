#pragma once

#include <concepts>

#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Normalization to mean 0 and covariance 1, on float32 and float64. L. Huang and others,
// arXiv:1804.08450.
namespace autograd::inline functions {

struct DecorrelatedBatchNormalizationOptions {
  std::int64_t groups = 16;
  double eps = 2e-5;
  // Running statistics (groups, C / groups) and (groups, C / groups, C / groups), each if given; they
  // are updated in place, with m the number of elements of each mean:
  //   running_mean = decay running_mean + (1 - decay) mean
  //   running_projection = decay running_projection + (1 - decay) m / (m - 1) projection
  // As in batch_normalization() the factor is 1 for m = 1, and an empty batch changes nothing.
  ArrayField running_mean = {}, running_projection = {};
  double decay = 0.9;
};

// Whitens each group of C / groups channels of x (N, C, ...): projection (x - mean), where mean and
// the biased covariance are those over the batch and all further axes, and the projection is the
// symmetric (covariance + eps)^(-1/2), eps times the unit matrix being added. Composed of
// differentiable functions, so derivatives of any order work, also where eigenvalues are equal.
// Errors: groups that do not divide C.
Variable decorrelated_batch_normalization(
    const Variable& x, const DecorrelatedBatchNormalizationOptions& options = {});

// The same with given mean and projection, in the shapes of the running ones. They get gradients,
// too.
Variable fixed_decorrelated_batch_normalization(const Variable& x, const Variable& mean,
                                                const Variable& projection,
                                                std::int64_t groups = 16);

}  // namespace autograd::inline functions
