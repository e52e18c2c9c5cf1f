#include "nn/links/hooks/spectral_normalization.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "autograd/array/gemm.h"
#include "autograd/array/linalg.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/error.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/graph/config.h"
#include "nn/initializers/initializers.h"
#include "nn/links/connection/convolution_base.h"

namespace nn::link_hooks {
namespace {

// The axis of W that counts outputs.
int output_axis(const Link& link) {
  const auto* filters = dynamic_cast<const ConvolutionBase*>(&link);
  return filters && filters->kind() == ConvolutionBase::Kind::deconvolution ? 1 : 0;
}

// W as a matrix whose rows belong to the outputs.
Variable as_matrix(const Link& link, const Variable& W) {
  Variable rows = W;
  if (const int axis = output_axis(link); axis != 0) {
    std::vector<int> axes{axis};
    for (int i = 0; i < W.ndim(); ++i)
      if (i != axis) axes.push_back(i);
    rows = autograd::transpose(W, autograd::Axes(std::span<const int>(axes)));
  }
  if (rows.ndim() == 2) return rows;
  return autograd::reshape(rows, {rows.length(0), rows.size() / rows.length(0)});
}

// x / (|x| + eps)
Array normalized(const Array& x, double eps) {
  const double norm =
      std::sqrt(autograd::array::sum(autograd::map(autograd::ops::Square{}, x)).item());
  return autograd::map(autograd::ops::Div{}, x, Array::full({}, norm + eps, x.dtype()));
}

// By the eigenvalues of the smaller of M M^T and M^T M, in float64.
double greatest_singular_value(const Array& matrix) {
  const Array M = matrix.astype(Dtype::float64);
  const Array product = M.length(0) <= M.length(1) ? autograd::array::matmul(M, M.transpose())
                                                   : autograd::array::matmul(M.transpose(), M);
  const Array squares = autograd::array::eigvalsh(product);
  return std::sqrt(squares.slice(0, squares.length(0) - 1, 1).item());
}

}  // namespace

SpectralNormalization::SpectralNormalization(const SpectralNormalizationOptions& o)
    : WeightHook(o.weight_name),
      n_power_iteration(o.n_power_iteration),
      eps(o.eps),
      use_gamma(o.use_gamma),
      factor(o.factor),
      vector_name(o.weight_name + "_u"),
      name_(o.name) {
  if (n_power_iteration < 1)
    throw autograd::Error(
        fmt::format("SpectralNormalization: n_power_iteration must be at least 1, but it is {}",
                    n_power_iteration));
  if (use_gamma) {
    gamma = Parameter(initializers::One());
    gamma.set_name("gamma");
  }
}

void SpectralNormalization::list(Members& members) {
  members("gamma", gamma).persistent(vector_name, u);
}

void SpectralNormalization::deleted(Link*) {
  u = next_u_ = left_ = right_ = Array();
  if (use_gamma) gamma = Parameter(initializers::One());
}

// Draws u, unless it was loaded from a file.
void SpectralNormalization::found(const Link& link, const Variable& W) {
  if (W.ndim() <= output_axis(link))
    throw autograd::Error(fmt::format(
        "SpectralNormalization: the weight {} must have an axis of outputs, but it is {}",
        weight_name, describe(W.array())));
  const std::int64_t outputs = W.length(output_axis(link));
  if (u && u.shape() != Shape{outputs})
    throw autograd::Error(
        fmt::format("SpectralNormalization: a hook must be added to one link only, or {} be as "
                    "long as axis {} of {}, but they are {} and {}",
                    vector_name, output_axis(link), weight_name, describe(u), describe(W.array())));
  if (!u) u = initializers::Normal(1)({outputs}, W.dtype());
  if (!use_gamma || gamma.is_initialized()) return;
  const double sigma = greatest_singular_value(as_matrix(link, W).array());
  gamma.initialize_with(Array::full({}, sigma, W.dtype()));
}

Variable SpectralNormalization::replaced(const Link& link, const Variable& W) {
  if (!u || (use_gamma && !gamma.is_initialized())) found(link, W);
  const Variable matrix = as_matrix(link, W);
  const Array M = matrix.array();
  // The second call for one batch, of autograd::forget(), uses what the first has found.
  if (!autograd::config().in_recomputing || !right_) {
    left_ = u;
    for (int i = 0; i < n_power_iteration; ++i) {
      right_ = normalized(autograd::array::matmul(M.transpose(), left_.reshape({M.length(0), 1}))
                              .reshape({M.length(1)}),
                          eps);
      left_ = normalized(
          autograd::array::matmul(M, right_.reshape({M.length(1), 1})).reshape({M.length(0)}), eps);
    }
    next_u_ = autograd::config().train ? left_ : Array();
  }
  Variable sigma = autograd::matmul(autograd::matmul(autograd::as_variable(left_), matrix),
                                    autograd::as_variable(right_));
  if (factor) sigma = sigma / *factor;
  return use_gamma ? gamma * W / sigma : W / sigma;
}

void SpectralNormalization::called() {
  if (const Array next = std::exchange(next_u_, Array())) u.assign(next);
}

}  // namespace nn::link_hooks
