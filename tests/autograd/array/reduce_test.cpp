#include "autograd/array/reduce.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "autograd/machine/parallel.h"
#include "tests/autograd/array/naive.h"
#include "tests/message.h"

namespace autograd::array {
namespace {

using naive::element;
using naive::elements;
using naive::numbers;

// All subsets of the axes of an array with n axes, as lists.
std::vector<std::vector<int>> subsets(int n) {
  std::vector<std::vector<int>> all;
  for (int bits = 1; bits < 1 << n; ++bits) {
    std::vector<int> axes;
    for (int i = 0; i < n; ++i)
      if (bits >> i & 1) axes.push_back(i);
    all.push_back(axes);
  }
  return all;
}

template <class F>
std::vector<double> reduced(const Array& x, const std::vector<int>& axes, double start,
                            const F& f) {
  const auto flags = Axes(axes).flags("test", x.ndim());
  const Shape shape = reduced_shape(x.shape(), flags, true);
  std::vector<double> out(static_cast<std::size_t>(shape.elements()), start);
  const Shape strides = contiguous_strides(shape);
  naive::for_each_index(x.shape(), [&](const Shape& i) {
    std::int64_t at = 0;
    for (int k = 0; k < x.ndim(); ++k)
      if (!flags[k]) at += i[k] * strides[k];
    double& o = out[static_cast<std::size_t>(at)];
    o = f(o, element(x, i));
  });
  return out;
}

TEST(Reduce, AgreesWithTheObviousLoops) {
  const std::vector<Shape> shapes = {{1},        {5},       {3, 4},    {70, 3},      {3, 70},
                                     {200, 130}, {2, 3, 4}, {5, 1, 3}, {2, 3, 4, 5}, {66, 2, 67}};
  for (const Shape& shape : shapes)
    for (Dtype dtype : {Dtype::float32, Dtype::float64})
      for (const Array& x : {numbers(shape, dtype), numbers(shape, dtype).transpose()})
        for (const auto& axes : subsets(x.ndim())) {
          // Sums of whole numbers are exact.
          EXPECT_EQ(elements(sum(x, Axes(axes))),
                    reduced(x, axes, 0, [](double a, double b) { return a + b; }));
          EXPECT_EQ(elements(max(x, Axes(axes))),
                    reduced(x, axes, -1, [](double a, double b) { return std::max(a, b); }));
          EXPECT_EQ(elements(min(x, Axes(axes))),
                    reduced(x, axes, 1e9, [](double a, double b) { return std::min(a, b); }));
          EXPECT_EQ(sum(x, Axes(axes), true).shape(),
                    reduced_shape(x.shape(), Axes(axes).flags("", x.ndim()), true));
        }
}

TEST(Reduce, EmptyAndScalarArrays) {
  EXPECT_EQ(sum(Array::zeros({0}, Dtype::float32)).item(), 0);
  EXPECT_EQ(elements(sum(Array::zeros({2, 0}, Dtype::float32), 1)), (std::vector<double>{0, 0}));
  EXPECT_EQ(sum(Array::zeros({2, 0}, Dtype::float32), 0).shape(), Shape{0});
  EXPECT_EQ(max(Array::zeros({2, 0}, Dtype::float32), 0).shape(), Shape{0});
  EXPECT_EQ(sum(Array::scalar(3.f)).item(), 3);
  EXPECT_EQ(max(Array::scalar(3.f)).item(), 3);
  EXPECT_EQ(argmax(Array::scalar(3.f)).item(), 0);
  EXPECT_EQ(message_of([] {
              max(Array::zeros({2, 0}, Dtype::float32));
            }),
            "max: an axis of length 0 has no maximum or minimum, but x is float32(2, 0)");
  EXPECT_EQ(message_of([] { argmin(Array::zeros({0}, Dtype::float32)); }),
            "argmin: an axis of length 0 has no maximum or minimum, but x is float32(0)");
  EXPECT_EQ(message_of([] { sum(Array::zeros({2}, Dtype::float32), 1); }),
            "sum: axis must be in [-1, 1) for an array of 1 axes, but it is 1");
}

// A kernel adds 4096 numbers in 4 registers of at least 2 lanes: at most 512 additions in a row,
// then pairs in double.
TEST(Reduce, SumsOfTenMillionNumbersStayAccurate) {
  constexpr std::int64_t n = 10'000'000;
  Array x = Array::empty({n}, Dtype::float32);
  float* p = x.mutable_data<float>();
  long double exact = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    p[i] = 0.1f + static_cast<float>(i % 1000) * 1e-3f;
    exact += static_cast<long double>(p[i]);
  }
  const double relative = std::abs(sum(x).item() / static_cast<double>(exact) - 1);
  EXPECT_LT(relative, 3e-7);  // a naive loop in float32 is off by 1e-2
  const Array rows = x.reshape({n / 10, 10});
  const Array columns = sum(rows, 0);
  for (std::int64_t j = 0; j < 10; ++j) {
    long double column = 0;
    for (std::int64_t i = 0; i < n / 10; ++i) column += static_cast<long double>(p[i * 10 + j]);
    EXPECT_LT(std::abs(element(columns, {j}) / static_cast<double>(column) - 1), 3e-6) << j;
  }
}

TEST(Reduce, NanWinsWhereverItStands) {
  for (std::int64_t n : {1, 2, 7, 33})
    for (std::int64_t at = 0; at < n; ++at) {
      Array x = numbers({n}, Dtype::float32);
      x.mutable_data<float>()[at] = NAN;
      EXPECT_TRUE(std::isnan(max(x).item()));
      EXPECT_TRUE(std::isnan(min(x).item()));
      EXPECT_TRUE(std::isnan(sum(x).item()));
      EXPECT_EQ(argmax(x).item(), static_cast<double>(at));
      EXPECT_EQ(argmin(x).item(), static_cast<double>(at));
      EXPECT_TRUE(any_nan(x));
    }
  EXPECT_FALSE(any_nan(Array::of({1.f, INFINITY, -INFINITY})));
  EXPECT_FALSE(any_nan(Array::zeros({0}, Dtype::float32)));
  EXPECT_FALSE(any_nan(Array::of({1, 2})));
}

// n numbers that jump up and down, none alike.
template <class T>
std::vector<T> jumping(std::int64_t n) {
  std::vector<T> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(static_cast<T>((i * 37) % 1009) - T(500));
  return x;
}

// Every length around the registers' (1 to 16 elements) and the four that are worked on at once.
template <class T>
void find_extremes_of_each_length() {
  for (std::int64_t n = 1; n <= 140; ++n) {
    const std::vector<T> x = jumping<T>(3 * n);
    const Array rows = Array::from(std::span<const T>(x), Shape{3, n});
    const std::vector<T> greatest = max(rows, 1).to_vector<T>(),
                         least = min(rows, 1).to_vector<T>();
    for (std::int64_t i = 0; i < 3; ++i) {
      const auto begin = x.begin() + i * n;
      EXPECT_EQ(greatest[static_cast<std::size_t>(i)], *std::max_element(begin, begin + n)) << n;
      EXPECT_EQ(least[static_cast<std::size_t>(i)], *std::min_element(begin, begin + n)) << n;
    }
  }
}

TEST(Extremes, AreFoundInRowsOfEachLength) {
  find_extremes_of_each_length<float>();
  find_extremes_of_each_length<double>();
}

template <class T>
void find_nan_in_each_place() {
  for (std::int64_t n : {1, 3, 8, 17, 64, 75}) {
    for (std::int64_t place = 0; place < n; ++place) {
      std::vector<T> x = jumping<T>(n);
      x[static_cast<std::size_t>(place)] = std::numeric_limits<T>::quiet_NaN();
      const Array a = Array::from(std::span<const T>(x));
      EXPECT_TRUE(std::isnan(max(a).item())) << n << " " << place;
      EXPECT_TRUE(std::isnan(min(a).item())) << n << " " << place;
    }
  }
}

TEST(Extremes, AreNaNWhereverOneStands) {
  find_nan_in_each_place<float>();
  find_nan_in_each_place<double>();
}

TEST(Extremes, TakeInfinities) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Array x = Array::full({40}, -infinity, Dtype::float32);
  EXPECT_EQ(max(x).item(), -infinity);
  EXPECT_EQ(min(Array::full({40}, infinity, Dtype::float32)).item(), infinity);
}

