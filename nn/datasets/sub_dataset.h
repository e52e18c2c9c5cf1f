#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// The examples start, ..., finish - 1 of another dataset. With `order`, a list of one index for
// each example of the other dataset, the examples order[start], ..., order[finish - 1].
class SubDataset : public Dataset {
 public:
  using Order = std::vector<std::int64_t>;
  SubDataset(AnyDataset base, std::int64_t start, std::int64_t finish,
             const std::optional<Order>& order = {});

  std::int64_t size() const override { return finish_ - start_; }
  Example get_example(std::int64_t i) const override { return base_->get_example(index(i)); }
  Batch get_examples(std::span<const std::int64_t> indices) const override;

 private:
  std::int64_t index(std::int64_t i) const;

  AnyDataset base_;
  std::int64_t start_, finish_;
  std::shared_ptr<const Order> order_;  // null: as they come
};

using Split = std::pair<SubDataset, SubDataset>;

// The first `split_at` examples, and the rest.
Split split_dataset(const AnyDataset& dataset, std::int64_t split_at,
                    const std::optional<SubDataset::Order>& order = {});

// `first_size` examples drawn without replacement, and the rest. A seed determines the split, as in
// Chainer; without a seed it differs from run to run. Does not draw from random::generator().
Split split_dataset_random(const AnyDataset& dataset, std::int64_t first_size,
                           std::optional<std::uint32_t> seed = {});

// n subsets of size() / n examples each (rounded down).
std::vector<SubDataset> split_dataset_n(const AnyDataset& dataset, std::int64_t n,
                                        const std::optional<SubDataset::Order>& order = {});
std::vector<SubDataset> split_dataset_n_random(const AnyDataset& dataset, std::int64_t n,
                                               std::optional<std::uint32_t> seed = {});

// n_folds splits into a training and a test part; each example is in exactly one test part.
std::vector<Split> get_cross_validation_datasets(
    const AnyDataset& dataset, std::int64_t n_folds,
    const std::optional<SubDataset::Order>& order = {});
std::vector<Split> get_cross_validation_datasets_random(const AnyDataset& dataset,
                                                        std::int64_t n_folds,
                                                        std::optional<std::uint32_t> seed = {});

}  // namespace nn::datasets
