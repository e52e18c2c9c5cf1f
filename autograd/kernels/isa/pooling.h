#pragma once

#include "autograd/kernels/isa.h"
#include "autograd/kernels/pooling.h"

// Included only by the translation units of this folder. The inner loops run along a row of
// windows, at the same place of each window, and are vectorised by the compiler. For this the usual
// strides are compile-time constants (kStride; 0 stands for any other stride).
namespace autograd::kernels {

// For each place j = 0, 1, ... in turn, the range [begin, end) of windows whose place j is within
// the axis: windows i with 0 <= i stride + j - pad < length. Needs a single division.
template <class Isa>
struct Reached {
  const WindowAxis& axis;
  std::int64_t first;  // where place j of window 0 lies
  std::int64_t begin, behind;

  explicit Reached(const WindowAxis& a) : axis(a), first(-a.pad) {
    begin = (a.pad + a.stride - 1) / a.stride;
    behind = a.length + a.pad == 0 ? 0 : (a.length + a.pad - 1) / a.stride + 1;
  }
  std::int64_t end() const { return behind < axis.windows ? behind : axis.windows; }
  void next() {
    ++first;
    if (begin > 0 && (begin - 1) * axis.stride + first >= 0) --begin;
    if (behind > 0 && (behind - 1) * axis.stride + first >= axis.length) --behind;
  }
};

// Calls body(place, first window, last window + 1, where window 0 has that place in x) for each
// place of a row of windows, in order; `left` is the place 0 of the columns.
template <class Isa, class Body>
void for_places(const Pooling& s, const Reached<Isa>& left, std::int64_t row, const Body& body) {
  const std::int64_t top = row * s.rows.stride - s.rows.pad;
  std::int64_t end = s.rows.length - top;
  if (end > s.rows.window) end = s.rows.window;
  for (std::int64_t i = top < 0 ? -top : 0; i < end; ++i) {
    Reached<Isa> reached = left;
    for (std::int64_t j = 0; j < s.columns.window; ++j, reached.next())
      body(i * s.columns.window + j, reached.begin, reached.end(),
           (top + i) * s.columns.length + reached.first);
  }
}

// Whether all windows are 2 x 2, adjacent and entirely inside the plane. In this usual case the
// four numbers of a window are compared in one step.
template <class Isa>
bool of_four(const Pooling& s) {
  const auto pairs = [](const WindowAxis& a) {
    return a.window == 2 && a.stride == 2 && a.pad == 0 && 2 * a.windows <= a.length;
  };
  return pairs(s.rows) && pairs(s.columns);
}

// The greatest of p[2 i], p[2 i + 1], q[2 i], q[2 i + 1], and its place. The loop that handles NaN
// (kNan) is not vectorised; it runs only if the other loop reports a NaN.
template <class T, class Isa, bool kNan>
bool max_of_pairs(const T* __restrict__ p, const T* __restrict__ q, std::int64_t n,
                  T* __restrict__ best, std::int32_t* __restrict__ at) {
  int met_nan = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const T a = p[2 * i], b = p[2 * i + 1], c = q[2 * i], d = q[2 * i + 1];
    T v = a;
    std::int32_t k = 0;
    const auto better = [](T x, T old) {
      return kNan ? (x > old) | ((x != x) & (old == old)) : x > old;
    };
    k = better(b, v) ? 1 : k;
    v = better(b, v) ? b : v;
    k = better(c, v) ? 2 : k;
    v = better(c, v) ? c : v;
    k = better(d, v) ? 3 : k;
    v = better(d, v) ? d : v;
    best[i] = v;
    at[i] = k;
    const T sum = (a + b) + (c + d);  // also NaN of infinities, which does no harm
    met_nan |= sum != sum ? 1 : 0;
  }
  return met_nan != 0;
}

template <class T, class Isa>
void max_of_four(const Pooling& s, const T* x, T* y, std::int32_t* place) {
  const std::int64_t n = s.columns.windows, width = s.columns.length;
  for (std::int64_t row = 0; row < s.rows.windows; ++row, x += 2 * width, y += n, place += n)
    if (max_of_pairs<T, Isa, false>(x, x + width, n, y, place))
      max_of_pairs<T, Isa, true>(x, x + width, n, y, place);
}

template <class T, class Isa>
void sum_of_four(const Pooling& s, const T* x, T scale, T* y) {
  const std::int64_t n = s.columns.windows, width = s.columns.length;
  for (std::int64_t row = 0; row < s.rows.windows; ++row) {
    const T* __restrict__ p = x + 2 * row * width;
    const T* __restrict__ q = p + width;
    T* __restrict__ sums = y + row * n;
    for (std::int64_t i = 0; i < n; ++i)
      sums[i] = (((p[2 * i] + p[2 * i + 1]) + q[2 * i]) + q[2 * i + 1]) * scale;
  }
}

