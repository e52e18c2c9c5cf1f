#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "autograd/graph/array_like.h"
#include "nn/dict.h"

namespace nn {

using autograd::Array;
using autograd::Arrays;

// The result of a converter, and the arguments of a loss function: arrays or lists of arrays, in
// order or by name. (A converter of Chainer returns a tuple or a dict.)
//
//   return nn::Arguments{x, t};                               // model(x, t)
//   return nn::Named{{"xs", xs}, {"ys", ys}};                 // by name: see keywords()
class Arguments {
 public:
  using Item = std::variant<Array, Arrays>;

  Arguments() = default;
  Arguments(std::initializer_list<Item> items) : items_(items) {}
  // Each array is an argument.
  Arguments(const Arrays& arrays)  // NOLINT(google-explicit-constructor): as a tuple is in Python
      : items_(arrays.begin(), arrays.end()) {}
  Arguments(const Dict<Item>& named);  // NOLINT(google-explicit-constructor)

  // One argument. It converts to an Array, a Variable, or a list of either; throws Error if it is
  // an array and a list is required, or the reverse.
  class Value {
   public:
    Value(Item item, std::string name) : item_(std::move(item)), name_(std::move(name)) {}
    bool is_list() const { return std::holds_alternative<Arrays>(item_); }
    // Called on a temporary, these return by value.
    const Array& array() const&;
    Array array() const&& { return array(); }
    const Arrays& list() const&;
    Arrays list() const&& { return list(); }

    // NOLINTBEGIN(google-explicit-constructor)
    operator Array() const { return array(); }
    operator Arrays() const { return list(); }
    operator autograd::Variable() const { return autograd::as_variable(array()); }
    operator autograd::ArrayLike() const { return array(); }
    operator autograd::Variables() const;
    // NOLINTEND(google-explicit-constructor)

   private:
    Item item_;
    std::string name_;
  };

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  // Empty if the arguments are positional.
  const std::vector<std::string>& names() const& { return names_; }
  std::vector<std::string> names() const&& { return names_; }
  bool are_arrays() const;
  // The argument at this position, or of this name. Throws Error if there is none.
  Value operator[](std::size_t i) const;
  Value operator[](int i) const { return (*this)[static_cast<std::size_t>(i)]; }
  Value operator[](std::string_view name) const;
  Value operator[](const char* name) const { return (*this)[std::string_view(name)]; }
  // All arguments as arrays. Throws if the arguments have names, or if one is a list.
  Arrays arrays() const;
  // The arguments of these names, in this order, as positional arguments.
  Arguments in_order(std::span<const std::string> names) const;

 private:
  std::vector<Item> items_;
  std::vector<std::string> names_;
};

using Named = Dict<Arguments::Item>;

}  // namespace nn
