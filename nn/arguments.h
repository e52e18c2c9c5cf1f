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

// What a converter makes of a batch, and a loss function is called with: arrays or lists of arrays,
// in order or by name. Chainer's converter returns a tuple or a dict of them.
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

  // One argument. It goes where an Array, a Variable, or a list of either is taken, and throws
  // Error where that is of the other kind.
  class Value {
   public:
    Value(const Item& item, std::string name) : item_(&item), name_(std::move(name)) {}
    bool is_list() const { return std::holds_alternative<Arrays>(*item_); }
    const Array& array() const;
    const Arrays& list() const;

    // NOLINTBEGIN(google-explicit-constructor)
    operator const Array&() const { return array(); }
    operator const Arrays&() const { return list(); }
    operator autograd::Variable() const { return autograd::as_variable(array()); }
    operator autograd::ArrayLike() const { return array(); }
    operator autograd::Variables() const;
    // NOLINTEND(google-explicit-constructor)

   private:
    const Item* item_;
    std::string name_;
  };

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  // Empty where the arguments have an order instead.
  const std::vector<std::string>& names() const { return names_; }
  bool are_arrays() const;
  // By its place, or by its name. Throw Error where there is none.
  Value operator[](std::size_t i) const;
  Value operator[](int i) const { return (*this)[static_cast<std::size_t>(i)]; }
  Value operator[](std::string_view name) const;
  Value operator[](const char* name) const { return (*this)[std::string_view(name)]; }
  // All of them, if they are arrays without names.
  Arrays arrays() const;
  // Those of these names, in this order and without their names.
  Arguments in_order(std::span<const std::string> names) const;

 private:
  std::vector<Item> items_;
  std::vector<std::string> names_;
};

using Named = Dict<Arguments::Item>;

}  // namespace nn
