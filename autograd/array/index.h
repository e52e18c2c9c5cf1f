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

// One item between the brackets.
class Index {
 public:
  template <std::integral I>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires(!std::same_as<I, bool>) Index(I i) : item_(static_cast<std::int64_t>(i)) {}
  Index(const Slice& s) : item_(s) {}  // NOLINT(google-explicit-constructor)
  Index(Ellipsis e) : item_(e) {}      // NOLINT(google-explicit-constructor)
  Index(NewAxis n) : item_(n) {}       // NOLINT(google-explicit-constructor)
  // Positions (int32 or int64), or a mask (bool) that covers as many axes as it has. One without
  // axes gives a new axis, of length 1 where it is true and 0 where it is false.
  Index(const Array& a) : item_(a) {}            // NOLINT(google-explicit-constructor)
  Index(const Condition& c) : item_(c.truth) {}  // NOLINT(google-explicit-constructor)
  // The same in a variable; no gradient flows to it. Defined where a Variable is known.
  Index(const Variable& x);  // NOLINT(google-explicit-constructor)

  using Item = std::variant<std::int64_t, Slice, Ellipsis, NewAxis, Array>;
  const Item& item() const& { return item_; }
  Item item() const&& { return item_; }

 private:
  Item item_;
};

// What stands between the brackets: 1, or {Slice(0, 2), 1}, or {ellipsis, positions}.
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

// x[indices] by NumPy's rules: a view where there are no index arrays, else a copy. The axes of
// index arrays (which broadcast together, integers among them counting as such) stand where the
// first of them was, or in front if something stood between them. Errors are said in the name of
// `op`.
Array get_item(const Array& x, const Indices& indices, std::string_view op = "get_item");

// An array of `shape` that is 0 but for y[indices] += values, where repeated positions add up: the
// adjoint of get_item.
Array scatter(const Shape& shape, const Indices& indices, const Array& values,
              std::string_view op = "get_item");

// The least and the greatest of the positions (int32 or int64) that are not `ignored`, and how many
// these are.
struct PositionRange {
  std::int64_t least, greatest, count;
};
PositionRange position_range(const Array& positions, std::optional<std::int64_t> ignored = {});

}  // namespace array
}  // namespace autograd
