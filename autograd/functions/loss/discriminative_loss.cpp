#include "autograd/functions/loss/discriminative_loss.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/compare.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/norm.h"

namespace autograd::inline functions {

DiscriminativeLoss discriminative_margin_based_clustering_loss(const Variable& embeddings,
                                                               ArrayLike given, double delta_v,
                                                               double delta_d,
                                                               int max_embedding_dim,
                                                               const DiscriminativeLossOptions& o) {
  constexpr std::string_view op = "discriminative_margin_based_clustering_loss";
  const Array& labels = given.array();
  Check(op, {{"embeddings", embeddings}, {"labels", labels}})
      .that(is_float(embeddings.dtype()) && embeddings.ndim() == 4,
            "embeddings must hold floats (N, C, H, W)")
      .that(is_integer(labels.dtype()) && labels.ndim() == 3 &&
                labels.length(0) == embeddings.length(0) &&
                labels.length(1) == embeddings.length(2) &&
                labels.length(2) == embeddings.length(3),
            "labels must hold integers (N, H, W)");
  if (max_embedding_dim < 1 || max_embedding_dim != embeddings.length(1))
    Check(op, {{"embeddings", embeddings}})
        .fail(fmt::format("max_embedding_dim must be the number of channels, which {} is not",
                          max_embedding_dim));
  if (o.norm != 1 && o.norm != 2)
    throw Error(fmt::format("{}: norm must be 1 or 2, but it is {}", op, o.norm));
  const auto norm = [&](const Variable& x, const Axes& axes) {
    if (o.norm == 1) return sum(absolute(x), axes);
    return squeeze(root_of_squares(x, axes), axes);
  };
  const Dtype dtype = embeddings.dtype();
  const std::int64_t n = embeddings.length(0), instances = max_embedding_dim;

  // Whether a pixel belongs to an instance: (instances, N, 1, H, W).
  const Array numbers = (Array::arange(instances) + 1).reshape({instances, 1, 1, 1, 1});
  const Array mask =
      array::equal(labels.astype(Dtype::int64).expand_dims(0).expand_dims(2), numbers)
          .astype(dtype);
  const auto at_least_one = [&](const Array& counts) {
    return array::where(array::greater(counts, Array::ones({}, dtype)), counts,
                        Array::ones({}, dtype));
  };
  const Variable pixels = expand_dims(embeddings, 0);  // (1, N, C, H, W)
  const Variable means = sum(pixels * mask, {3, 4}) /
                         as_variable(at_least_one(array::sum(mask, {3, 4})));  // (instances, N, C)

  const Variable deviations = (reshape(means, {instances, n, instances, 1, 1}) - pixels) * mask;
  const Variable beyond = square(relu(norm(deviations, 2) - delta_v));  // (instances, N, H, W)
  const Variable variance =
      sum(sum(beyond, {1, 2, 3}) / as_variable(at_least_one(array::sum(mask, {1, 2, 3, 4})))) /
      static_cast<double>(instances);

  std::vector<std::int64_t> left, right;
  for (std::int64_t k = 0; k < instances; ++k)
    for (std::int64_t l = k + 1; l < instances; ++l) left.push_back(k), right.push_back(l);
  const auto of = [&](const std::vector<std::int64_t>& at) {
    return get_item(means, Array::from<std::int64_t>(at));
  };
  const double pairs = static_cast<double>(left.size()) * static_cast<double>(n);
  const Variable distance =
      sum(square(relu(2 * delta_d - norm(of(left) - of(right), 2)))) / std::max(pairs, 1.0);

  const Variable regularization =
      sum(norm(means, {1, 2})) / (static_cast<double>(instances) * static_cast<double>(n));
  return {variance * o.alpha, distance * o.beta, regularization * o.gamma};
}

}  // namespace autograd::inline functions
