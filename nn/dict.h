#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/base/error.h"

namespace nn {

// Values by name in insertion order, as Python's dict. Lookup is linear: for a handful of names.
template <class V>
class Dict {
 public:
  using Item = std::pair<std::string, V>;

  Dict() = default;
  Dict(std::initializer_list<Item> items) {
    for (const Item& item : items) (*this)[item.first] = item.second;
  }

  // The value of this name; appends a new value if there is none.
  V& operator[](std::string_view name) {
    for (Item& item : items_)
      if (item.first == name) return item.second;
    return items_.emplace_back(std::string(name), V()).second;
  }
  const V* find(std::string_view name) const {
    for (const Item& item : items_)
      if (item.first == name) return &item.second;
    return nullptr;
  }
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  V at(std::string_view name) const&& { return at(name); }
  const V& at(std::string_view name) const& {
    if (const V* value = find(name)) return *value;
    std::string known;
    for (const Item& item : items_) known += (known.empty() ? "" : ", ") + item.first;
    throw autograd::Error("Dict: the name must be one of those it holds (" + known + "), but is " +
                          std::string(name));
  }

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  void clear() { items_.clear(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }

 private:
  std::vector<Item> items_;
};

// A number of a log that remembers whether it is an integer: files show an integer as 3 and a
// floating point number as 3.0.
class Number {
 public:
  Number() = default;
  template <class T>
  // NOLINTNEXTLINE(google-explicit-constructor): numbers are given as numbers
  requires std::integral<T> || std::floating_point<T> Number(T value)
      : value_(static_cast<double>(value)), is_integer_(std::integral<T>) {}

  // NOLINTNEXTLINE(google-explicit-constructor): and are used as such
  operator double() const { return value_; }
  bool is_integer() const { return is_integer_; }

 private:
  double value_ = 0;
  bool is_integer_ = false;
};

// Means by name.
using Means = Dict<double>;
// A line of LogReport: main/loss, ..., epoch, iteration, elapsed_time.
using LogEntry = Dict<Number>;

}  // namespace nn