TEST(Reduce, ArgmaxTakesTheFirst) {
  const Array x = Array::of<float>({1, 5, 5, 0, 7, 7}, Shape{2, 3});
  EXPECT_EQ(elements(argmax(x, 1)), (std::vector<double>{1, 1}));
  EXPECT_EQ(elements(argmax(x, 0)), (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(elements(argmin(x, -1)), (std::vector<double>{0, 0}));
  EXPECT_EQ(argmax(x).item(), 4);
  EXPECT_EQ(argmax(x, 1).dtype(), Dtype::int32);
  EXPECT_EQ(elements(argmax(x.transpose(), 0)), (std::vector<double>{1, 1}));
}

TEST(Reduce, SumToIsTheAdjointOfBroadcastTo) {
  const Array x = numbers({2, 3, 4}, Dtype::float64);
  EXPECT_EQ(elements(sum_to(x, {3, 1})),
            reduced(x, {0, 2}, 0, [](double a, double b) { return a + b; }));
  EXPECT_EQ(elements(sum_to(x, {})),
            reduced(x, {0, 1, 2}, 0, [](double a, double b) { return a + b; }));
  EXPECT_EQ(elements(sum_to(x, {4})),
            reduced(x, {0, 1}, 0, [](double a, double b) { return a + b; }));
}

TEST(Reduce, SumToRefusesShapesThatDoNotBroadcast) {
  const Array x = numbers({2, 3, 4}, Dtype::float64);
  EXPECT_EQ(message_of([&] {
              sum_to(x, {2, 4});
            }),
            "sum_to: the shape (2, 4) must broadcast to that of x, but x is float64(2, 3, 4)");
  EXPECT_EQ(
      message_of([&] {
        sum_to(x, {1, 2, 3, 4});
      }),
      "sum_to: the shape (1, 2, 3, 4) must broadcast to that of x, but x is float64(2, 3, 4)");
}

TEST(Reduce, ThreadsGiveTheSameBits) {
  const int before = parallel::threads();
  for (const Shape& shape : {Shape{1'000'003}, Shape{1000, 1003}, Shape{3, 40'000, 5}})
    for (Dtype dtype : {Dtype::float32, Dtype::float64}) {
      Array x = Array::empty(shape, dtype);
      visit_float(dtype, [&]<class T>(std::type_identity<T>) {
        T* p = x.mutable_data<T>();
        for (std::int64_t i = 0; i < x.size(); ++i) p[i] = std::sin(static_cast<T>(i));
      });
      for (const auto& axes : subsets(x.ndim())) {
        std::vector<double> expected;
        for (int threads : {1, 2, 4}) {
          parallel::set_threads(threads);
          const auto got = elements(sum(x, Axes(axes)));
          if (expected.empty()) expected = got;
          EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.size() * sizeof(double)), 0)
              << threads;
        }
      }
    }
  parallel::set_threads(before);
}

TEST(PairwiseSum, AddsAll) {
  for (std::size_t n = 0; n < 40; ++n) {
    std::vector<double> parts(n, 1);
    EXPECT_EQ(pairwise_sum(parts), static_cast<double>(n));
  }
}

}  // namespace
}  // namespace autograd::array
