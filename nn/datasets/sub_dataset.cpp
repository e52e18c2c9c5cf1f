#include "nn/datasets/sub_dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "autograd/base/random.h"

namespace nn::datasets {

using autograd::Error;
using Order = SubDataset::Order;

namespace {

Order permutation(std::int64_t n, std::optional<std::uint32_t> seed) {
  return autograd::random::Generator(seed ? *seed : std::random_device{}()).permutation(n);
}

void require_parts(const char* op, std::int64_t n, std::int64_t examples) {
  if (n < 1)
    throw Error(fmt::format("{}: there must be at least one part, but {} are wanted", op, n));
  // Otherwise the number of empty parts would be unlimited.
  constexpr std::int64_t kMostEmpty = 1 << 16;
  if (n > std::max(examples, kMostEmpty))
    throw Error(
        fmt::format("{}: {} examples must not be split into more than {} parts, but {} are wanted",
                    op, examples, std::max(examples, kMostEmpty), n));
}

}  // namespace

SubDataset::SubDataset(AnyDataset base, std::int64_t start, std::int64_t finish,
                       const std::optional<Order>& order)
    : base_(std::move(base)), start_(start), finish_(finish) {
  const std::int64_t n = base_->size();
  if (start < 0 || finish < start || finish > n)
    throw Error(
        fmt::format("SubDataset: the subset must lie within the {} examples, but it is [{}, {})", n,
                    start, finish));
  if (!order) return;
  if (static_cast<std::int64_t>(order->size()) != n)
    throw Error(fmt::format(
        "SubDataset: the order must have an index for each of the {} examples, but it has {}", n,
        order->size()));
  for (std::int64_t i : *order)
    if (i < 0 || i >= n)
      throw Error(
          fmt::format("SubDataset: the order must hold indices below {}, but it holds {}", n, i));
  order_ = std::make_shared<const Order>(*order);
}

std::int64_t SubDataset::index(std::int64_t i) const {
  require_index("SubDataset", i);
  return order_ ? (*order_)[static_cast<std::size_t>(start_ + i)] : start_ + i;
}

Batch SubDataset::get_examples(std::span<const std::int64_t> indices) const {
  Order mapped;
  mapped.reserve(indices.size());
  for (std::int64_t i : indices) mapped.push_back(index(i));
  return base_->get_examples(mapped);
}

Split split_dataset(const AnyDataset& dataset, std::int64_t split_at,
                    const std::optional<Order>& order) {
  const std::int64_t n = dataset->size();
  if (split_at < 0 || split_at > n)
    throw Error(fmt::format(
        "split_dataset: the split must lie within the {} examples, but it is at {}", n, split_at));
  return {SubDataset(dataset, 0, split_at, order), SubDataset(dataset, split_at, n, order)};
}

Split split_dataset_random(const AnyDataset& dataset, std::int64_t first_size,
                           std::optional<std::uint32_t> seed) {
  return split_dataset(dataset, first_size, permutation(dataset->size(), seed));
}

std::vector<SubDataset> split_dataset_n(const AnyDataset& dataset, std::int64_t n,
                                        const std::optional<Order>& order) {
  require_parts("split_dataset_n", n, dataset->size());
  const std::int64_t size = dataset->size() / n;
  std::vector<SubDataset> parts;
  for (std::int64_t i = 0; i < n; ++i) parts.emplace_back(dataset, size * i, size * (i + 1), order);
  return parts;
}

std::vector<SubDataset> split_dataset_n_random(const AnyDataset& dataset, std::int64_t n,
                                               std::optional<std::uint32_t> seed) {
  return split_dataset_n(dataset, n, permutation(dataset->size(), seed));
}

std::vector<Split> get_cross_validation_datasets(const AnyDataset& dataset, std::int64_t n_folds,
                                                 const std::optional<Order>& given) {
  const std::int64_t n = dataset->size();
  require_parts("get_cross_validation_datasets", n_folds, n);
  Order order = given.value_or(Order{});
  if (!given) {
    order.resize(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
  }
  // The last part of the order is the test set. For the next fold, it is moved to the front, so
  // that the previous part becomes the last one.
  std::vector<Split> splits;
  const auto share = [&](std::int64_t fold) {  // n fold / n_folds, whose product may exceed 64 bits
    return n / n_folds * fold + n % n_folds * fold / n_folds;
  };
  for (std::int64_t fold = n_folds; fold > 0; --fold) {
    const std::int64_t test_size = share(fold) - share(fold - 1);
    splits.push_back(split_dataset(dataset, n - test_size, order));
    std::rotate(order.begin(), order.end() - test_size, order.end());
  }
  return splits;
}

std::vector<Split> get_cross_validation_datasets_random(const AnyDataset& dataset,
                                                        std::int64_t n_folds,
                                                        std::optional<std::uint32_t> seed) {
  return get_cross_validation_datasets(dataset, n_folds, permutation(dataset->size(), seed));
}

}  // namespace nn::datasets
