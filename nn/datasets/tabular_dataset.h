#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/arguments.h"
#include "nn/datasets/dataset.h"

namespace nn::datasets {

// A table: columns with names and equally many rows. An example is a row, as a tuple or as a
// dictionary, or, of a table with one column, the item itself. Slices, joins and concatenations are
// tables over the same columns; nothing is copied until examples are read.
// chainer.dataset.TabularDataset.
//
//   const auto table = TabularDataset::from_data({{"x", images}, {"t", labels}});
//   table.slice(Slice(0, 100));                       // rows
//   table.slice(Slice(), {"t"});                      // columns; of one: .column("t")
//   table.join(TabularDataset::from_data({{"z", codes}})).asdict()[3]["z"];
class TabularDataset : public Dataset {
 public:
  enum class Mode { tuple, dict, item };
  using Named = std::vector<std::pair<std::string, AnyDataset>>;

  // Throws unless there is a column, and all have one length and names of their own. Mode::item is
  // for one column.
  static TabularDataset from_data(Named columns, Mode mode = Mode::tuple);

  std::vector<std::string> keys() const;
  Mode mode() const { return mode_; }

  std::int64_t size() const override { return columns_[0].second->size(); }
  Example get_example(std::int64_t i) const override;
  Batch get_examples(std::span<const std::int64_t> indices) const override;

  // These rows of these columns; of all columns, unless keys are given. As Dataset::operator[], and
  // with the same errors; throws for a key that is not there.
  using Keys = std::optional<std::vector<std::string>>;
  TabularDataset slice(const autograd::Slice& rows, const Keys& keys = {}) const;
  TabularDataset slice(const std::vector<std::int64_t>& rows, const Keys& keys = {}) const;
  TabularDataset slice(const std::vector<bool>& rows, const Keys& keys = {}) const;
  // One column, whose examples are its items: Chainer's dataset.slice[:, key].
  TabularDataset column(const std::string& key) const;

  // The rows of this table and then those of the other, which must have the same keys and mode.
  TabularDataset concat(const TabularDataset& other) const;
  // The columns of this table and then those of the other, which must have as many rows and other
  // keys.
  TabularDataset join(const TabularDataset& other) const;
  TabularDataset astuple() const { return {columns_, Mode::tuple}; }
  TabularDataset asdict() const { return {columns_, Mode::dict}; }

  // All rows, converted as a batch: an array for each column, by position or by name.
  Arguments fetch() const;

 private:
  TabularDataset(Named columns, Mode mode) : columns_(std::move(columns)), mode_(mode) {}
  TabularDataset rows(std::vector<std::int64_t> indices, const Keys& keys) const;
  const AnyDataset& at(const std::string& key) const;

  Named columns_;
  Mode mode_;
};

}  // namespace nn::datasets
