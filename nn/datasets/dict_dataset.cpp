#include "nn/datasets/dict_dataset.h"

#include <fmt/format.h>

namespace nn::datasets {

using autograd::Error;

DictDataset::DictDataset(Named datasets) : datasets_(std::move(datasets)) {
  if (datasets_.empty()) throw Error("DictDataset: there must be a dataset, but there is none");
  for (std::size_t k = 0; k < datasets_.size(); ++k) {
    const auto& [name, dataset] = datasets_[k];
    if (dataset->size() != size())
      throw Error(fmt::format(
          "DictDataset: the datasets must have equal sizes, but {} has {} examples and {} {}",
          datasets_[0].first, size(), name, dataset->size()));
    for (std::size_t before = 0; before < k; ++before)
      if (datasets_[before].first == name)
        throw Error(
            fmt::format("DictDataset: each name must be used once, but {} is used twice", name));
  }
}

Example DictDataset::get_example(std::int64_t i) const {
  Dict<Example> example;
  for (const auto& [name, dataset] : datasets_) example[name] = dataset->get_example(i);
  return example;
}

}  // namespace nn::datasets
