#include "nn/datasets/concatenated_dataset.h"

namespace nn::datasets {

std::int64_t ConcatenatedDataset::size() const {
  std::int64_t n = 0;
  for (const AnyDataset& dataset : datasets_) n += dataset->size();
  return n;
}

Example ConcatenatedDataset::get_example(std::int64_t i) const {
  require_index("ConcatenatedDataset", i);
  auto dataset = datasets_.begin();
  for (; i >= (*dataset)->size(); ++dataset) i -= (*dataset)->size();
  return (*dataset)->get_example(i);
}

}  // namespace nn::datasets
