#include <algorithm>
#include <cstring>

#include "autograd/array/array.h"
#include "autograd/array/launch.h"

namespace autograd {

// Whether a copy of some rows would jump from line to line of the source: it is transposed.
static bool is_transposed(const Runs<2>& runs) {
  const int rows_axis = runs.outer.ndim() - 1;
  return runs.count != 0 && rows_axis >= 0 && runs.step[0] == 1 && runs.step[1] != 1 &&
         runs.outer_strides[1][rows_axis] == 1;
}

// Such a copy is done in square tiles.
template <class T>
static void copy_transposed(const Runs<2>& runs, T* to, const T* from) {
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
    // Whole tiles pass through memory that stays in the cache; both sides then see short lines.
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

template <class To, class From>
static void assign_runs(const Runs<2>& runs, To* to, const From* from) {
  const std::int64_t to_step = runs.step[0], from_step = runs.step[1];
  for_runs(runs, [&](const auto& at, std::int64_t n) {
    To* p = to + at[0];
    const From* q = from + at[1];
    if (to_step == 1 && from_step == 1) {
      if constexpr (std::is_same_v<To, From>)
        std::memcpy(p, q, static_cast<std::size_t>(n) * sizeof(To));
      else
        for (std::int64_t i = 0; i < n; ++i) p[i] = static_cast<To>(q[i]);
    } else {
      for (std::int64_t i = 0; i < n; ++i) p[i * to_step] = static_cast<To>(q[i * from_step]);
    }
  });
}

void Array::assign(const Array& source) {
  const Array from = source.broadcast_to(shape_);
  const Runs<2> runs = make_runs<2>({this, &from});
  const bool transposed = is_transposed(runs);
  if (transposed && dtype_ != from.dtype()) return assign(from.copy());
  visit(dtype_, [&]<class To>(std::type_identity<To>) {
    To* to = mutable_data<To>();
    if (transposed) return copy_transposed(runs, to, from.data<To>());
    visit(from.dtype(),
          [&]<class From>(std::type_identity<From>) { assign_runs(runs, to, from.data<From>()); });
  });
}

void Array::fill(double value) {
  visit(dtype_, [&]<class T>(std::type_identity<T>) {
    const Runs<1> runs = make_runs<1>({this});
    T* p = mutable_data<T>();
    const T v = static_cast<T>(value);
    for_runs(runs, [&](const auto& at, std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i) p[at[0] + i * runs.step[0]] = v;
    });
  });
}

}  // namespace autograd
