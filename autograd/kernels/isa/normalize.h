#pragma once

#include "autograd/kernels/normalize.h"
#include "autograd/kernels/pack.h"

// Included only by the translation units of this folder.
namespace autograd::kernels {

template <class T, class Isa>
double sum_lanes(Pack<T, Isa> v) {
  T lanes[Pack<T, Isa>::size];
  v.store(lanes);
  double total = 0;
  for (int k = 0; k < Pack<T, Isa>::size; ++k) total += static_cast<double>(lanes[k]);
  return total;
}

// Adds up body(k, at, count) over the registers of `rows` runs of n elements. Whole registers go to
// four alternating sums; the remaining elements of each run are added one by one by rest(at).
template <class T, class Isa, int kSums, class Whole, class Rest>
void add_up(std::int64_t rows, std::int64_t stride, std::int64_t n, double (&totals)[kSums],
            const Whole& whole, const Rest& rest) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t w = V::size;
  V sums[4][kSums];
  for (auto& s : sums)
    for (V& v : s) v = 0;
  for (double& t : totals) t = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t first = row * stride, end = first + n;
    std::int64_t i = first;
    for (; i + 4 * w <= end; i += 4 * w)
      for (int k = 0; k < 4; ++k) whole(i + k * w, sums[k]);
    for (; i + w <= end; i += w) whole(i, sums[0]);
    for (; i < end; ++i) rest(i, totals);
  }
  for (int s = 0; s < kSums; ++s)
    totals[s] += sum_lanes((sums[0][s] + sums[1][s]) + (sums[2][s] + sums[3][s]));
}

template <class T, class Isa>
Moments moments_block(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t n) {
  using V = Pack<T, Isa>;
  const double count = static_cast<double>(rows * n);
  double sum[1];
  add_up<T, Isa>(
      rows, stride, n, sum, [&](std::int64_t i, V(&s)[1]) { s[0] = s[0] + V::load(x + i); },
      [&](std::int64_t i, double(&s)[1]) { s[0] += static_cast<double>(x[i]); });
  const T middle = static_cast<T>(sum[0] / count);
  double far[2];
  add_up<T, Isa>(
      rows, stride, n, far,
      [&](std::int64_t i, V(&s)[2]) {
        const V d = V::load(x + i) - V(middle);
        s[0] = s[0] + d;
        s[1] = s[1] + d * d;
      },
      [&](std::int64_t i, double(&s)[2]) {
        const double d = static_cast<double>(x[i] - middle);
        s[0] += d;
        s[1] += d * d;
      });
  const double off = far[0] / count;  // the mean lies so far from the middle
  const double squares = far[1] - far[0] * off;
  return {count, static_cast<double>(middle) + off, squares > 0 ? squares : squares * 0};
}

template <class T, class Isa>
void column_moments_block(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t n,
                          Moments* out) {
  using V = Pack<T, Isa>;
  const double count = static_cast<double>(rows);
  for_packs<T, Isa>(n, [=](long j, int width) {
    V sum = 0;
    for (std::int64_t i = 0; i < rows; ++i) sum = sum + read<T, Isa>(x + i * stride + j, width);
    const V middle = sum * V(1 / count);
    V distances = 0, squares = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
      const V d = read<T, Isa>(x + i * stride + j, width) - middle;
      distances = distances + d;
      squares = squares + d * d;
    }
    T m[V::size], d[V::size], s[V::size];
    middle.store(m);
    distances.store(d);
    squares.store(s);
    for (int k = 0; k < width; ++k) {
      const double far = static_cast<double>(d[k]), off = far / count;
      const double rest = static_cast<double>(s[k]) - far * off;
      out[j + k] = {count, static_cast<double>(m[k]) + off, rest > 0 ? rest : rest * 0};
    }
  });
}

template <class T, class Isa>
Products products_block(const T* x, const T* g, T shift, std::int64_t rows, std::int64_t stride,
                        std::int64_t n) {
  using V = Pack<T, Isa>;
  double sums[2];
  add_up<T, Isa>(
      rows, stride, n, sums,
      [&](std::int64_t i, V(&s)[2]) {
        const V v = V::load(g + i);
        s[0] = s[0] + v;
        s[1] = s[1] + v * (V::load(x + i) - V(shift));
      },
      [&](std::int64_t i, double(&s)[2]) {
        s[0] += static_cast<double>(g[i]);
        s[1] += static_cast<double>(g[i]) * static_cast<double>(x[i] - shift);
      });
  return {sums[0], sums[1]};
}

template <class T, class Isa>
void column_products_block(const T* x, const T* g, const T* shift, std::int64_t rows,
                           std::int64_t stride, std::int64_t n, Products* out) {
  using V = Pack<T, Isa>;
  for_packs<T, Isa>(n, [=](long j, int width) {
    const V middle = read<T, Isa>(shift + j, width);
    V sum = 0, product = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
      const V v = read<T, Isa>(g + i * stride + j, width);
      sum = sum + v;
      product = product + v * (read<T, Isa>(x + i * stride + j, width) - middle);
    }
    T s[V::size], p[V::size];
    sum.store(s);
    product.store(p);
    for (int k = 0; k < width; ++k)
      out[j + k] = {static_cast<double>(s[k]), static_cast<double>(p[k])};
  });
}

