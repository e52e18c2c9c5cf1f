#pragma once

#include "autograd/kernels/convolution/direct_convolution.h"
#include "autograd/kernels/pack.h"

// Included only by the translation units of this folder.
namespace autograd::kernels::direct {

template <class T, class Isa>
void copy(const T* __restrict__ from, std::int64_t n, T* __restrict__ to) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t w = V::size;
  if (n == w) {
    V::load(from).store(to);
  } else if (n == 2 * w) {  // a call of memmove, which the loop becomes, would take longer
    V::load(from).store(to);
    V::load(from + w).store(to + w);
  } else {
    for (std::int64_t i = 0; i < n; ++i) to[i] = from[i];
  }
}

// Pixels j, j + sx, j + 2 sx, ... of a row belong to elements (j - left) / sx and on of the planes
// (j - left) % sx.
template <class Isa>
struct Residue {
  Residue(const Split& s, std::int64_t j)
      : target((j - s.left) % s.sx * s.rows * s.pitch + (j - s.left) / s.sx),
        count((s.width - j + s.sx - 1) / s.sx) {
    const std::int64_t fit = s.pitch - (j - s.left) / s.sx;
    if (count > fit) count = fit;
    if (count < 0) count = 0;
  }
  std::int64_t target, count;
};

template <class T, class Isa>
void split(const Split& s, const T* image, T* planes) {
  const std::int64_t plane = s.rows * s.pitch;
  const Residue<Isa> even(s, 0), odd(s, s.sx == 2 ? 1 : 0);
  const std::int64_t both = odd.count < even.count ? odd.count : even.count;
  for (std::int64_t a = 0; a < s.sy; ++a, planes += s.sx * plane)
    for (std::int64_t q = 0; q < s.rows; ++q) {
      const std::int64_t i = q * s.sy + a + s.top;
      const T* __restrict__ row = image + i * s.width;
      T* first = planes + q * s.pitch;
      if (i < 0 || i >= s.height) {
        for (std::int64_t b = 0; b < s.sx; ++b)
          for (std::int64_t p = 0; p < s.pitch; ++p) first[b * plane + p] = 0;
      } else if (s.sx == 1) {
        copy<T, Isa>(row, even.count, first + even.target);
      } else if (s.sx == 2) {
        T* __restrict__ at0 = first + even.target, * __restrict__ at1 = first + odd.target;
        for (std::int64_t m = 0; m < both; ++m) {
          at0[m] = row[2 * m];
          at1[m] = row[2 * m + 1];
        }
        for (std::int64_t m = both; m < even.count; ++m) at0[m] = row[2 * m];
        for (std::int64_t m = both; m < odd.count; ++m) at1[m] = row[2 * m + 1];
      } else {
        for (std::int64_t j = 0; j < s.sx; ++j) {
          const Residue<Isa> some(s, j);
          for (std::int64_t m = 0; m < some.count; ++m) first[some.target + m] = row[m * s.sx + j];
        }
      }
    }
}

template <class T, class Isa, int kStride>
void interleave_lines(const T* __restrict__ lines, std::int64_t stride, std::int64_t pitch,
                      std::int64_t width, T* __restrict__ row) {
  const std::int64_t n = kStride ? kStride : stride, whole = width / n;
  for (std::int64_t j = 0; j < whole; ++j)
    for (std::int64_t b = 0; b < n; ++b) row[j * n + b] = lines[b * pitch + j];
  for (std::int64_t b = 0; b < width - whole * n; ++b)
    row[whole * n + b] = lines[b * pitch + whole];
}

template <class T, class Isa>
void interleave(const T* lines, std::int64_t stride, std::int64_t pitch, std::int64_t width,
                T* row) {
  const auto f = stride == 2 ? interleave_lines<T, Isa, 2> : interleave_lines<T, Isa, 0>;
  f(lines, stride, pitch, width, row);
}

// The number of registers per map that hold sums at once, for `outs` maps. AVX-512 has 32
// registers, the other instruction sets have 16; some must be left for the factors.
template <class T, class Isa>
constexpr int registers_of_each(int outs) {
  constexpr bool many = Pack<T, Isa>::size * sizeof(T) == 64;
  return outs == 8 ? (many ? 3 : 1) : outs >= 3 ? (many ? 6 : 3) : (many ? 8 : 4);
}

// Calls body.template operator()<n>(first) for blocks of n maps, with the best block size for the
// registers.
template <class T, class Isa, class Body>
void for_outs(std::int64_t outs, const Body& body) {
  std::int64_t o = 0;
  if constexpr (Pack<T, Isa>::size * sizeof(T) == 64)
    for (; outs - o >= 8; o += 8) body.template operator()<8>(o);
  for (; outs - o >= 4; o += 4) body.template operator()<4>(o);
  if (outs - o == 3) body.template operator()<3>(o);
  if (outs - o == 2) body.template operator()<2>(o);
  if (outs - o == 1) body.template operator()<1>(o);
}