template <class T, class Isa, int kStride>
void max_plane(const Pooling& s, const T* x, T* y, std::int32_t* place) {
  const Reached<Isa> left(s.columns);
  const std::int64_t n = s.columns.windows, stride = kStride ? kStride : s.columns.stride;
  for (std::int64_t row = 0; row < s.rows.windows; ++row) {
    T* __restrict__ best = y + row * n;
    std::int32_t* __restrict__ at = place + row * n;
    for (std::int64_t i = 0; i < n; ++i) best[i] = -static_cast<T>(__builtin_inf()), at[i] = 0;
    for_places(s, left, row,
               [&](std::int64_t k, std::int64_t begin, std::int64_t end, std::int64_t first) {
                 const T* __restrict__ p = x + first;
                 const auto here = static_cast<std::int32_t>(k);
                 for (std::int64_t i = begin; i < end; ++i) {
                   const T v = p[i * stride], old = best[i];
                   const bool better = (v > old) | ((v != v) & (old == old));
                   best[i] = better ? v : old;
                   at[i] = better ? here : at[i];
                 }
               });
  }
}

template <class T, class Isa, int kStride>
void sum_plane(const Pooling& s, const T* x, T scale, T* y) {
  const Reached<Isa> left(s.columns);
  const std::int64_t n = s.columns.windows, stride = kStride ? kStride : s.columns.stride;
  for (std::int64_t row = 0; row < s.rows.windows; ++row) {
    T* __restrict__ sums = y + row * n;
    for (std::int64_t i = 0; i < n; ++i) sums[i] = 0;
    for_places(s, left, row,
               [&](std::int64_t, std::int64_t begin, std::int64_t end, std::int64_t first) {
                 const T* __restrict__ p = x + first;
                 for (std::int64_t i = begin; i < end; ++i) sums[i] += p[i * stride];
               });
    for (std::int64_t i = 0; i < n; ++i) sums[i] *= scale;
  }
}

// Calls body(place, its position in x) for the places of one window inside the plane, in order.
template <class Isa, class Body>
void for_window(const Pooling& s, std::int64_t row, std::int64_t column, const Body& body) {
  const std::int64_t top = row * s.rows.stride - s.rows.pad;
  const std::int64_t left = column * s.columns.stride - s.columns.pad;
  const std::int64_t i0 = top < 0 ? -top : 0, j0 = left < 0 ? -left : 0;
  std::int64_t i1 = s.rows.length - top, j1 = s.columns.length - left;
  if (i1 > s.rows.window) i1 = s.rows.window;
  if (j1 > s.columns.window) j1 = s.columns.window;
  for (std::int64_t i = i0; i < i1; ++i)
    for (std::int64_t j = j0; j < j1; ++j)
      body(i * s.columns.window + j, (top + i) * s.columns.length + left + j);
}

// Whether to process windows one by one: the rows of windows are short and the windows wide, for
// example the whole plane.
template <class Isa>
bool of_few(const Pooling& s) {
  return s.columns.windows < s.columns.window;
}

template <class T, class Isa>
void max_of_few(const Pooling& s, const T* x, T* y, std::int32_t* place) {
  for (std::int64_t row = 0; row < s.rows.windows; ++row)
    for (std::int64_t column = 0; column < s.columns.windows; ++column, ++y, ++place) {
      T best = -static_cast<T>(__builtin_inf());
      std::int64_t at = 0;
      for_window<Isa>(s, row, column, [&](std::int64_t here, std::int64_t i) {
        const bool better = (x[i] > best) | ((x[i] != x[i]) & (best == best));
        best = better ? x[i] : best;
        at = better ? here : at;
      });
      *y = best;
      *place = static_cast<std::int32_t>(at);
    }
}

template <class T, class Isa>
void sum_of_few(const Pooling& s, const T* x, T scale, T* y) {
  for (std::int64_t row = 0; row < s.rows.windows; ++row)
    for (std::int64_t column = 0; column < s.columns.windows; ++column, ++y) {
      T sum = 0;
      for_window<Isa>(s, row, column, [&](std::int64_t, std::int64_t i) { sum += x[i]; });
      *y = sum * scale;
    }
}

