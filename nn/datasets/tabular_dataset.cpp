#include "nn/datasets/tabular_dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "nn/datasets/concatenated_dataset.h"

namespace nn::datasets {

using autograd::Error;

namespace {

// The numbers 0, 1, ..., from which Dataset::operator[] picks rows.
class RowNumbers : public Dataset {
 public:
  explicit RowNumbers(std::int64_t n) : n_(n) {}
  std::int64_t size() const override { return n_; }
  Example get_example(std::int64_t i) const override { return i; }

 private:
  std::int64_t n_;
};

template <class Rows>
std::vector<std::int64_t> picked(std::int64_t n, const Rows& rows) {
  const Batch batch = RowNumbers(n)[rows];
  std::vector<std::int64_t> indices;
  for (std::size_t i = 0; i < batch.size(); ++i)
    indices.push_back(batch[i].array().to_vector<std::int64_t>()[0]);
  return indices;
}

// Some rows of a column.
class PickedRows : public Dataset {
 public:
  PickedRows(AnyDataset base, std::shared_ptr<const std::vector<std::int64_t>> indices)
      : base_(std::move(base)), indices_(std::move(indices)) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(indices_->size()); }
  Example get_example(std::int64_t i) const override {
    return base_->get_example((*indices_)[static_cast<std::size_t>(i)]);
  }
  Batch get_examples(std::span<const std::int64_t> indices) const override {
    std::vector<std::int64_t> of_base;
    for (const std::int64_t i : indices) {
      require_index("TabularDataset", i);
      of_base.push_back((*indices_)[static_cast<std::size_t>(i)]);
    }
    return base_->get_examples(of_base);
  }

 private:
  AnyDataset base_;
  std::shared_ptr<const std::vector<std::int64_t>> indices_;
};

}  // namespace

TabularDataset TabularDataset::from_data(Named columns, Mode mode) {
  if (columns.empty()) throw Error("TabularDataset: there must be a column, but there is none");
  if (mode == Mode::item && columns.size() > 1)
    throw Error(fmt::format(
        "TabularDataset: examples that are items must be of one column, but there are {}",
        columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& [key, column] = columns[i];
    if (column->size() != columns[0].second->size())
      throw Error(fmt::format(
          "TabularDataset: all columns must have one length, but {} has {} and {} has {}",
          columns[0].first, columns[0].second->size(), key, column->size()));
    for (std::size_t k = 0; k < i; ++k)
      if (columns[k].first == key)
        throw Error(fmt::format(
            "TabularDataset: each column must have a key of its own, but two are {}", key));
  }
  return {std::move(columns), mode};
}

std::vector<std::string> TabularDataset::keys() const {
  std::vector<std::string> all;
  for (const auto& [key, column] : columns_) all.push_back(key);
  return all;
}

Example TabularDataset::get_example(std::int64_t i) const {
  require_index("TabularDataset", i);
  if (mode_ == Mode::item) return columns_[0].second->get_example(i);
  if (mode_ == Mode::dict) {
    Dict<Example> row;
    for (const auto& [key, column] : columns_) row[key] = column->get_example(i);
    return row;
  }
  Example::Tuple row;
  for (const auto& [key, column] : columns_) row.push_back(column->get_example(i));
  return row;
}

// Rows of arrays are copied once.
Batch TabularDataset::get_examples(std::span<const std::int64_t> indices) const {
  if (mode_ == Mode::item) return columns_[0].second->get_examples(indices);
  if (mode_ == Mode::dict) return Dataset::get_examples(indices);
  Arrays rows;
  for (const auto& [key, column] : columns_) {
    const Batch of_column = column->get_examples(indices);
    if (of_column.rows() == nullptr || of_column.rows()->size() != 1)
      return Dataset::get_examples(indices);
    rows.push_back((*of_column.rows())[0]);
  }
  return Batch::of_rows(rows);
}

const AnyDataset& TabularDataset::at(const std::string& key) const {
  for (const auto& [name, column] : columns_)
    if (name == key) return column;
  throw Error(fmt::format("TabularDataset: the key must be one of {}, but it is {}",
                          fmt::join(keys(), ", "), key));
}

TabularDataset TabularDataset::rows(std::vector<std::int64_t> indices, const Keys& keys) const {
  const auto shared = std::make_shared<const std::vector<std::int64_t>>(std::move(indices));
  Named columns;
  for (const std::string& key : keys.value_or(this->keys()))
    columns.emplace_back(key, PickedRows(at(key), shared));
  return from_data(std::move(columns), mode_);
}

TabularDataset TabularDataset::slice(const autograd::Slice& rows, const Keys& keys) const {
  return this->rows(picked(size(), rows), keys);
}
TabularDataset TabularDataset::slice(const std::vector<std::int64_t>& rows,
                                     const Keys& keys) const {
  return this->rows(picked(size(), rows), keys);
}
TabularDataset TabularDataset::slice(const std::vector<bool>& rows, const Keys& keys) const {
  return this->rows(picked(size(), rows), keys);
}

TabularDataset TabularDataset::column(const std::string& key) const {
  return {{{key, at(key)}}, Mode::item};
}

TabularDataset TabularDataset::concat(const TabularDataset& other) const {
  if (keys() != other.keys() || mode_ != other.mode_)
    throw Error(fmt::format(
        "TabularDataset: tables to be concatenated must have the same keys and mode, but the keys "
        "are {} and {}",
        fmt::join(keys(), ", "), fmt::join(other.keys(), ", ")));
  Named columns;
  for (const auto& [key, column] : columns_)
    columns.emplace_back(key, ConcatenatedDataset(std::vector<AnyDataset>{column, other.at(key)}));
  return {std::move(columns), mode_};
}

TabularDataset TabularDataset::join(const TabularDataset& other) const {
  Named columns = columns_;
  columns.insert(columns.end(), other.columns_.begin(), other.columns_.end());
  return from_data(std::move(columns), mode_ == Mode::item ? Mode::tuple : mode_);
}

Arguments TabularDataset::fetch() const { return concat_examples((*this)[autograd::Slice()]); }

}  // namespace nn::datasets
