#pragma once

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

namespace autograd::inline functions {

struct BatchRenormalizationOptions {
  double eps = 2e-5;
  double decay = 0.9;
  bool update_statistics =
      false;  // update the running statistics in place, as batch_normalization()
};

// Batch normalization for small batches, which normalizes with running statistics as far as rmax and
// dmax let it: y = gamma (r (x - mean) / sqrt(var + eps) + d) + beta, where
//   r = sqrt(var + eps) / sqrt(running_var + eps), clipped to [1 / rmax, rmax]
//   d = (mean - running_mean) / sqrt(running_var + eps), clipped to [-dmax, dmax]
// are constants for the gradient, and come from the running statistics before they are updated. With
// rmax = 1 and dmax = 0 it is batch_normalization(). Shapes are as there, with the mean over axis 0
// and the axes after the channels; running_mean and running_var have the shape of gamma. Errors: an
// rmax below 1, a negative dmax. S. Ioffe, arXiv:1702.03275.
Variable batch_renormalization(const Variable& x, const Variable& gamma, const Variable& beta,
                               double rmax, double dmax, ArrayLike running_mean,
                               ArrayLike running_var,
                               const BatchRenormalizationOptions& options = {});
// By position, as Chainer.
inline Variable batch_renormalization(const Variable& x, const Variable& gamma,
                                      const Variable& beta, double rmax, double dmax, double eps,
                                      ArrayLike running_mean, ArrayLike running_var,
                                      double decay = 0.9, bool update_statistics = false) {
  return batch_renormalization(
      x, gamma, beta, rmax, dmax, running_mean, running_var,
      {.eps = eps, .decay = decay, .update_statistics = update_statistics});
}

// fixed_batch_normalization() under another name.
Variable fixed_batch_renormalization(const Variable& x, const Variable& gamma, const Variable& beta,
                                     const Variable& mean, const Variable& var, double eps = 2e-5);

}  // namespace autograd::inline functions
