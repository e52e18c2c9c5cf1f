#include "nn/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nn {

using autograd::Error;

Arguments::Arguments(const Dict<Item>& named) {
  for (const auto& [name, item] : named) {
    names_.push_back(name);
    items_.push_back(item);
  }
}

bool Arguments::are_arrays() const {
  return std::ranges::all_of(items_,
                             [](const Item& item) { return std::holds_alternative<Array>(item); });
}

Arguments::Value Arguments::operator[](std::size_t i) const {
  if (i >= items_.size())
    throw Error(
        fmt::format("arguments: an index must be less than {}, but it is {}", items_.size(), i));
  return {items_[i], names_.empty() ? std::to_string(i) : names_[i]};
}

Arguments::Value Arguments::operator[](std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end())
    throw Error(fmt::format("arguments: a name must be one of {}, but it is {}",
                            names_.empty() ? "those given, of which there is none"
                                           : fmt::format("{}", fmt::join(names_, ", ")),
                            name));
  return (*this)[static_cast<std::size_t>(found - names_.begin())];
}

Arrays Arguments::arrays() const {
  if (!names_.empty())
    throw Error(
        fmt::format("arguments: a function without names must be given arrays in order, but they "
                    "have the names "
                    "{}: wrap it in nn::keywords",
                    fmt::join(names_, ", ")));
  Arrays all;
  for (std::size_t i = 0; i < size(); ++i) all.push_back((*this)[i].array());
  return all;
}

Arguments Arguments::in_order(std::span<const std::string> names) const {
  Arguments ordered;
  for (const std::string& name : names) {
    const Value value = (*this)[name];
    ordered.items_.push_back(value.is_list() ? Item(value.list()) : Item(value.array()));
  }
  if (names.size() != names_.size())
    throw Error(fmt::format("arguments: all must be used, but {} are given and {} used: {}",
                            names_.size(), names.size(), fmt::join(names_, ", ")));
  return ordered;
}

const Array& Arguments::Value::array() const& {
  if (is_list())
    throw Error(fmt::format("argument {}: it must be an array, but it is a list of {}", name_,
                            list().size()));
  return std::get<Array>(item_);
}

const Arrays& Arguments::Value::list() const& {
  if (!is_list())
    throw Error(fmt::format("argument {}: it must be a list of arrays, but it is {}", name_,
                            describe(array())));
  return std::get<Arrays>(item_);
}

Arguments::Value::operator autograd::Variables() const {
  autograd::Variables variables;
  for (const Array& a : list()) variables.push_back(autograd::as_variable(a));
  return variables;
}

}  // namespace nn
