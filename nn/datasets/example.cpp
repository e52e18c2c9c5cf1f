#include "nn/datasets/example.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nn::datasets {

using autograd::Error;

Example::Example(Array array) {
  if (array) value_ = std::move(array);
}

Example::Example(const Arrays& tuple) : value_(Tuple(tuple.begin(), tuple.end())) {}

std::string Example::describe() const {
  if (is_none()) return "None";
  if (is_array()) return autograd::describe(std::get<Array>(value_));
  if (is_text()) return "a text";
  if (is_tuple()) return fmt::format("a tuple of {}", std::get<Tuple>(value_).size());
  if (!is_dict()) return "an object of a user-defined class";
  std::vector<std::string> names;
  for (const auto& [name, value] : std::get<Dict<Example>>(value_)) names.push_back(name);
  return fmt::format("a dictionary of {}", fmt::join(names, ", "));
}

void Example::fail(std::string_view wanted) const {
  throw Error(fmt::format("example: it must be {}, but it is {}", wanted, describe()));
}

const Array& Example::array() const& {
  if (is_array()) return std::get<Array>(value_);
  if (is_tuple() && size() == 1) return (*this)[0].array();
  fail("an array");
}

Arrays Example::arrays() const {
  if (is_array()) return {array()};
  if (!is_tuple()) fail("a tuple of arrays");
  Arrays all;
  for (const Example& item : std::get<Tuple>(value_)) all.push_back(item.array());
  return all;
}

std::size_t Example::size() const {
  if (is_array()) return 1;
  return as<Tuple>().size();
}

const Example& Example::operator[](std::size_t item) const& {
  if (item >= size())
    throw Error(fmt::format("example: an index must be less than {}, but it is {}", size(), item));
  return is_array() ? *this : std::get<Tuple>(value_)[item];
}

const Example& Example::operator[](std::string_view name) const& {
  return as<Dict<Example>>().at(name);
}

Batch Batch::of_rows(Arrays rows) {
  if (rows.empty()) throw Error("Batch: at least one array must be given, but there is none");
  for (const Array& a : rows)
    if (!a || a.ndim() == 0 || a.length(0) != rows[0].length(0))
      throw Error(
          fmt::format("Batch: the arrays must have equal lengths along axis 0, but one is {}",
                      a ? describe(a) : "None"));
  Batch batch;
  batch.rows_ = std::move(rows);
  return batch;
}

std::size_t Batch::size() const {
  return rows_.empty() ? examples_.size() : static_cast<std::size_t>(rows_[0].length(0));
}

Example Batch::operator[](std::size_t i) const {
  if (i >= size())
    throw Error(fmt::format("Batch: an index must be less than {}, but it is {}", size(), i));
  if (rows_.empty()) return examples_[i];
  Arrays example;
  for (const Array& a : rows_) example.push_back(a.select(0, static_cast<std::int64_t>(i)));
  return example;
}

}  // namespace nn::datasets
