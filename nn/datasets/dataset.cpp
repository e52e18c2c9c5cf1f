#include "nn/datasets/dataset.h"

#include <fmt/format.h>

#include <algorithm>

#include "nn/datasets/tuple_dataset.h"

namespace nn::datasets {

using autograd::Error;

Batch Dataset::get_examples(std::span<const std::int64_t> indices) const {
  std::vector<Example> examples;
  examples.reserve(indices.size());
  for (const std::int64_t i : indices) examples.push_back(get_example(i));
  return examples;
}

void Dataset::require_index(std::string_view dataset, std::int64_t i) const {
  const std::int64_t n = size();
  if (i < 0 || i >= n)
    throw Error(fmt::format("{}: the index must lie in [0, {}), but it is {}", dataset, n, i));
}

Example Dataset::operator[](std::int64_t i) const {
  const std::int64_t n = size();
  if (i < -n || i >= n)
    throw Error(
        fmt::format("dataset: the index must lie within the {} examples, but it is {}", n, i));
  return get_example(i < 0 ? i + n : i);
}

Batch Dataset::operator[](const autograd::Slice& slice) const {
  const std::int64_t n = size(), step = slice.step;
  if (step == 0) throw Error("dataset: the step of a slice must not be 0, but it is");
  // Ends beyond the examples are cut, as Python's slice.indices() does.
  const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
  const auto end = [&](const std::optional<std::int64_t>& given, std::int64_t otherwise) {
    if (!given) return otherwise;
    return std::clamp(*given < 0 ? *given + n : *given, low, high);
  };
  const std::int64_t start = end(slice.start, step > 0 ? low : high),
                     stop = end(slice.stop, step > 0 ? high : low);
  std::vector<std::int64_t> indices;
  for (std::int64_t i = start; step > 0 ? i < stop : i > stop; i += step) {
    indices.push_back(i);
    if (step > 0 ? step >= n : step <= -n) break;  // the next one may be beyond 64 bits
  }
  return get_examples(indices);
}

Batch Dataset::operator[](const std::vector<std::int64_t>& indices) const {
  const std::int64_t n = size();
  std::vector<std::int64_t> counted;
  for (const std::int64_t i : indices) {
    if (i < -n || i >= n)
      throw Error(
          fmt::format("dataset: the index must lie within the {} examples, but it is {}", n, i));
    counted.push_back(i < 0 ? i + n : i);
  }
  return get_examples(counted);
}

Batch Dataset::operator[](const std::vector<bool>& mask) const {
  if (static_cast<std::int64_t>(mask.size()) != size())
    throw Error(
        fmt::format("dataset: a mask must have a bool for each of the {} examples, but it has {}",
                    size(), mask.size()));
  std::vector<std::int64_t> indices;
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask[i]) indices.push_back(static_cast<std::int64_t>(i));
  return get_examples(indices);
}

Batch Dataset::operator[](const Array& indices_or_mask) const {
  const Array& a = indices_or_mask;
  if (!a || a.ndim() != 1 || is_float(a.dtype()))
    throw Error(fmt::format(
        "dataset: indices must be a vector of integers, and a mask one of bools, but there is {}",
        a ? describe(a) : "None"));
  const std::vector<std::int64_t> values = a.to_vector<std::int64_t>();
  if (a.dtype() != autograd::Dtype::bool_) return (*this)[values];
  return (*this)[std::vector<bool>(values.begin(), values.end())];
}

namespace {

// The rows of an array.
class Rows : public Dataset {
 public:
  explicit Rows(const Array& array) : tuples_(array) {}
  std::int64_t size() const override { return tuples_.size(); }
  Example get_example(std::int64_t i) const override { return tuples_.get_example(i)[0]; }
  Batch get_examples(std::span<const std::int64_t> indices) const override {
    return tuples_.get_examples(indices);
  }

 private:
  TupleDataset tuples_;
};

}  // namespace

AnyDataset::AnyDataset(const Array& rows) : dataset_(std::make_shared<const Rows>(rows)) {}

}  // namespace nn::datasets
