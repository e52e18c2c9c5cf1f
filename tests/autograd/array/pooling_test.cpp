#include "autograd/array/pooling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/machine/parallel.h"
#include "tests/autograd/array/naive.h"

namespace autograd::array {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

struct Geometry {
  HeightWidth size;
  PoolWindow window;
  HeightWidth out;
};

// Windows that overlap, that touch, with gaps between; that stand out on either side, or lie in the
// padding alone; of one pixel, and larger than the image.
const Geometry kGeometries[] = {
    {{6, 4}, {2, 2, 0}, {3, 2}},
    {{5, 7}, {2, 2, 0}, {3, 4}},
    {{5, 6}, {3, 2, 1}, {3, 3}},
    {{5, 5}, {{3, 2}, 1, 0}, {3, 4}},
    {{7, 9}, {{1, 2}, {3, 3}, 0}, {3, 3}},
    {{5, 5}, {3, 3, 1}, {3, 3}},
    {{9, 8}, {{2, 5}, {2, 5}, {1, 4}}, {5, 4}},
    {{3, 3}, {3, 3, 3}, {3, 3}},
    {{1, 1}, {1, 1, 0}, {1, 1}},
    {{3, 2}, {7, {1, 2}, 3}, {3, 1}},
    {{4, 41}, {{2, 3}, {1, 2}, {0, 1}}, {3, 21}},
    {{0, 3}, {{1, 3}, 1, {1, 0}}, {2, 1}},
    {{3, 50}, {{3, 2}, 2, {2, 1}}, {3, 26}},
    {{7, 75}, {2, 2, 0}, {3, 37}},
};

// What lies in window (i, j), place by place: f(place, index into the plane or -1).
template <class F>
void walk(const Geometry& g, std::int64_t i, std::int64_t j, const F& f) {
  for (std::int64_t u = 0; u < g.window.ksize.height; ++u)
    for (std::int64_t v = 0; v < g.window.ksize.width; ++v) {
      const std::int64_t y = i * g.window.stride.height - g.window.pad.height + u;
      const std::int64_t x = j * g.window.stride.width - g.window.pad.width + v;
      const bool inside = y >= 0 && y < g.size.height && x >= 0 && x < g.size.width;
      f(u * g.window.ksize.width + v, inside ? y * g.size.width + x : -1);
    }
}

// Small whole numbers, so that sums are exact, and with many ties.
Array images(HeightWidth size, Dtype dtype) {
  Array a = Array::empty({2, 3, size.height, size.width}, Dtype::float64);
  double* p = a.mutable_data<double>();
  for (std::int64_t i = 0; i < a.size(); ++i) p[i] = static_cast<double>(i * 7919 % 11) - 5;
  return a.astype(dtype);
}

using Numbers = std::vector<double>;

class Pooling : public ::testing::TestWithParam<std::tuple<int, Dtype>> {
 protected:
  Geometry g = kGeometries[std::get<0>(GetParam())];
  Dtype dtype = std::get<1>(GetParam());
  Array x = images(g.size, dtype), y = images(g.out, dtype);
  std::int64_t plane = g.size.height * g.size.width, windows = g.out.height * g.out.width;
  Numbers xs = x.to_vector<double>(), ys = y.to_vector<double>();

