#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/array/concat.h"
#include "autograd/array/index.h"
#include "autograd/array/random.h"
#include "autograd/array/reduce.h"
#include "autograd/array/scan.h"
#include "autograd/array/softmax.h"

// Lengths, counts, axes and indices from one end of their type to the other: each is taken with the
// meaning that the header gives it, or is an Error.
namespace autograd {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min(),
                       kMax = std::numeric_limits<std::int64_t>::max();

// Around 0, around the length n and at the ends.
std::vector<std::int64_t> edges(std::int64_t n) {
  std::vector<std::int64_t> all = {kMin,         kMin + 1,        -(1LL << 62), -(1LL << 32) - 1,
                                   -(1LL << 32), -(1LL << 31),    1LL << 31,    (1LL << 31) - 1,
                                   1LL << 32,    (1LL << 32) + 1, 1LL << 33,    (1LL << 61) + 1,
                                   1LL << 62,    (1LL << 62) + 1, kMax - 1,     kMax};
  for (std::int64_t i = -n - 2; i <= n + 2; ++i) all.push_back(i);
  return all;
}
// Those that are an int.
std::vector<int> int_edges(int n) {
  std::vector<int> all;
  for (const std::int64_t e : edges(n))
    if (e == static_cast<int>(e)) all.push_back(static_cast<int>(e));
  all.push_back(std::numeric_limits<int>::min() + 1);
  return all;
}
// What no memory holds, or no length is: nothing that a test could allocate.
std::vector<std::int64_t> impossible() {
  std::vector<std::int64_t> all;
  for (const std::int64_t e : edges(2))
    if (e < 0 || e >= 1LL << 61) all.push_back(e);
  return all;
}

// Whether the call is taken; if not it must throw an Error of one sentence.
bool taken(const std::function<void()>& call) {
  try {
    call();
    return true;
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find(": "), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return false;
  }
}
bool within(std::int64_t i, std::int64_t low, std::int64_t high) { return low <= i && i < high; }

Array six() { return Array::arange(6, Dtype::float32).reshape({2, 3}); }

TEST(Bounds, OfShape) {
  const Shape s{2, 3, 4};
  for (const int axis : int_edges(3)) {
    const bool there = within(axis, -3, 3);
    std::int64_t length = 0;
    EXPECT_EQ(taken([&] { length = s[axis]; }), there) << axis;
    if (there) {
      EXPECT_EQ(length, s.begin()[(axis + 3) % 3]);
    }
    Shape changed = s;
    EXPECT_EQ(taken([&] { changed[axis] = 9; }), there) << axis;
    EXPECT_EQ(changed == s, !there);
    Shape shorter = s;
    EXPECT_EQ(taken([&] { shorter.erase(axis); }), there) << axis;
    EXPECT_EQ(shorter.ndim(), there ? 2 : 3);
    Shape longer = s;
    EXPECT_EQ(taken([&] { longer.insert(axis, 7); }), within(axis, -4, 4)) << axis;
    if (within(axis, -4, 4)) {
      EXPECT_EQ(longer[axis], 7);
    } else {
      EXPECT_EQ(longer, s);
    }
    for (const int last : int_edges(3)) {
      Shape part;
      const bool inside = 0 <= axis && axis <= last && last <= 3;
      EXPECT_EQ(taken([&] { part = s.slice(axis, last); }), inside) << axis << " " << last;
      EXPECT_EQ(part.ndim(), inside ? last - axis : 0);
    }
    Shape none, filled;
    EXPECT_FALSE(taken([&] { static_cast<void>(none[axis]); }));
    EXPECT_FALSE(taken([&] { none[axis] = 1; }));
    EXPECT_FALSE(taken([&] { none.erase(axis); }));
    EXPECT_EQ(taken([&] { filled = Shape::filled(axis, 5); }), within(axis, 0, kMaxDims + 1));
    EXPECT_EQ(taken([&] { normalize_axis("f", axis, 3); }), there);
    EXPECT_EQ(taken([&] { normalize_axis("f", 0, axis); }), within(axis, 1, kMaxDims + 1));
    EXPECT_EQ(taken([&] { Axes(axis).flags("f", 3); }), there);
    EXPECT_EQ(taken([&] { Axes(std::nullopt).flags("f", axis); }), within(axis, 0, kMaxDims + 1));
    EXPECT_EQ(taken([&] { static_cast<void>(Axes(0).flags("f", 3)[axis]); }),
              within(axis, 0, kMaxDims));
    EXPECT_EQ(taken([&] { PerAxis(3).along(axis, "f", "x"); }), within(axis, 0, kMaxDims + 1));
    EXPECT_EQ(taken([&] { PerAxis(3, 4).along(axis, "f", "x"); }), axis == 2);
  }
  EXPECT_FALSE(taken([] { static_cast<void>(Shape().back()); }));
  Shape full = Shape::filled(kMaxDims, 1);
  EXPECT_FALSE(taken([&] { full.push_back(1); }));
  EXPECT_FALSE(taken([&] { full.insert(0, 1); }));
  EXPECT_FALSE(taken([&] { Axes(std::vector<int>(kMaxDims + 1, 0)); }));
  EXPECT_FALSE(taken([&] { Shape(std::vector<std::int64_t>(kMaxDims + 1, 0)); }));
}

// The product and the strides, or an Error, never a number that has wrapped around.
TEST(Bounds, OfProductsOfLengths) {
  const std::vector<std::int64_t> lengths = edges(3);
  for (const std::int64_t a : lengths)
    for (const std::int64_t b : lengths)
      for (const std::int64_t c : {std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, kMax}) {
        std::int64_t n = 0;
        const Shape shape{a, b, c};
        const bool fits = taken([&] { n = shape.elements(); });
        if (a == 0 || b == 0 || c == 0) {
          EXPECT_TRUE(fits && n == 0) << to_string(shape);
        }
        if (fits) {
          EXPECT_EQ(static_cast<long double>(n), static_cast<long double>(a) *
                                                     static_cast<long double>(b) *
                                                     static_cast<long double>(c));
        }
        Shape strides;
        if (taken([&] { strides = contiguous_strides(shape); })) {
          EXPECT_EQ(static_cast<long double>(strides[0]),
                    static_cast<long double>(b) * static_cast<long double>(c));
        }
        if (a < 0 || b < 0 || c < 0 || !fits || n >= 1LL << 60) {
          EXPECT_FALSE(taken([&] { Array::empty(shape, Dtype::float32); })) << to_string(shape);
          EXPECT_FALSE(taken([&] { Array::zeros(shape, Dtype::uint8); })) << to_string(shape);
          EXPECT_FALSE(taken([&] { Array::full(shape, 1, Dtype::float64); })) << to_string(shape);
          EXPECT_FALSE(taken([&] { Array::scalar(1.f).broadcast_to(shape).copy(); }));
        } else if (n == 0 && taken([&] { contiguous_strides(shape); })) {
          EXPECT_EQ(Array::empty(shape, Dtype::float32).size(), 0);
        }
      }
}

TEST(Bounds, OfMakingArrays) {
  random::Generator generator(0);
  for (const std::int64_t n : impossible()) {
    EXPECT_FALSE(taken([&] { Array::empty({n}, Dtype::uint8); })) << n;
    EXPECT_FALSE(taken([&] { Array::zeros({3, n}, Dtype::float32); })) << n;
    EXPECT_FALSE(taken([&] { Array::full({n, n}, 1, Dtype::float32); })) << n;
    EXPECT_FALSE(taken([&] { Array::arange(n); })) << n;
    EXPECT_FALSE(taken([&] { Array::of({1.f, 2.f}, Shape{n}); })) << n;
    EXPECT_FALSE(taken([&] { Array::of({1.f, 2.f}, Shape{n, n}); })) << n;
    EXPECT_FALSE(taken([&] { array::standard_normal({n}, Dtype::float32, generator); })) << n;
    EXPECT_FALSE(taken([&] { array::rand({2, n}, Dtype::float32, generator); })) << n;
    EXPECT_FALSE(taken([&] { array::gumbel({n}, Dtype::float64, generator); })) << n;
    EXPECT_FALSE(taken([&] {
      array::choice(Array::of<double>({.5, .5}, Shape{1, 2}), n, generator);
    })) << n;
    EXPECT_FALSE(taken([&] { array::scatter({n}, 0, Array::scalar(1.f)); })) << n;
    if (n < 0) {
      EXPECT_FALSE(taken([&] { generator.permutation(n); })) << n;
    }
    EXPECT_FALSE(taken([&] { generator.choice(3, n, true); })) << n;
    EXPECT_FALSE(taken([&] { generator.choice(3, n, false); })) << n;
    EXPECT_FALSE(taken([&] { generator.choice(n, n, false); })) << n;
  }
}

TEST(Bounds, OfViews) {
  const Array x = six();
  const std::vector<std::int64_t> all = edges(3);
  for (const std::int64_t n : all) {
    EXPECT_EQ(taken([&] { x.reshape({n}); }), n == 6 || n == -1) << n;
    EXPECT_EQ(taken([&] { x.reshape({n, -1}); }), n == 1 || n == 2 || n == 3 || n == 6) << n;
    EXPECT_FALSE(taken([&] { x.reshape({n, n}); })) << n;
    EXPECT_EQ(taken([&] { Array::empty({0, 3}, Dtype::float32).reshape({n, 0}); }), n >= 0) << n;
    EXPECT_EQ(taken([&] { x.broadcast_to({n, 3}); }), n == 2) << n;
    EXPECT_EQ(taken([&] { x.slice(0, 0, 1).broadcast_to({n, 3}); }), n >= 0 && n <= kMax / 3) << n;
    EXPECT_EQ(taken([&] { x.broadcast_to({n, 2, 3}); }), n >= 0 && n <= kMax / 6) << n;
    EXPECT_EQ(taken([&] { x.select(0, n); }), within(n, -2, 2)) << n;
    EXPECT_EQ(taken([&] { x.as_strided({n}, {1}); }), within(n, 0, 7)) << n;
    EXPECT_EQ(taken([&] { x.as_strided({n}, {0}); }), n >= 0) << n;
    EXPECT_EQ(taken([&] { x.as_strided({2}, {n}); }), within(n, 0, 6)) << n;
    EXPECT_EQ(taken([&] { x.as_strided({2}, {n}, 5); }), within(n, -5, 1)) << n;
    EXPECT_EQ(taken([&] { x.as_strided({1}, {n}, 2); }), true) << n;
    EXPECT_EQ(taken([&] { x.as_strided({}, {}, n); }), within(n, 0, 6)) << n;
    EXPECT_EQ(taken([&] { x.select(0, 1).as_strided({}, {}, n); }), within(n, -3, 3)) << n;
    EXPECT_FALSE(taken([&] { x.as_strided({2, 2}, {n}); })) << n;
    for (const std::int64_t m : all)
      EXPECT_EQ(taken([&] {
                  x.as_strided({2, 2}, {n, m}, 2);
                }),
                within(n, -6, 6) && within(m, -6, 6) && within(2 + n, 0, 6) &&
                    within(2 + m, 0, 6) && within(2 + n + m, 0, 6))
          << n << " " << m;
  }
}

// Every slice is the one that a loop takes, or an Error.
TEST(Bounds, OfSlices) {
  const Array x = Array::arange(5);
  std::int64_t accepted = 0;
  for (const std::int64_t start : edges(5))
    for (const std::int64_t count : edges(5))
      for (const std::int64_t step : edges(5)) {
        bool fits = step != 0 && within(count, 0, 6) && within(start, 0, count == 0 ? 6 : 5);
        if (fits && count > 1)
          fits = within(step, -5, 6) && within(start + (count - 1) * step, 0, 5);
        std::vector<std::int64_t> got, wanted;
        ASSERT_EQ(taken([&] { got = x.slice(0, start, count, step).to_vector<std::int64_t>(); }),
                  fits)
            << start << " " << count << " " << step;
        for (std::int64_t i = 0; fits && i < count; ++i)
          wanted.push_back(count == 1 ? start : start + i * step);
        ASSERT_EQ(got, wanted) << start << " " << count << " " << step;
        accepted += fits;
      }
  EXPECT_GT(accepted, 200);
}

// Python's x[start:stop:step] takes whatever is there.
TEST(Bounds, OfIndices) {
  const Array x = Array::arange(4);
  const auto clipped = [](std::int64_t given, std::int64_t low, std::int64_t high) {
    return std::min(std::max(given < 0 ? given + 4 : given, low), high);
  };
  for (const std::int64_t start : edges(4)) {
    EXPECT_EQ(taken([&] { array::get_item(x, start); }), within(start, -4, 4)) << start;
    EXPECT_EQ(taken([&] { array::get_item(x, Array::scalar(start)); }), within(start, -4, 4));
    EXPECT_EQ(taken([&] { array::scatter({4}, start, Array::scalar(1.f)); }), within(start, -4, 4));
    for (const std::int64_t stop : edges(4))
      for (const std::int64_t step : edges(4)) {
        std::vector<std::int64_t> got, wanted;
        ASSERT_EQ(taken([&] {
                    got = array::get_item(x, Slice(start, stop, step)).to_vector<std::int64_t>();
                  }),
                  step != 0);
        if (step > 0)
          for (std::int64_t i = clipped(start, 0, 4), end = clipped(stop, 0, 4); i < end;
               i += std::min<std::int64_t>(step, 9))
            wanted.push_back(i);
        if (step < 0)
          for (std::int64_t i = clipped(start, -1, 3), end = clipped(stop, -1, 3); i > end;
               i += std::max<std::int64_t>(step, -9))
            wanted.push_back(i);
        ASSERT_EQ(got, wanted) << start << ":" << stop << ":" << step;
      }
  }
}

TEST(Bounds, OfAxes) {
  const Array x = six();
  for (const int axis : int_edges(2)) {
    const bool there = within(axis, -2, 2);
    EXPECT_EQ(taken([&] { x.length(axis); }), there) << axis;
    EXPECT_EQ(taken([&] { x.swapaxes(0, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { x.swapaxes(axis, 1); }), there) << axis;
    EXPECT_EQ(taken([&] { x.transpose({axis, 0}); }), axis == 1 || axis == -1) << axis;
    EXPECT_EQ(taken([&] { x.slice(axis, 0, 1); }), there) << axis;
    EXPECT_EQ(taken([&] { x.select(axis, 0); }), there) << axis;
    EXPECT_EQ(taken([&] { x.expand_dims(axis); }), within(axis, -3, 3)) << axis;
    EXPECT_EQ(taken([&] { x.reshape({1, 6}).squeeze(axis); }), axis == 0 || axis == -2) << axis;
    EXPECT_EQ(taken([&] { array::sum(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::max(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::min(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::argmax(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::argmin(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::cumsum(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::cumsum(x, axis, true); }), there) << axis;
    EXPECT_EQ(taken([&] { array::cumprod(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::recurrence(x, x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::logsumexp(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::softmax(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::log_softmax(x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::softmax_gradient(x, x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::log_softmax_gradient(x, x, axis); }), there) << axis;
    EXPECT_EQ(taken([&] { array::concat(Arrays{x, x}, axis); }), there) << axis;
    if (there) {
      const int from_start = axis < 0 ? axis + 2 : axis;
      EXPECT_TRUE(array_equal(array::softmax(x, axis), array::softmax(x, from_start)));
      EXPECT_TRUE(array_equal(array::cumsum(x, axis), array::cumsum(x, from_start)));
      EXPECT_EQ(array::concat(Arrays{x, x}, axis).length(axis), 2 * x.length(axis));
    }
  }
  EXPECT_FALSE(taken([&] { array::sum(x, {0, 0}); }));
  EXPECT_FALSE(taken([&] { array::concat({}, 0); }));
  EXPECT_FALSE(taken([&] { array::concat(Arrays{x, x.slice(1, 0, 2)}, 0); }));
  EXPECT_FALSE(taken([&] {
    const Array endless = Array::scalar(1.f).broadcast_to({kMax});
    array::concat(Arrays{endless, endless}, 0);
  }));
  for (const std::int64_t n : edges(3)) {
    EXPECT_EQ(taken([&] { array::sum_to(x, {n}); }), n == 1 || n == 3) << n;
    EXPECT_EQ(taken([&] { array::sum_to(x, {n, 3}); }), n == 1 || n == 2) << n;
    EXPECT_FALSE(taken([&] { array::sum_to(x, {n, 2, 3}); })) << n;
  }
}

}  // namespace
}  // namespace autograd
