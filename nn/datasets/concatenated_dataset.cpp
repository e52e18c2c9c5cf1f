#include "nn/datasets/concatenated_dataset.h"

#include <fmt/format.h>

namespace nn::datasets {

std::int64_t ConcatenatedDataset::size() const {
  std::int64_t n = 0;
  for (const AnyDataset& dataset : datasets_) n += dataset->size();
  return n;
}

Arrays ConcatenatedDataset::get_example(std::int64_t i) const {
  if (i < 0 || i >= size())
    throw autograd::Error(
        fmt::format("ConcatenatedDataset: the index must lie in [0, {}), but it is {}", size(), i));
  auto dataset = datasets_.begin();
  for (; i >= (*dataset)->size(); ++dataset) i -= (*dataset)->size();
  return (*dataset)->get_example(i);
}

}  // namespace nn::datasets