// One row of x from one row of y, for windows that do not overlap, so that a pixel is in at most
// one window.
template <class T, class Isa, int kStride>
void spread_row(const WindowAxis& a, const T* __restrict__ y, T scale, T* __restrict__ x) {
  const std::int64_t stride = kStride ? kStride : a.stride;
  // The windows that are entirely inside the row, and their positions.
  const std::int64_t begin = (a.pad + stride - 1) / stride;
  std::int64_t end = (a.length + a.pad) / stride;
  if (end > a.windows) end = a.windows;
  if (end < begin) end = begin;
  std::int64_t left = begin * stride - a.pad, right = end * stride - a.pad;
  if (left > a.length) left = right = a.length;
  const auto one = [&](std::int64_t i) {
    const std::int64_t window = (i + a.pad) / stride;
    x[i] = window < a.windows ? y[window] * scale : 0;
  };
  for (std::int64_t i = 0; i < left; ++i) one(i);
  for (std::int64_t i = begin; i < end; ++i)
    for (std::int64_t j = 0; j < stride; ++j) x[i * stride - a.pad + j] = y[i] * scale;
  for (std::int64_t i = right; i < a.length; ++i) one(i);
}

template <class T, class Isa, int kStride>
void spread_plane(const Pooling& s, const T* y, T scale, T* x) {
  const Reached<Isa> left(s.columns);
  const std::int64_t n = s.columns.windows, stride = kStride ? kStride : s.columns.stride;
  const std::int64_t width = s.columns.length, size = s.rows.length * width;
  if (s.rows.window == s.rows.stride && s.columns.window == s.columns.stride) {
    for (std::int64_t i = 0; i < s.rows.length; ++i) {
      T* __restrict__ row = x + i * width;
      const std::int64_t window = (i + s.rows.pad) / s.rows.stride;
      if (window >= s.rows.windows) {
        for (std::int64_t j = 0; j < width; ++j) row[j] = 0;
      } else if (i > 0 && (i - 1 + s.rows.pad) / s.rows.stride == window) {
        const T* __restrict__ above = row - width;
        for (std::int64_t j = 0; j < width; ++j) row[j] = above[j];
      } else {
        spread_row<T, Isa, kStride>(s.columns, y + window * n, scale, row);
      }
    }
    return;
  }
  for (std::int64_t i = 0; i < size; ++i) x[i] = 0;
  for (std::int64_t row = 0; row < s.rows.windows; ++row) {
    const T* __restrict__ g = y + row * n;
    for_places(s, left, row,
               [&](std::int64_t, std::int64_t begin, std::int64_t end, std::int64_t first) {
                 T* __restrict__ p = x + first;
                 for (std::int64_t i = begin; i < end; ++i) p[i * stride] += g[i];
               });
  }
  for (std::int64_t i = 0; i < size; ++i) x[i] *= scale;
}

// The windows of a row are visited from last to first: the order in which for_places() visits the
// windows that cover a pixel.
template <class T, class Isa>
void spread_of_few(const Pooling& s, const T* y, T scale, T* x) {
  const std::int64_t n = s.columns.windows, size = s.rows.length * s.columns.length;
  for (std::int64_t i = 0; i < size; ++i) x[i] = 0;
  for (std::int64_t row = 0; row < s.rows.windows; ++row)
    for (std::int64_t column = n; column-- > 0;) {
      const T g = y[row * n + column];
      for_window<Isa>(s, row, column, [&](std::int64_t, std::int64_t i) { x[i] += g; });
    }
  for (std::int64_t i = 0; i < size; ++i) x[i] *= scale;
}

// Calls body(window, its place in the plane) for each window whose place is in the plane.
template <class Isa, class Body>
void for_windows(const Pooling& s, const std::int32_t* place, const Body& body) {
  const auto columns = static_cast<std::int32_t>(s.columns.window);
  std::int64_t k = 0;
  for (std::int64_t row = 0; row < s.rows.windows; ++row)
    for (std::int64_t column = 0; column < s.columns.windows; ++column, ++k) {
      const std::int32_t down = place[k] / columns, right = place[k] % columns;
      const std::int64_t i = row * s.rows.stride - s.rows.pad + down;
      const std::int64_t j = column * s.columns.stride - s.columns.pad + right;
      if (i >= 0 && i < s.rows.length && j >= 0 && j < s.columns.length)
        body(k, i * s.columns.length + j);
    }
}

template <class T, class Isa>
void pick_plane(const Pooling& s, const T* x, const std::int32_t* place, T* y) {
  const std::int64_t n = s.rows.windows * s.columns.windows;
  for (std::int64_t i = 0; i < n; ++i) y[i] = 0;
  for_windows<Isa>(s, place, [&](std::int64_t window, std::int64_t at) { y[window] = x[at]; });
}

