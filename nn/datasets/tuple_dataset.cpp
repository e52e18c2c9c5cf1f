#include "nn/datasets/tuple_dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "autograd/machine/parallel.h"

namespace nn::datasets {

using autograd::Error;
using autograd::Shape;

namespace {

// The rows of a contiguous array at these indices.
Array take(const Array& array, std::span<const std::int64_t> indices) {
  Shape shape = array.shape();
  shape[0] = static_cast<std::int64_t>(indices.size());
  Array rows = Array::empty(shape, array.dtype());
  if (rows.size() == 0) return rows;
  const auto bytes =
      static_cast<std::size_t>(array.size() / array.length(0)) * item_size(array.dtype());
  const char* from = static_cast<const char*>(array.raw());
  char* to = static_cast<char*>(rows.mutable_raw());
  // The rows of a shuffled batch are at random places in memory. Several threads can wait for them
  // at the same time.
  constexpr std::int64_t kBytes = 16384;
  autograd::parallel::for_chunks(
      shape[0], kBytes / static_cast<std::int64_t>(bytes + 1) + 1,
      [&](std::int64_t begin, std::int64_t end) {
        for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k)
          std::memcpy(to + k * bytes, from + static_cast<std::size_t>(indices[k]) * bytes, bytes);
      });
  return rows;
}

}  // namespace

TupleDataset::TupleDataset(Arrays arrays) : arrays_(std::move(arrays)) {
  const bool fits = !arrays_.empty() && std::ranges::all_of(arrays_, [&](const Array& a) {
    return a && a.ndim() > 0 && a.length(0) == arrays_[0].length(0);
  });
  if (!fits) {
    std::vector<std::string> facts;
    for (const Array& a : arrays_) facts.push_back(a ? describe(a) : "None");
    throw Error(fmt::format(
        "TupleDataset: the arrays must have equal lengths along axis 0, but they are [{}]",
        fmt::join(facts, ", ")));
  }
  for (Array& a : arrays_) a = a.contiguous();
}

TupleDataset::TupleDataset(std::vector<AnyDataset> datasets) : datasets_(std::move(datasets)) {
  const bool fits = !datasets_.empty() && std::ranges::all_of(datasets_, [&](const AnyDataset& d) {
    return d->size() == datasets_[0]->size();
  });
  if (fits) return;
  std::vector<std::int64_t> lengths;
  for (const AnyDataset& d : datasets_) lengths.push_back(d->size());
  throw Error(
      fmt::format("TupleDataset: the datasets must have equal sizes, but they have [{}] examples",
                  fmt::join(lengths, ", ")));
}

Example TupleDataset::get_example(std::int64_t i) const {
  Example::Tuple example;
  for (const Array& a : arrays_) example.emplace_back(a.select(0, i));
  for (const AnyDataset& d : datasets_) example.push_back(d->get_example(i));
  return example;
}

Batch TupleDataset::get_examples(std::span<const std::int64_t> indices) const {
  for (std::int64_t i : indices) require_index("TupleDataset", i);
  if (arrays_.empty()) return Dataset::get_examples(indices);
  Arrays rows;
  for (const Array& a : arrays_) rows.push_back(take(a, indices));
  return Batch::of_rows(std::move(rows));
}

}  // namespace nn::datasets
