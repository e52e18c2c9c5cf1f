#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

namespace autograd::inline functions {

// A number for each border of an array: 1, or {1, 2} for the two borders of every axis, or
// {{1, 2}, {0, 3}} axis by axis.
template <class T>
class PerBorder {
 public:
  using Pair = std::pair<T, T>;
  PerBorder(T both) : pairs_{{both, both}} {}  // NOLINT(google-explicit-constructor)
  PerBorder(T before, T after) : pairs_{{before, after}} {}
  PerBorder(std::initializer_list<Pair> pairs) : pairs_(pairs) {}
  explicit PerBorder(std::vector<Pair> pairs) : pairs_(std::move(pairs)) {}

  // One pair for all axes, or one for each.
  const std::vector<Pair>& pairs() const& { return pairs_; }
  std::vector<Pair> pairs() const&& { return pairs_; }

 private:
  std::vector<Pair> pairs_;
};
// How many elements pad() adds, or looks at; and what it adds.
using PadWidth = PerBorder<std::int64_t>;
using PadValue = PerBorder<double>;

// What a border is made of. The letters show an axis a b c with two elements on each side.
enum class PadMode {
  constant,     // constant_values
  edge,         // a a|a b c|c c
  linear_ramp,  // from end_values, the outermost element, linearly to the edge
  maximum,      // of the stat_length elements next to the border; NaN if there is a NaN
  mean,
  median,
  minimum,
  reflect,    // c b|a b c|b a
  symmetric,  // b a|a b c|c b
  wrap,       // b c|a b c|a b
};

// What `reflect` and `symmetric` repeat: the elements, or, if odd, twice the edge minus the elements.
enum class ReflectType { even, odd };

struct PadOptions {
  ByName by_name = {};
  PadValue constant_values = 0, end_values = 0;
  std::optional<PadWidth> stat_length = {};  // unless given, the whole axis
  ReflectType reflect_type = ReflectType::even;
};

// x with a border, one axis after the other: numpy.pad. The gradient is the inner part of gy in every
// mode, as in Chainer. It is exact for `constant` only: the other modes ignore that the border is made
// of elements of x. Errors: negative widths, a stat_length below 1, an axis without elements to make a
// border of.
Variable pad(const Variable& x, const PadWidth& pad_width, PadMode mode = PadMode::constant,
             const PadOptions& options = {});
inline Variable pad(const Variable& x, const PadWidth& pad_width, PadMode mode,
                    double constant_values) {
  return pad(x, pad_width, mode, {.constant_values = constant_values});
}

}  // namespace autograd::inline functions