// Calls body.template operator()<n>(first) for blocks of n out of `all`: blocks of kMost, and
// smaller ones for the remainder.
template <class Isa, int kMost, class Body>
void for_blocks(std::int64_t all, const Body& body) {
  constexpr int kHalf = (kMost + 1) / 2;
  std::int64_t i = 0;
  for (; i + kMost <= all; i += kMost) body.template operator()<kMost>(i);
  if constexpr (kHalf > 1 && kHalf < kMost)
    if (i + kHalf <= all) {
      body.template operator()<kHalf>(i);
      i += kHalf;
    }
  if constexpr (kMost > 1)
    for (; i < all; ++i) body.template operator()<1>(i);
}

// Where register j of a row of a map begins: the last register overlaps the one before it, if any.
template <class T, class Isa>
std::int64_t column_of(std::int64_t j, std::int64_t columns) {
  constexpr std::int64_t w = Pack<T, Isa>::size;
  const std::int64_t most = columns - w > 0 ? columns - w : 0;
  return j * w < most ? j * w : most;
}

// Computes kOuts maps from `y.p` on, at kPlaces registers starting with register `first`.
template <class T, class Isa, int kOuts, int kPlaces>
void correlate_tile(const Shifts& s, const T* source, const T* W, std::int64_t outs, const T* b,
                    const Maps<T>& y, std::int64_t first) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t w = V::size;
  const std::int64_t across = (y.columns + w - 1) / w;
  std::int64_t from[kPlaces];
  T* to[kPlaces];
  for (int p = 0; p < kPlaces; ++p) {
    const std::int64_t row = (first + p) / across,
                       column = column_of<T, Isa>((first + p) % across, y.columns);
    from[p] = row * s.pitch + column;
    to[p] = y.p + row * y.pitch + column;
  }
  typename V::Batch sum[kOuts][kPlaces];
#pragma GCC unroll 8
  for (int o = 0; o < kOuts; ++o)
#pragma GCC unroll 8
    for (int p = 0; p < kPlaces; ++p) sum[o][p] = V(b[o]).v;
  for (std::int64_t c = 0; c < s.channels; ++c, source += s.channel_stride)
    for (std::int64_t k = 0; k < s.count; ++k, W += outs) {
      const T* at = source + s.offset[k];
      typename V::Batch x[kPlaces];
#pragma GCC unroll 8
      for (int p = 0; p < kPlaces; ++p) x[p] = V::load(at + from[p]).v;
#pragma GCC unroll 8
      for (int o = 0; o < kOuts; ++o) {
        const typename V::Batch factor(W[o]);
#pragma GCC unroll 8
        for (int p = 0; p < kPlaces; ++p) sum[o][p] = fma(V(factor), V(x[p]), V(sum[o][p])).v;
      }
    }
  if (y.columns >= w) {
#pragma GCC unroll 8
    for (int p = 0; p < kPlaces; ++p)
#pragma GCC unroll 8
      for (int o = 0; o < kOuts; ++o) V(sum[o][p]).store(to[p] + o * y.stride);
    return;
  }
  T lanes[kOuts][kPlaces][w];
#pragma GCC unroll 8
  for (int p = 0; p < kPlaces; ++p)
#pragma GCC unroll 8
    for (int o = 0; o < kOuts; ++o) V(sum[o][p]).store(lanes[o][p]);
  for (int p = 0; p < kPlaces; ++p)
    for (int o = 0; o < kOuts; ++o)
      for (std::int64_t i = 0; i < y.columns; ++i) to[p][o * y.stride + i] = lanes[o][p][i];
}

template <class T, class Isa>
void correlate(const Shifts& s, const T* source, const T* W, const T* b, const Maps<T>& y) {
  constexpr std::int64_t w = Pack<T, Isa>::size;
  const std::int64_t places = (y.columns + w - 1) / w * y.rows;
  for_outs<T, Isa>(y.outs, [&]<int kOuts>(std::int64_t o) {
    Maps<T> maps = y;
    maps.p += o * y.stride;
    for_blocks<Isa, registers_of_each<T, Isa>(kOuts)>(places, [&]<int kPlaces>(std::int64_t i) {
      correlate_tile<T, Isa, kOuts, kPlaces>(s, source, W + o, y.outs, b + o, maps, i);
    });
  });
}

// For each block of maps: the registers of one place, then those of the next place.
template <class T, class Isa>
void pack(const Maps<const T>& y, std::int64_t images, std::int64_t distance, T* packed) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t w = V::size;
  for_outs<T, Isa>(y.outs, [&]<int kOuts>(std::int64_t first) {
    for (std::int64_t image = 0; image < images; ++image)
      for (std::int64_t i = 0; i < y.rows; ++i)
        for (std::int64_t j = 0; j < y.columns; j += w) {
          const T* from = y.p + image * distance + first * y.stride + i * y.pitch + j;
          const std::int64_t left = y.columns - j;
          if (left >= w) {
            for (int o = 0; o < kOuts; ++o, packed += w) V::load(from + o * y.stride).store(packed);
          } else {
            for (int o = 0; o < kOuts; ++o, packed += w)
              for (std::int64_t k = 0; k < w; ++k)
                packed[k] = k < left ? from[o * y.stride + k] : 0;
          }
        }
  });
}

