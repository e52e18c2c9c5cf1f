#pragma once

#include "autograd/graph/array_like.h"

namespace autograd::inline functions {

struct DiscriminativeLossOptions {
  int norm = 1;  // 1 or 2: distances are sums of magnitudes, or roots of sums of squares
  double alpha = 1, beta = 1, gamma = 0.001;  // what the three losses are multiplied by
};

// alpha, beta and gamma times three losses, each a scalar.
struct DiscriminativeLoss {
  Variable variance, distance, regularization;
};

// The discriminative loss for instance segmentation. `embeddings` (N, C, H, W) has a vector for each
// pixel, and `labels` (N, H, W) the instance that the pixel belongs to: 1, ..., C, or 0 for the
// background. With mu[n, k] the mean of the vectors of instance k in image n (0 if it has no pixel),
//   variance        max(0, |mu - x| - delta_v)^2, averaged over the pixels of each instance in the
//                   whole batch, then over the instances
//   distance        max(0, 2 delta_d - |mu[n, k] - mu[n, l]|)^2, averaged over n and the pairs k < l
//   regularization  for each instance the norm of all its mu[n, k], summed and divided by N C
// Where a norm is 0, its gradient is 0. Errors: max_embedding_dim other than C. B. De Brabandere,
// D. Neven and L. Van Gool, arXiv:1708.02551.
DiscriminativeLoss discriminative_margin_based_clustering_loss(
    const Variable& embeddings, ArrayLike labels, double delta_v, double delta_d,
    int max_embedding_dim, const DiscriminativeLossOptions& options = {});
// By position, as Chainer.
inline DiscriminativeLoss discriminative_margin_based_clustering_loss(
    const Variable& embeddings, ArrayLike labels, double delta_v, double delta_d,
    int max_embedding_dim, int norm, double alpha = 1, double beta = 1, double gamma = 0.001) {
  return discriminative_margin_based_clustering_loss(
      embeddings, labels, delta_v, delta_d, max_embedding_dim,
      {.norm = norm, .alpha = alpha, .beta = beta, .gamma = gamma});
}

}  // namespace autograd::inline functions