template <class T, class Isa>
void put_plane(const Pooling& s, const T* y, const std::int32_t* place, T* x) {
  const std::int64_t n = s.rows.length * s.columns.length;
  for (std::int64_t i = 0; i < n; ++i) x[i] = 0;
  for_windows<Isa>(s, place, [&](std::int64_t window, std::int64_t at) { x[at] += y[window]; });
}

// x[2 i] = y[i] where place[i] is `first`, x[2 i + 1] = y[i] where it is the next; else 0.
template <class T, class Isa>
void put_pairs(const T* __restrict__ y, const std::int32_t* __restrict__ place, std::int32_t first,
               std::int64_t n, T* __restrict__ x) {
  for (std::int64_t i = 0; i < n; ++i) {
    const T v = y[i];
    const T left = place[i] == first ? v : T(0), right = place[i] == first + 1 ? v : T(0);
    x[2 * i] = left;
    x[2 * i + 1] = right;
  }
}

template <class T, class Isa>
void put_of_four(const Pooling& s, const T* y, const std::int32_t* place, T* x) {
  const std::int64_t n = s.columns.windows, width = s.columns.length, end = s.rows.length * width;
  T* row = x;
  for (std::int64_t i = 0; i < s.rows.windows; ++i, y += n, place += n)
    for (std::int32_t first = 0; first < 4; first += 2, row += width) {
      put_pairs<T, Isa>(y, place, first, n, row);
      for (std::int64_t j = 2 * n; j < width; ++j) row[j] = 0;
    }
  for (; row < x + end; ++row) *row = 0;
}

template <class T, class Isa>
void spread_of_four(const Pooling& s, const T* y, T scale, T* x) {
  const std::int64_t n = s.columns.windows, width = s.columns.length, end = s.rows.length * width;
  T* row = x;
  for (std::int64_t i = 0; i < s.rows.windows; ++i, y += n, row += 2 * width) {
    T* __restrict__ above = row, * __restrict__ below = row + width;
    for (std::int64_t j = 0; j < n; ++j) {
      const T v = y[j] * scale;
      above[2 * j] = v;
      above[2 * j + 1] = v;
      below[2 * j] = v;
      below[2 * j + 1] = v;
    }
    for (std::int64_t j = 2 * n; j < width; ++j) above[j] = below[j] = 0;
  }
  for (; row < x + end; ++row) *row = 0;
}

template <class T, class Isa>
void put_any(const Pooling& s, const T* y, const std::int32_t* place, T* x) {
  (of_four<Isa>(s) ? put_of_four<T, Isa> : put_plane<T, Isa>)(s, y, place, x);
}

template <class T, class Isa>
void max_any(const Pooling& s, const T* x, T* y, std::int32_t* place) {
  const auto f = of_four<Isa>(s)         ? max_of_four<T, Isa>
                 : of_few<Isa>(s)        ? max_of_few<T, Isa>
                 : s.columns.stride == 1 ? max_plane<T, Isa, 1>
                 : s.columns.stride == 2 ? max_plane<T, Isa, 2>
                                         : max_plane<T, Isa, 0>;
  f(s, x, y, place);
}
template <class T, class Isa>
void sum_any(const Pooling& s, const T* x, T scale, T* y) {
  const auto f = of_four<Isa>(s)         ? sum_of_four<T, Isa>
                 : of_few<Isa>(s)        ? sum_of_few<T, Isa>
                 : s.columns.stride == 1 ? sum_plane<T, Isa, 1>
                 : s.columns.stride == 2 ? sum_plane<T, Isa, 2>
                                         : sum_plane<T, Isa, 0>;
  f(s, x, scale, y);
}
template <class T, class Isa>
void spread_any(const Pooling& s, const T* y, T scale, T* x) {
  const bool side_by_side = s.rows.window == s.rows.stride && s.columns.window == s.columns.stride;
  const auto f = of_four<Isa>(s)                   ? spread_of_four<T, Isa>
                 : of_few<Isa>(s) && !side_by_side ? spread_of_few<T, Isa>
                 : s.columns.stride == 1           ? spread_plane<T, Isa, 1>
                 : s.columns.stride == 2           ? spread_plane<T, Isa, 2>
                                                   : spread_plane<T, Isa, 0>;
  f(s, y, scale, x);
}

template <class T, class Isa>
const Pool<T>& pool_for() {
  static constexpr Pool<T> table{max_any<T, Isa>, sum_any<T, Isa>, spread_any<T, Isa>,
                                 pick_plane<T, Isa>, put_any<T, Isa>};
  return table;
}

}  // namespace autograd::kernels
