#include "autograd/kernels/convolution/direct_convolution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "autograd/machine/parallel.h"

namespace autograd::kernels::direct {
namespace {

using testing::Types;

// How a convolution of n images of c channels (h, w) with k filters (kh, kw) is laid out.
Convolution sizes(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w, std::int64_t k,
                  std::int64_t kh, std::int64_t kw, std::int64_t oh, std::int64_t ow,
                  std::int64_t sy = 1, std::int64_t sx = 1, std::int64_t py = 0,
                  std::int64_t px = 0, std::int64_t dy = 1, std::int64_t dx = 1) {
  return {n, c, h, w, k, kh, kw, oh, ow, sy, sx, py, px, dy, dx, 1};
}

const Convolution kSizes[] = {
    sizes(5, 3, 32, 32, 8, 3, 3, 32, 32, 1, 1, 1, 1),
    sizes(9, 8, 32, 32, 16, 4, 4, 16, 16, 2, 2, 1, 1),
    sizes(3, 15, 16, 16, 3, 3, 3, 16, 16, 1, 1, 1, 1),
    sizes(2, 1, 28, 28, 13, 5, 5, 24, 24),                   // rows that end within a register
    sizes(3, 2, 5, 6, 3, 2, 3, 4, 4),                        // and that fill none
    sizes(2, 3, 9, 50, 4, 3, 2, 4, 17, 2, 3, 0, 1),          // strides that differ
    sizes(2, 2, 12, 40, 2, 3, 3, 10, 40, 1, 1, 1, 4, 2, 4),  // dilated
    sizes(2, 2, 20, 41, 5, 2, 3, 7, 20, 3, 2, 2, 1, 2, 3),   // both
    sizes(2, 3, 8, 20, 2, 2, 2, 3, 4, 3, 5),                 // places that no filter meets
    sizes(2, 3, 5, 6, 2, 2, 4, 2, 2, 3, 3),                  // beyond the image behind
    sizes(2, 1, 1, 1, 2, 3, 3, 7, 18, 1, 1, 4, 9),           // filters that miss the image
    sizes(1, 6, 90, 150, 7, 3, 3, 90, 150, 1, 1, 1, 1),      // an image of many bands
    sizes(2, 9, 65, 66, 4, 7, 7, 33, 33, 2, 2, 3, 3),
    sizes(1, 4, 3, 3000, 2, 2, 9, 2, 2992),  // of which a row is too many
    sizes(3, 1, 17, 17, 1, 1, 1, 17, 17),
};

template <class T>
std::vector<T> numbers(std::int64_t n, int seed) {
  std::vector<T> v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i)
    v[i] = static_cast<T>(
        std::fmod(0.618033988749895 * static_cast<double>(i + 1) + 0.37 * (seed + 1), 1.0) * 2 - 1);
  return v;
}

// Calls f(element of x, of W, of y) for all that meet.
template <class F>
void for_meetings(const Convolution& s, const F& f) {
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t k = 0; k < s.k; ++k)
      for (std::int64_t c = 0; c < s.c; ++c)
        for (std::int64_t i = 0; i < s.oh; ++i)
          for (std::int64_t u = 0; u < s.kh; ++u) {
            const std::int64_t row = i * s.sy + u * s.dy - s.py;
            if (row < 0 || row >= s.h) continue;
            for (std::int64_t j = 0; j < s.ow; ++j)
              for (std::int64_t v = 0; v < s.kw; ++v) {
                const std::int64_t column = j * s.sx + v * s.dx - s.px;
                if (column < 0 || column >= s.w) continue;
                f(((n * s.c + c) * s.h + row) * s.w + column, ((k * s.c + c) * s.kh + u) * s.kw + v,
                  ((n * s.k + k) * s.oh + i) * s.ow + j);
              }
          }
}

// What `compute` writes into n elements, given a workspace of which nothing may be read before.
template <class T, class Compute>
std::vector<T> computed(std::int64_t n, std::int64_t workspace, const Compute& compute) {
  const T nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> space(static_cast<std::size_t>(workspace) + 1, nan),
      result(static_cast<std::size_t>(n) + 1, T(77));
  compute(result.data(), space.data());
  EXPECT_TRUE(std::isnan(space.back()));
  EXPECT_EQ(result.back(), T(77));
  result.pop_back();
  return result;
}

template <class T>
struct Operands {
  explicit Operands(const Convolution& s)
      : x(numbers<T>(s.n * s.c * s.h * s.w, 0)),
        y(numbers<T>(s.n * s.k * s.oh * s.ow, 1)),
        W(numbers<T>(s.k * s.filter_size(), 2)),
        of_x(numbers<T>(s.c, 3)),
        of_y(numbers<T>(s.k, 4)) {}

  std::vector<T> x, y, W, of_x, of_y;  // the last two are biases
};

template <class T>
std::vector<T> maps(const Convolution& s, const Operands<T>& a, bool bias) {
  return computed<T>(std::ssize(a.y), convolve_workspace<T>(s), [&](T* y, T* workspace) {
    direct::convolve<T>(s, a.x.data(), a.W.data(), bias ? a.of_y.data() : nullptr, y, workspace);
  });
}
template <class T>
std::vector<T> images(const Convolution& s, const Operands<T>& a, bool bias) {
  return computed<T>(std::ssize(a.x), convolve_back_workspace<T>(s), [&](T* x, T* workspace) {
    direct::convolve_back<T>(s, a.y.data(), a.W.data(), bias ? a.of_x.data() : nullptr, x,
                             workspace);
  });
}
template <class T>
std::vector<T> filters(const Convolution& s, const Operands<T>& a) {
  return computed<T>(std::ssize(a.W), convolve_filters_workspace<T>(s), [&](T* W, T* workspace) {
    direct::convolve_filters<T>(s, a.x.data(), a.y.data(), W, workspace);
  });
}

