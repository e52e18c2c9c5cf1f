#pragma once

#include <vector>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// The examples of several datasets, one dataset after another.
class ConcatenatedDataset : public Dataset {
 public:
  explicit ConcatenatedDataset(std::vector<AnyDataset> datasets) : datasets_(std::move(datasets)) {}
  std::int64_t size() const override;
  Example get_example(std::int64_t i) const override;

 private:
  std::vector<AnyDataset> datasets_;
};

}  // namespace nn::datasets
