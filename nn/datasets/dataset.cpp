#include "nn/datasets/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nn::datasets {

using autograd::Error;
using autograd::Shape;

namespace {

Array stack(std::span<const Arrays> examples, std::size_t item, std::optional<double> padding) {
  const Array& first = examples[0][item];
  Shape largest = first.shape();
  for (const Arrays& example : examples) {
    const Array& a = example[item];
    if (a.dtype() != first.dtype() || a.ndim() != first.ndim() ||
        (!padding && a.shape() != first.shape()))
      throw Error(
          fmt::format("concat_examples: all examples must have one dtype and one {}, but array {} "
                      "is {} in one and {} in another",
                      padding ? "number of axes" : "shape", item, describe(first), describe(a)));
    for (int axis = 0; axis < a.ndim(); ++axis)
      largest[axis] = std::max(largest[axis], a.length(axis));
  }
  Shape shape = largest;
  shape.insert(0, static_cast<std::int64_t>(examples.size()));
  Array batch =
      padding ? Array::full(shape, *padding, first.dtype()) : Array::empty(shape, first.dtype());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Array& a = examples[i][item];
    Array place = batch.select(0, static_cast<std::int64_t>(i));
    for (int axis = 0; axis < a.ndim(); ++axis) place = place.slice(axis, 0, a.length(axis));
    place.assign(a);
  }
  return batch;
}

}  // namespace

Arrays Dataset::gather(std::span<const std::int64_t> indices) const {
  std::vector<Arrays> examples;
  for (std::int64_t i : indices) examples.push_back(get_example(i));
  return concat_examples(examples);
}

void Dataset::require_index(std::string_view dataset, std::int64_t i) const {
  const std::int64_t n = size();
  if (i < 0 || i >= n)
    throw Error(fmt::format("{}: the index must lie in [0, {}), but it is {}", dataset, n, i));
}

Arrays Dataset::operator[](std::int64_t i) const {
  const std::int64_t n = size();
  if (i < -n || i >= n)
    throw Error(
        fmt::format("dataset: the index must lie within the {} examples, but it is {}", n, i));
  return get_example(i < 0 ? i + n : i);
}

Arrays concat_examples(std::span<const Arrays> examples, std::optional<double> padding) {
  if (examples.empty())
    throw Error("concat_examples: a batch must have an example, but it has none");
  const std::size_t items = examples[0].size();
  for (const Arrays& example : examples)
    if (example.size() != items)
      throw Error(fmt::format(
          "concat_examples: all examples must have as many arrays, but one has {} and another {}",
          items, example.size()));
  Arrays batch;
  for (std::size_t item = 0; item < items; ++item) batch.push_back(stack(examples, item, padding));
  return batch;
}

}  // namespace nn::datasets