  // Calls f(window's number, index of the plane's first pixel, i, j).
  template <class F>
  void each_window(const F& f) {
    for (std::int64_t p = 0; p < 6; ++p)
      for (std::int64_t k = 0; k < windows; ++k)
        f(static_cast<std::size_t>(p * windows + k), p * plane, k / g.out.width, k % g.out.width);
  }
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
};

TEST_P(Pooling, MaximaAndTheirPlaces) {
  Numbers best(ys.size(), -kInf), place(ys.size(), 0);
  each_window([&](std::size_t k, std::int64_t first, std::int64_t i, std::int64_t j) {
    walk(g, i, j, [&](std::int64_t here, std::int64_t pixel) {
      const double v = pixel < 0 ? -kInf : xs[at(first + pixel)];
      if (v > best[k]) best[k] = v, place[k] = static_cast<double>(here);
    });
  });
  const WindowMax r = window_max(x, g.window, g.out);
  EXPECT_EQ(r.y.dtype(), dtype);
  EXPECT_EQ(r.y.to_vector<double>(), best);
  EXPECT_EQ(r.place.to_vector<double>(), place);

  // Picked at those places are the maxima, and 0 where there is no pixel; putting is the adjoint.
  for (double& v : best) v = v == -kInf ? 0 : v;
  EXPECT_EQ(window_pick(x, r.place, g.window).to_vector<double>(), best);
  Numbers put(xs.size(), 0);
  each_window([&](std::size_t k, std::int64_t first, std::int64_t i, std::int64_t j) {
    walk(g, i, j, [&](std::int64_t here, std::int64_t pixel) {
      if (pixel >= 0 && static_cast<double>(here) == place[k]) put[at(first + pixel)] += ys[k];
    });
  });
  EXPECT_EQ(window_put(y, r.place, g.window, g.size).to_vector<double>(), put);
}

TEST_P(Pooling, SumsAndTheirAdjoint) {
  Numbers sums(ys.size(), 0), spread(xs.size(), 0);
  each_window([&](std::size_t k, std::int64_t first, std::int64_t i, std::int64_t j) {
    walk(g, i, j, [&](std::int64_t, std::int64_t pixel) {
      if (pixel < 0) return;
      sums[k] += 0.5 * xs[at(first + pixel)];
      spread[at(first + pixel)] += 0.25 * ys[k];
    });
  });
  EXPECT_EQ(window_sum(x, g.window, g.out, 0.5).to_vector<double>(), sums);
  EXPECT_EQ(window_spread(y, g.window, g.size, 0.25).to_vector<double>(), spread);
}

INSTANTIATE_TEST_SUITE_P(
    Geometries, Pooling,
    ::testing::Combine(::testing::Range(0, static_cast<int>(std::size(kGeometries))),
                       ::testing::Values(Dtype::float32, Dtype::float64)));

TEST(WindowMax, NanWinsAndInfinitiesCompare) {
  const double nan = std::nan("");
  const Array x = Array::of<double>({1, nan, nan, 2, -kInf, -kInf, kInf, 3}, Shape{1, 1, 1, 8});
  const WindowMax r = window_max(x, {{1, 2}, {1, 2}, 0}, {1, 4});
  const Numbers y = r.y.to_vector<double>();
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]));
  EXPECT_EQ(y[2], -kInf);
  EXPECT_EQ(y[3], kInf);
  EXPECT_EQ(r.place.to_vector<double>(), (Numbers{1, 0, 0, 0}));
  const WindowMax all = window_max(x, {{1, 8}, 1, 0}, {1, 1});
  EXPECT_EQ(all.place.item(), 1);
}

// In long rows of windows, where a NaN may be in any place of one.
TEST(WindowMax, NanWinsInEachPlaceOfWindowsOfFour) {
  for (const Dtype dtype : {Dtype::float32, Dtype::float64})
    for (std::int64_t place = 0; place < 4; ++place) {
      Array x = images({6, 80}, Dtype::float64);
      const std::int64_t pixel = (2 + place / 2) * 80 + 2 * 33 + place % 2;
      x.mutable_data<double>()[pixel] = std::nan("");
      x.mutable_data<double>()[3 * 80 + 2 * 33 + 1] = std::nan("");  // the last one of the window
      const WindowMax r = window_max(x.astype(dtype), {2, 2, 0}, {3, 40});
      const WindowMax whole = window_max(images({6, 80}, dtype), {2, 2, 0}, {3, 40});
      const Numbers y = r.y.to_vector<double>(), places = r.place.to_vector<double>();
      const Numbers other = whole.y.to_vector<double>(),
                    other_places = whole.place.to_vector<double>();
      for (std::size_t i = 0; i < y.size(); ++i) {
        const bool here = i == 40 + 33;
        EXPECT_EQ(std::isnan(y[i]), here) << i;
        EXPECT_EQ(places[i], here ? static_cast<double>(place) : other_places[i]) << i;
        EXPECT_TRUE(here || y[i] == other[i]) << i;
      }
    }
}

TEST(Pooling, DoesNotDependOnTheNumberOfThreads) {
  const Array x = naive::numbers({7, 5, 31, 33}, Dtype::float32);
  const PoolWindow w{3, 2, 1};
  const int before = parallel::threads();
  std::vector<Arrays> results;
  for (const int threads : {1, 2, 4}) {
    parallel::set_threads(threads);
    const WindowMax r = window_max(x, w, {16, 17});
    results.push_back({r.y, r.place, window_sum(x, w, {16, 17}, 1. / 9),
                       window_spread(r.y, w, {31, 33}, 1. / 9), window_pick(x, r.place, w),
                       window_put(r.y, r.place, w, {31, 33})});
  }
  parallel::set_threads(before);
  for (std::size_t t = 1; t < results.size(); ++t)
    for (std::size_t i = 0; i < results[0].size(); ++i)
      EXPECT_TRUE(array_equal(results[t][i], results[0][i])) << i;
}

}  // namespace
}  // namespace autograd::array
