#pragma once

#include "nn/initializers/initializers.h"

namespace nn::initializers {

// NOLINTBEGIN(readability-identifier-naming): in Chainer this is a class

// Which shapes are allowed: any; wide ones or square ones (projection), tall ones or square ones
// (embedding), square ones alone (basis).
enum class OrthogonalMode { automatic, projection, embedding, basis };

struct OrthogonalOptions {
  double scale = 1.1;
  OrthogonalMode mode = OrthogonalMode::automatic;
  autograd::random::Generator* generator = nullptr;
};

// `scale` times a matrix with orthonormal rows, or columns if it has more rows than columns (Saxe et
// al., arXiv:1312.6120): the Q of the QR decomposition of a matrix of N(0, 1), whose signs make the
// diagonal of R positive. The first axis of the array counts the rows, all others together the
// columns. An array without axes becomes scale or -scale; an empty one is refused.
Initializer Orthogonal(const OrthogonalOptions& options = {});
Initializer Orthogonal(Number auto scale, OrthogonalMode mode = OrthogonalMode::automatic) {
  return Orthogonal({.scale = static_cast<double>(scale), .mode = mode});
}

// NOLINTEND(readability-identifier-naming)

}  // namespace nn::initializers
