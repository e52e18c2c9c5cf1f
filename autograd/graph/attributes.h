#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "autograd/base/shape.h"

namespace autograd {

// The parameters of a function node besides its inputs: stride, pad, axis, slope, constants. The
// node's name, inputs and attributes tell drawings, exporters and programs that rewrite graphs what
// the node computes.
//
//   const Attributes a = y.creator()->attributes();
//   a.get<Attributes::Integers>("stride")        {2, 2}
//   for (const auto& [name, value] : a) ...      in the order of the function's arguments
//
// Names are those of the function's arguments, hence Chainer's; the plain number of an arithmetic
// function (x + 2, 2 ** x) is its "value", as in Chainer. The types of values:
//
//   bool                         an integer, 0 or 1
//   lengths along several axes   integers, also where all were given as one number: stride, ksize
//   several axes                 integers as they were given; absent if the argument is None
//   a constant of an enum        its text: reduce = "sum_along_second_axis"
//   pad_width                    integers {before, after, ...}, a pair for each axis
//   the indices of get_item      text between Python's brackets: "1:3, ..., None, int64(4)", where
//                                an array of positions is described by its dtype and shape
//
// Attributes do not include: arrays that a function keeps (masks, labels, positions, noise, class
// weights), which are not attributes in Chainer or ONNX either; sizes that follow from the inputs;
// and parameters that the node does not store, such as the decay of running statistics. A function
// composed of other functions has no node of its own; the nodes of its parts have their attributes:
// convolution_nd is reshape and convolution_2d, swapaxes is a transpose with its `axes`,
// expand_dims a reshape with its `shape`.
class Attributes {
 public:
  using Integers = std::vector<std::int64_t>;
  using Numbers = std::vector<double>;
  using Value = std::variant<std::int64_t, double, std::string, Integers, Numbers>;
  struct Attribute {
    std::string name;
    Value value;
    friend bool operator==(const Attribute&, const Attribute&) = default;
  };

  // Converts a parameter of a function to a Value.
  class Member {
   public:
    template <std::integral I>
    Member(std::string_view name, I value)
        : name_(name), value_(static_cast<std::int64_t>(value)) {}
    Member(std::string_view name, double value) : name_(name), value_(value) {}
    Member(std::string_view name, std::string_view value)
        : name_(name), value_(std::string(value)) {}
    Member(std::string_view name, Integers value) : name_(name), value_(std::move(value)) {}
    Member(std::string_view name, Numbers value) : name_(name), value_(std::move(value)) {}
    Member(std::string_view name, const Shape& lengths)
        : name_(name), value_(Integers(lengths.begin(), lengths.end())) {}
    Member(std::string_view name, HeightWidth lengths)
        : name_(name), value_(Integers{lengths.height, lengths.width}) {}
    Member(std::string_view name, const Axes& axes) : name_(name) {
      if (!axes.all()) value_ = Integers(axes.begin(), axes.end());
    }

   private:
    std::string name_;
    std::optional<Value> value_;
    friend class Attributes;
  };

  Attributes() = default;
  Attributes(std::initializer_list<Member> members);
  void add(const Member& member);

  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  std::vector<Attribute>::const_iterator begin() const { return all_.begin(); }
  std::vector<Attribute>::const_iterator end() const { return all_.end(); }

  // Null if there is no attribute of this name.
  const Value* find(std::string_view name) const&;
  const Value* find(std::string_view name) const&& = delete;
  // Throws if there is no attribute of this name, or if its value has another type.
  template <class T>
  T get(std::string_view name) const {
    const Value* const value = find(name);
    const T* const found = value == nullptr ? nullptr : std::get_if<T>(value);
    if (found == nullptr) fail(name);
    return *found;
  }

  friend bool operator==(const Attributes&, const Attributes&) = default;

 private:
  [[noreturn]] void fail(std::string_view name) const;

  std::vector<Attribute> all_;
};

// 2, 0.2, constant, [1, 2]
std::string to_string(const Attributes::Value& value);
// stride=[2, 2], groups=1
std::string to_string(const Attributes& attributes);

}  // namespace autograd
