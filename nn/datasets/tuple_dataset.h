#pragma once

#include <string>

#include "nn/datasets/dataset.h"

namespace nn::datasets {

// Arrays of one length: example i is what they hold at i along their first axis. A batch is
// gathered row by row.
//   TupleDataset train(images, labels);   // float32(60000, 784) and int32(60000)
class TupleDataset : public Dataset {
 public:
  explicit TupleDataset(Arrays arrays);
  template <std::same_as<Array>... A>
  explicit TupleDataset(const Array& first, const A&... rest)
      : TupleDataset(Arrays{first, rest...}) {}

  std::int64_t size() const override { return arrays_[0].length(0); }
  Arrays get_example(std::int64_t i) const override;
  Arrays gather(std::span<const std::int64_t> indices) const override;

  const Arrays& arrays() const& { return arrays_; }
  Arrays arrays() const&& { return arrays_; }

 private:
  Arrays arrays_;
};

}  // namespace nn::datasets
