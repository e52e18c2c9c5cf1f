#pragma once

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "autograd/array/compare.h"

// NumPy's indexing: slices, integers, ellipsis, new axes, index arrays, masks.
namespace autograd {

class Variable;

// Python's start:stop:step. Slice() is `:`, Slice(1, 4) is `1:4`, Slice({}, {}, -1) is `::-1`.
struct Slice {
  Slice() = default;
  Slice(std::optional<std::int64_t> from, std::optional<std::int64_t> to, std::int64_t by = 1)
      : start(from), stop(to), step(by) {}

  std::optional<std::int64_t> start, stop;
  std::int64_t step = 1;
};

struct Ellipsis {};
struct NewAxis {};
inline constexpr Ellipsis ellipsis;  // as many `:` as are needed: Python's `...`
inline constexpr NewAxis newaxis;    // an axis of length 1: Python's None

// One item of an index expression.
class Index {
 public:
  template <std::integral I>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires(!std::same_as<I, bool>) Index(I i) : item_(static_cast<std::int64_t>(i)) {}
  Index(const Slice& s) : item_(s) {}  // NOLINT(google-explicit-constructor)
  Index(Ellipsis e) : item_(e) {}      // NOLINT(google-explicit-constructor)
  Index(NewAxis n) : item_(n) {}       // NOLINT(google-explicit-constructor)
  // Positions (int32 or int64), or a mask (bool) that applies to as many axes as it has. A 0-d mask
  // adds an axis, of length 1 if it is true and 0 if it is false.
  Index(const Array& a) : item_(a) {}            // NOLINT(google-explicit-constructor)
  Index(const Condition& c) : item_(c.truth) {}  // NOLINT(google-explicit-constructor)
  // The same with a variable; no gradient flows to it. Defined in graph/, where Variable is
  // complete.
  Index(const Variable& x);  // NOLINT(google-explicit-constructor)

  using Item = std::variant<std::int64_t, Slice, Ellipsis, NewAxis, Array>;
  const Item& item() const& { return item_; }
  Item item() const&& { return item_; }

 private:
  Item item_;
};

// An index expression: 1, or {Slice(0, 2), 1}, or {ellipsis, positions}.
class Indices {
 public:
  Indices(std::initializer_list<Index> items);
  template <std::convertible_to<Index> I>
  Indices(const I& only) : Indices({Index(only)}) {}  // NOLINT(google-explicit-constructor)
  explicit Indices(std::vector<Index> items) : items_(std::move(items)) {}

  const std::vector<Index>& items() const& { return items_; }
  std::vector<Index> items() const&& { return items_; }

 private:
  std::vector<Index> items_;
};

namespace array {

// x[indices] by NumPy's rules: a view without index arrays, a copy with them. Index arrays, and
// integers beside them, broadcast together. Their axes come at the place of the first index array,
// or in front if the index arrays are not adjacent. Error messages begin with `op`.
Array get_item(const Array& x, const Indices& indices, std::string_view op = "get_item");

// The adjoint of get_item: an array y of `shape`, y = 0 and then y[indices] += values, where
// repeated positions accumulate.
Array scatter(const Shape& shape, const Indices& indices, const Array& values,
              std::string_view op = "get_item");

// The least and the greatest of the positions (int32 or int64) that differ from `ignored`, and the
// number of these positions.
struct PositionRange {
  std::int64_t least, greatest, count;
};
PositionRange position_range(const Array& positions, std::optional<std::int64_t> ignored = {});

}  // namespace array
}  // namespace autograd