template <class T, class Isa>
void affine_block(const T* x, const Affine<T>& a, int step, std::int64_t n, T* y) {
  using V = Pack<T, Isa>;
  if (step == 0) {
    const V shift = *a.shift, scale = *a.scale, offset = *a.offset;
    for_packs<T, Isa>(n, [=](long i, int count) {
      write<T, Isa>((read<T, Isa>(x + i, count) - shift) * scale + offset, y + i, count);
    });
  } else {
    for_packs<T, Isa>(n, [=](long i, int count) {
      const V d = read<T, Isa>(x + i, count) - read<T, Isa>(a.shift + i, count);
      write<T, Isa>(d * read<T, Isa>(a.scale + i, count) + read<T, Isa>(a.offset + i, count), y + i,
                    count);
    });
  }
}

template <class T, class Isa>
void affine_grad_block(const T* x, const T* gy, const AffineGrad<T>& a, int step, std::int64_t n,
                       T* gx) {
  using V = Pack<T, Isa>;
  if (step == 0) {
    const V shift = *a.shift, scale = *a.scale, slope = *a.slope, offset = *a.offset;
    for_packs<T, Isa>(n, [=](long i, int count) {
      const V d = read<T, Isa>(x + i, count) - shift;
      write<T, Isa>(read<T, Isa>(gy + i, count) * scale + (d * slope + offset), gx + i, count);
    });
  } else {
    for_packs<T, Isa>(n, [=](long i, int count) {
      const V d = read<T, Isa>(x + i, count) - read<T, Isa>(a.shift + i, count);
      const V line = d * read<T, Isa>(a.slope + i, count) + read<T, Isa>(a.offset + i, count);
      write<T, Isa>(read<T, Isa>(gy + i, count) * read<T, Isa>(a.scale + i, count) + line, gx + i,
                    count);
    });
  }
}

template <class T, class Isa>
void row_block(const T* x, const Row<T>& a, const T* gamma, const T* beta, std::int64_t n, T* y) {
  using V = Pack<T, Isa>;
  const V shift = a.shift, scale = a.scale, offset = a.offset;
  for_packs<T, Isa>(n, [=](long i, int count) {
    const V h = (read<T, Isa>(x + i, count) - shift) * scale + offset;
    write<T, Isa>(h * read<T, Isa>(gamma + i, count) + read<T, Isa>(beta + i, count), y + i, count);
  });
}

template <class T, class Isa>
Products row_products_block(const T* x, const T* gy, const T* gamma, T shift, std::int64_t n) {
  using V = Pack<T, Isa>;
  double sums[2];
  add_up<T, Isa>(
      1, n, n, sums,
      [&](std::int64_t i, V(&s)[2]) {
        const V v = V::load(gy + i) * V::load(gamma + i);
        s[0] = s[0] + v;
        s[1] = s[1] + v * (V::load(x + i) - V(shift));
      },
      [&](std::int64_t i, double(&s)[2]) {
        const double v = static_cast<double>(gy[i]) * static_cast<double>(gamma[i]);
        s[0] += v;
        s[1] += v * static_cast<double>(x[i] - shift);
      });
  return {sums[0], sums[1]};
}

template <class T, class Isa>
void row_grad_block(const T* x, const T* gy, const T* gamma, const RowGrad<T>& a, std::int64_t n,
                    T* gx, T* ggamma, T* gbeta) {
  using V = Pack<T, Isa>;
  const V shift = a.row.shift, scale = a.row.scale, offset = a.row.offset, slope = a.slope,
          line = a.line;
  for_packs<T, Isa>(n, [=](long i, int count) {
    const V d = read<T, Isa>(x + i, count) - shift, g = read<T, Isa>(gy + i, count);
    write<T, Isa>(g * read<T, Isa>(gamma + i, count) * scale + (d * slope + line), gx + i, count);
    write<T, Isa>(read<T, Isa>(ggamma + i, count) + g * (d * scale + offset), ggamma + i, count);
    write<T, Isa>(read<T, Isa>(gbeta + i, count) + g, gbeta + i, count);
  });
}

template <class T, class Isa>
const Normalize<T>& normalize_for() {
  static constexpr Normalize<T> table{moments_block<T, Isa>,  column_moments_block<T, Isa>,
                                      products_block<T, Isa>, column_products_block<T, Isa>,
                                      affine_block<T, Isa>,   affine_grad_block<T, Isa>,
                                      row_block<T, Isa>,      row_products_block<T, Isa>,
                                      row_grad_block<T, Isa>};
  return table;
}

}  // namespace autograd::kernels
