#pragma once

#include <string>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// Combines datasets of one length: example i is the tuple of their examples at i. The examples of
// an array are its rows; if all datasets are arrays, making a batch copies each row once.
//   TupleDataset train(images, labels);   // float32(60000, 784) and int32(60000)
//   TupleDataset texts_and_labels(std::vector<std::string>{...}, labels);
class TupleDataset : public Dataset {
 public:
  explicit TupleDataset(Arrays arrays);
  template <std::same_as<Array>... A>
  explicit TupleDataset(const Array& first, const A&... rest)
      : TupleDataset(Arrays{first, rest...}) {}
  // Datasets of any kind.
  explicit TupleDataset(std::vector<AnyDataset> datasets);
  template <class First, class... A>
  requires std::convertible_to<First, AnyDataset> &&(std::convertible_to<A, AnyDataset>&&...) &&
      (!std::derived_from<First, Dataset> || sizeof...(A) > 0) &&
      (!(std::same_as<First, Array> &&
         (std::same_as<A, Array> && ...))) explicit TupleDataset(const First& first,
                                                                 const A&... rest)
      : TupleDataset(std::vector<AnyDataset>{AnyDataset(first), AnyDataset(rest)...}) {}

  std::int64_t size() const override {
    return arrays_.empty() ? datasets_[0]->size() : arrays_[0].length(0);
  }
  Example get_example(std::int64_t i) const override;
  Batch get_examples(std::span<const std::int64_t> indices) const override;

  // Empty if one of the datasets is not an array.
  const Arrays& arrays() const& { return arrays_; }
  Arrays arrays() const&& { return arrays_; }

 private:
  Arrays arrays_;
  std::vector<AnyDataset> datasets_;  // instead of arrays_
};

}  // namespace nn::datasets