template <class T>
void expect_near(const std::vector<T>& found, const std::vector<double>& expected) {
  double largest = 1;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-13;
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(static_cast<double>(found[i]), expected[i], tolerance * largest) << i;
}

template <class T>
class DirectConvolution : public ::testing::Test {};
using Floats = Types<float, double>;
TYPED_TEST_SUITE(DirectConvolution, Floats);

TYPED_TEST(DirectConvolution, IsAsDefined) {
  using T = TypeParam;
  for (const Convolution& s : kSizes) {
    SCOPED_TRACE(&s - kSizes);
    ASSERT_TRUE(possible(s));
    const Operands<T> a(s);
    for (const bool bias : {false, true}) {
      std::vector<double> x(a.x.size()), y(a.y.size()), W(a.W.size());
      const auto pixels = static_cast<std::size_t>(s.h * s.w),
                 places = static_cast<std::size_t>(s.oh * s.ow);
      for (std::size_t i = 0; bias && i < x.size(); ++i)
        x[i] = static_cast<double>(a.of_x[i / pixels % a.of_x.size()]);
      for (std::size_t i = 0; bias && i < y.size(); ++i)
        y[i] = static_cast<double>(a.of_y[i / places % a.of_y.size()]);
      for_meetings(s, [&](std::int64_t i, std::int64_t j, std::int64_t k) {
        const auto at_x = static_cast<std::size_t>(i), at_W = static_cast<std::size_t>(j),
                   at_y = static_cast<std::size_t>(k);
        x[at_x] += static_cast<double>(a.W[at_W]) * static_cast<double>(a.y[at_y]);
        y[at_y] += static_cast<double>(a.W[at_W]) * static_cast<double>(a.x[at_x]);
        W[at_W] += static_cast<double>(a.x[at_x]) * static_cast<double>(a.y[at_y]);
      });
      expect_near(maps(s, a, bias), y);
      expect_near(images(s, a, bias), x);
      if (!bias) expect_near(filters(s, a), W);
    }
  }
}

TYPED_TEST(DirectConvolution, GivesTheSameBitsForAnyNumberOfThreads) {
  using T = TypeParam;
  const int threads = parallel::threads();
  for (const Convolution& s : kSizes) {
    SCOPED_TRACE(&s - kSizes);
    const Operands<T> a(s);
    parallel::set_threads(1);
    const auto y = maps(s, a, true), x = images(s, a, true), W = filters(s, a);
    for (const int n : {2, 4}) {
      parallel::set_threads(n);
      EXPECT_EQ(maps(s, a, true), y);
      EXPECT_EQ(images(s, a, true), x);
      EXPECT_EQ(filters(s, a), W);
    }
  }
  parallel::set_threads(threads);
}

// What a pixel does not meet does not depend on it.
TYPED_TEST(DirectConvolution, KeepsAnInfinitePixelWhereItBelongs) {
  using T = TypeParam;
  for (const Convolution& s : kSizes) {
    SCOPED_TRACE(&s - kSizes);
    for (const std::int64_t pixel : {std::int64_t{0}, s.w - 1, s.h * s.w - 1}) {
      Operands<T> a(s);
      a.x[static_cast<std::size_t>(pixel)] = std::numeric_limits<T>::infinity();
      std::vector<bool> y_meets(a.y.size()), W_meets(a.W.size());
      for_meetings(s, [&](std::int64_t i, std::int64_t j, std::int64_t k) {
        if (i != pixel) return;
        W_meets[static_cast<std::size_t>(j)] = true;
        y_meets[static_cast<std::size_t>(k)] = true;
      });
      const auto y = maps(s, a, false), W = filters(s, a);
      for (std::size_t i = 0; i < y.size(); ++i) ASSERT_NE(std::isfinite(y[i]), y_meets[i]) << i;
      for (std::size_t i = 0; i < W.size(); ++i) ASSERT_NE(std::isfinite(W[i]), W_meets[i]) << i;
    }
  }
}

TEST(DirectConvolutionPays, WhereChannelsAreFewAndRowsLong) {
  const auto pays = [](std::int64_t c, std::int64_t k, std::int64_t length) {
    return convolve_pays<float>(sizes(1, c, length, length, k, 3, 3, length, length, 1, 1, 1, 1));
  };
  EXPECT_TRUE(pays(3, 8, 32));
  EXPECT_FALSE(pays(64, 64, 32));
  EXPECT_FALSE(pays(3, 8, 3));
  Convolution grouped = kSizes[0];
  grouped.groups = 3;
  EXPECT_FALSE(possible(grouped));
  EXPECT_FALSE(possible(sizes(0, 3, 32, 32, 8, 3, 3, 32, 32, 1, 1, 1, 1)));
  EXPECT_FALSE(possible(sizes(1, 1, 40, 40, 1, 9, 9, 32, 32)));
}

}  // namespace
}  // namespace autograd::kernels::direct
