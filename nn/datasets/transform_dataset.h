#pragma once

#include <functional>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// The examples of another dataset as a function makes them, each time one is asked for.
class TransformDataset : public Dataset {
 public:
  using Transform = std::function<Arrays(Arrays example)>;
  TransformDataset(AnyDataset dataset, Transform transform)
      : dataset_(std::move(dataset)), transform_(std::move(transform)) {}

  std::int64_t size() const override { return dataset_->size(); }
  Arrays get_example(std::int64_t i) const override { return transform_(dataset_->get_example(i)); }

 private:
  AnyDataset dataset_;
  Transform transform_;
};

}  // namespace nn::datasets
