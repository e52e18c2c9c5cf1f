#include "nn/datasets/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace nn::datasets {

using autograd::Error;
using autograd::Shape;

namespace {

// Stacks item `what` of all examples along a new first axis.
template <class Item>
Array stack(const std::vector<Example>& examples, const std::string& what, const Item& item_of,
            std::optional<double> padding) {
  const Array& first = item_of(examples[0]);
  Shape largest = first.shape();
  for (const Example& example : examples) {
    const Array& a = item_of(example);
    if (a.dtype() != first.dtype() || a.ndim() != first.ndim() ||
        (!padding && a.shape() != first.shape()))
      throw Error(fmt::format(
          "concat_examples: all examples must have one dtype and one {}, but {} is {} in "
          "one and {} in another",
          padding ? "number of axes" : "shape", what, describe(first), describe(a)));
    for (int axis = 0; axis < a.ndim(); ++axis)
      largest[axis] = std::max(largest[axis], a.length(axis));
  }
  Shape shape = largest;
  shape.insert(0, static_cast<std::int64_t>(examples.size()));
  Array batch =
      padding ? Array::full(shape, *padding, first.dtype()) : Array::empty(shape, first.dtype());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Array& a = item_of(examples[i]);
    Array place = batch.select(0, static_cast<std::int64_t>(i));
    for (int axis = 0; axis < a.ndim(); ++axis) place = place.slice(axis, 0, a.length(axis));
    place.assign(a);
  }
  return batch;
}

// An item of an example, which must be an array.
const Array& array_of(const Example& item, const std::string& what) {
  if (!item.is_array())
    throw Error(fmt::format(
        "concat_examples: {} must be an array, or there must be another converter, but it is {}",
        what, item.describe()));
  return item.array();
}

}  // namespace

Padding::Value Padding::of(std::size_t item, std::size_t items) const {
  if (by_place_.empty()) return all_;
  if (by_place_.size() != items)
    throw Error(fmt::format(
        "concat_examples: there must be one padding for each of the {} items, but there are {}",
        items, by_place_.size()));
  return by_place_[item];
}

Padding::Value Padding::of(std::string_view name) const {
  return by_name_.empty() ? all_ : by_name_.at(name);
}

Arguments convert(const Batch& batch, const Converter& converter) {
  return converter ? converter(batch) : concat_examples(batch);
}

Arguments concat_examples(const Batch& batch, const Padding& padding) {
  if (batch.empty())
    throw Error("concat_examples: a batch must have at least one example, but it has none");
  if (batch.rows() != nullptr) return Arguments(*batch.rows());
  const std::vector<Example>& examples = batch.examples();
  const Example& first = examples[0];
  if (first.is_array())
    return Arguments(Arrays{stack(
        examples, "the array",
        [](const Example& e) -> const Array& { return array_of(e, "an example"); },
        padding.of(0, 1))});
  if (first.is_dict()) {
    Named named;
    for (const auto& item : first.as<Dict<Example>>()) {
      const std::string& name = item.first;
      const std::string what = fmt::format("the value of {}", name);
      named[name] = stack(
          examples, what, [&](const Example& e) -> const Array& { return array_of(e[name], what); },
          padding.of(name));
    }
    return named;
  }
  if (!first.is_tuple()) array_of(first, "an example");
  for (const Example& example : examples)
    if (!example.is_tuple() || example.size() != first.size())
      throw Error(
          fmt::format("concat_examples: all examples must have the same number of items, but one "
                      "is {} and another {}",
                      first.describe(), example.describe()));
  Arrays arrays;
  for (std::size_t item = 0; item < first.size(); ++item) {
    const std::string what = fmt::format("item {}", item);
    arrays.push_back(stack(
        examples, what, [&](const Example& e) -> const Array& { return array_of(e[item], what); },
        padding.of(item, first.size())));
  }
  return Arguments(arrays);
}

Array to_device(int device, const Array& x) {
  if (device >= 0)
    throw Error(fmt::format(
        "to_device: the device must be a processor, with a negative id, but it is {}", device));
  return x;
}

}  // namespace nn::datasets
