#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

#include "autograd/array/array.h"
#include "autograd/array/launch.h"

namespace autograd {
namespace {

// Whether a copy would jump between cache lines of the source, because the source is transposed.
bool is_transposed(const Runs<2>& runs) {
  const int rows_axis = runs.outer.ndim() - 1;
  return runs.count != 0 && rows_axis >= 0 && runs.step[0] == 1 && runs.step[1] != 1 &&
         runs.step[1] != 0 && runs.outer_strides[1][rows_axis] == 1;
}

// Copies a transposed source in square tiles.
template <class T>
void copy_transposed(const Runs<2>& runs, void* to_raw, const void* from_raw) {
  auto* to = static_cast<T*>(to_raw);
  const auto* from = static_cast<const T*>(from_raw);
  constexpr std::int64_t kTile = 16;
  const int rows_axis = runs.outer.ndim() - 1;
  const std::int64_t rows = runs.outer[rows_axis], columns = runs.length,
                     planes = runs.count / rows;
  const std::int64_t to_row = runs.outer_strides[0][rows_axis], from_column = runs.step[1];
  const std::int64_t tiles = (rows + kTile - 1) / kTile;
  parallel::for_each(planes * tiles, [&](std::int64_t i) {
    const auto at = runs.begin(i / tiles * rows);
    const std::int64_t r0 = i % tiles * kTile, r1 = std::min(rows, r0 + kTile);
    std::int64_t c0 = 0;
    // A whole tile is copied through a buffer in the cache, so that both sides access short lines.
    if (r1 - r0 == kTile)
      for (; c0 + kTile <= columns; c0 += kTile) {
        T tile[kTile][kTile];
        for (std::int64_t c = 0; c < kTile; ++c) {
          const T* line = from + at[1] + r0 + (c0 + c) * from_column;
          for (std::int64_t r = 0; r < kTile; ++r) tile[r][c] = line[r];
        }
        for (std::int64_t r = 0; r < kTile; ++r)
          std::memcpy(to + at[0] + (r0 + r) * to_row + c0, tile[r], sizeof tile[r]);
      }
    for (std::int64_t r = r0; r < r1; ++r)
      for (std::int64_t c = c0; c < columns; ++c)
        to[at[0] + r * to_row + c] = from[at[1] + r + c * from_column];
  });
}

// Copies and converts a run of n elements. The pointers have no types, so that the traversal of
// arrays is compiled once, not for every pair of types.
using CopyRun = void (*)(void* to, std::int64_t to_step, const void* from, std::int64_t from_step,
                         std::int64_t n);

// Converts a number to To. In C++, converting a float outside the range of an integer type is
// undefined, and each instruction gives another result. Here, such a float becomes the nearest
// integer, and NaN becomes 0.
template <class To, class From>
To converted(From x) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To> &&
                !std::is_same_v<To, bool>) {
    // max + 1 is a power of two, so it is exact as a float; max is not.
    constexpr From low = static_cast<From>(std::numeric_limits<To>::min()),
                   above = 2 * static_cast<From>(std::numeric_limits<To>::max() / 2 + 1);
    if (!(x >= low)) return x != x ? To(0) : std::numeric_limits<To>::min();
    return x < above ? static_cast<To>(x) : std::numeric_limits<To>::max();
  } else {
    return static_cast<To>(x);
  }
}

template <class To, class From>
void convert_run(void* to, std::int64_t to_step, const void* from, std::int64_t from_step,
                 std::int64_t n) {
  auto* p = static_cast<To*>(to);
  const auto* q = static_cast<const From*>(from);
  if (to_step == 1 && from_step == 1)
    for (std::int64_t i = 0; i < n; ++i) p[i] = converted<To>(q[i]);
  else
    for (std::int64_t i = 0; i < n; ++i) p[i * to_step] = converted<To>(q[i * from_step]);
}

template <class T>
void move_run(void* to, std::int64_t to_step, const void* from, std::int64_t from_step,
              std::int64_t n) {
  auto* p = static_cast<T*>(to);
  const auto* q = static_cast<const T*>(from);
  if (to_step == 1 && from_step == 1)
    std::memcpy(p, q, static_cast<std::size_t>(n) * sizeof(T));
  else if (to_step == 1 && from_step == 0)
    std::fill_n(p, n, *q);
  else
    for (std::int64_t i = 0; i < n; ++i) p[i * to_step] = q[i * from_step];
}

// Calls f with an unsigned integer of the size of a dtype's elements, for functions that only move
// elements.
template <class F>
decltype(auto) visit_size(Dtype dtype, const F& f) {
  switch (item_size(dtype)) {
    case 1:
      return f(std::type_identity<std::uint8_t>{});
    case 4:
      return f(std::type_identity<std::uint32_t>{});
    default:
      return f(std::type_identity<std::uint64_t>{});
  }
}

CopyRun copy_run(Dtype to, Dtype from) {
  if (to == from)
    return visit_size(to, []<class T>(std::type_identity<T>) -> CopyRun { return move_run<T>; });
  return visit(to, [&]<class To>(std::type_identity<To>) {
    return visit(from, []<class From>(std::type_identity<From>) -> CopyRun {
      if constexpr (std::is_same_v<To, From>)
        return nullptr;
      else
        return convert_run<To, From>;
    });
  });
}

}  // namespace

void Array::assign(const Array& source) {
  const Array from = source.broadcast_to(shape());
  if (from.storage_ == storage_ && may_share_memory(*this, from)) {
    require_writable();
    if (!same_view(*this, from)) assign(source.copy());
    return;
  }
  const Runs<2> runs = make_runs<2>({this, &from});
  if (is_transposed(runs)) {
    if (dtype_ != from.dtype()) return assign(from.copy());
    return visit_size(dtype_, [&]<class T>(std::type_identity<T>) {
      copy_transposed<T>(runs, mutable_raw(), from.raw());
    });
  }
  const CopyRun copy_elements = copy_run(dtype_, from.dtype());
  auto* to = static_cast<std::byte*>(mutable_raw());
  const auto* p = static_cast<const std::byte*>(from.raw());
  const auto to_size = static_cast<std::int64_t>(item_size(dtype_)),
             from_size = static_cast<std::int64_t>(item_size(from.dtype()));
  for_runs(runs, [&](const auto& at, std::int64_t n) {
    copy_elements(to + at[0] * to_size, runs.step[0], p + at[1] * from_size, runs.step[1], n);
  });
}

void Array::fill(double value) {
  const Runs<1> runs = make_runs<1>({&some()});
  const CopyRun repeat = copy_run(dtype_, dtype_);
  auto* to = static_cast<std::byte*>(mutable_raw());
  const auto size = static_cast<std::int64_t>(item_size(dtype_));
  std::uint64_t element = 0;  // an element of any type
  visit(dtype_, [&]<class T>(std::type_identity<T>) {
    const T number = converted<T>(value);
    std::memcpy(&element, &number, sizeof number);
  });
  for_runs(runs, [&](const auto& at, std::int64_t n) {
    repeat(to + at[0] * size, runs.step[0], &element, 0, n);
  });
}

}  // namespace autograd
