#include "nn/datasets/dataset.h"

#include <fmt/format.h>

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
