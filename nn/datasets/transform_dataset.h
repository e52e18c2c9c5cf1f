#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <utility>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// Applies a function to each example of another dataset, whenever the example is accessed. The
// function takes an Example, or the content of the examples: an Array, Arrays, a text.
//   TransformDataset ids(texts, [&](const std::string& text) { return vocabulary.ids(text); });
class TransformDataset : public Dataset {
 public:
  using Transform = std::function<Example(const Example& example)>;
  template <class F>
  TransformDataset(AnyDataset dataset, F transform)
      : dataset_(std::move(dataset)), transform_(of_example(std::move(transform))) {}

  std::int64_t size() const override { return dataset_->size(); }
  Example get_example(std::int64_t i) const override {
    return transform_(dataset_->get_example(i));
  }

 private:
  template <class F>
  static Transform of_example(F f) {
    if constexpr (std::invocable<F&, const Example&>) {
      return f;
    } else if constexpr (std::invocable<F&, const Array&>) {
      return [f](const Example& example) mutable -> Example { return f(example.array()); };
    } else if constexpr (std::invocable<F&, Arrays>) {
      return [f](const Example& example) mutable -> Example { return f(example.as<Arrays>()); };
    } else {
      static_assert(std::invocable<F&, const std::string&>,
                    "a transform takes an Example, an Array, Arrays or a text");
      return
          [f](const Example& example) mutable -> Example { return f(example.as<std::string>()); };
    }
  }

  AnyDataset dataset_;
  Transform transform_;
};

}  // namespace nn::datasets