// For some places: where the source's registers begin, and how many of their lanes correspond to
// map elements.
template <class Isa>
struct Places {
  static constexpr int kMost = 64;
  int count = 0;
  std::int64_t at[kMost];
  std::int32_t lanes[kMost];
};

// Without this, g++ reloads the value for each use, as a memory operand of the instruction.
template <class T, class Isa>
void hold_in_register([[maybe_unused]] typename Pack<T, Isa>::Batch& v) {
#ifdef __x86_64__
  asm("" : "+v"(v.data));
#endif
}

// The sums for kOuts maps g and kShifts shifts of a source, which begin at `from`. If rows end
// within a register (kRest), the maps are 0 beyond the end, but the source may be infinite there.
// Not inlined, so that the caller's variables take no registers.
template <class T, class Isa, int kOuts, int kShifts, bool kRest>
[[gnu::noinline]] void accumulate_tile(const T* const* from, const Places<Isa>& places, const T* g,
                                       std::int64_t outs, T* sums) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t w = V::size;
  T numbers[w];
  for (int i = 0; i < w; ++i) numbers[i] = static_cast<T>(i);
  const V lane = V::load(numbers);
  typename V::Batch sum[kShifts][kOuts];
#pragma GCC unroll 8
  for (int k = 0; k < kShifts; ++k)
#pragma GCC unroll 8
    for (int o = 0; o < kOuts; ++o) sum[k][o] = V::load(sums + (k * outs + o) * w).v;
  for (int i = 0; i < places.count; ++i, g += kOuts * w) {
    typename V::Batch x[kShifts];
#pragma GCC unroll 8
    for (int k = 0; k < kShifts; ++k) {
      const V all = V::load(from[k] + places.at[i]);
      x[k] = kRest ? select(lane < V(places.lanes[i]), all, V(0)).v : all.v;
    }
#pragma GCC unroll 8
    for (int o = 0; o < kOuts; ++o) {
      typename V::Batch factor = V::load(g + o * w).v;
      hold_in_register<T, Isa>(factor);
#pragma GCC unroll 8
      for (int k = 0; k < kShifts; ++k) sum[k][o] = fma(V(factor), V(x[k]), V(sum[k][o])).v;
    }
  }
#pragma GCC unroll 8
  for (int k = 0; k < kShifts; ++k)
#pragma GCC unroll 8
    for (int o = 0; o < kOuts; ++o) V(sum[k][o]).store(sums + (k * outs + o) * w);
}

template <class T, class Isa>
void accumulate(const Shifts& s, const T* source, std::int64_t images, std::int64_t distance,
                const Maps<const T>& y, T* sums) {
  constexpr std::int64_t w = Pack<T, Isa>::size;
  const std::int64_t across = (y.columns + w - 1) / w, of_image = y.rows * across;
  Places<Isa> places;
  for (std::int64_t begin = 0; begin < images * of_image; begin += places.count) {
    for (places.count = 0;
         places.count < Places<Isa>::kMost && begin + places.count < images * of_image;
         ++places.count) {
      const std::int64_t i = begin + places.count, row = i % of_image / across,
                         column = i % across * w, left = y.columns - column;
      places.at[places.count] = i / of_image * distance + row * s.pitch + column;
      places.lanes[places.count] = static_cast<std::int32_t>(left < w ? left : w);
    }
    for_outs<T, Isa>(y.outs, [&]<int kOuts>(std::int64_t o) {
      const T* g = y.p + (o * images * of_image + begin * kOuts) * w;
      for_blocks<Isa, registers_of_each<T, Isa>(kOuts)>(
          s.channels * s.count, [&]<int kShifts>(std::int64_t first) {
            const T* from[kShifts];
            for (int k = 0; k < kShifts; ++k)
              from[k] = source + (first + k) / s.count * s.channel_stride +
                        s.offset[(first + k) % s.count];
            const auto tile = y.columns % w ? accumulate_tile<T, Isa, kOuts, kShifts, true>
                                            : accumulate_tile<T, Isa, kOuts, kShifts, false>;
            tile(from, places, g, y.outs, sums + (first * y.outs + o) * w);
          });
    });
  }
}

template <class T, class Isa>
void sum_lanes(const T* x, std::int64_t n, T* y) {
  using V = Pack<T, Isa>;
  for (std::int64_t i = 0; i < n; ++i) y[i] = xsimd::hadd(V::load(x + i * V::size).v);
}

template <class T, class Isa>
const Kernels<T>& kernels_for() {
  static constexpr Kernels<T> table{Pack<T, Isa>::size, split<T, Isa>,      correlate<T, Isa>,
                                    pack<T, Isa>,       accumulate<T, Isa>, sum_lanes<T, Isa>,
                                    interleave<T, Isa>};
  return table;
}

}  // namespace autograd::kernels::direct
