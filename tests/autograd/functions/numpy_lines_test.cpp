// The lines of NumPy that Chainer programs are full of, as they are written here.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <vector>

#include "autograd/autograd.h"
#include "tests/message.h"

namespace autograd {
namespace {

constexpr auto kFloat = Dtype::float32;

template <class T>
void expect_array(const Array& a, const std::vector<T>& values, const Shape& shape) {
  EXPECT_TRUE(array_equal(a, Array::from(values, shape))) << a << " is " << describe(a);
}

TEST(NumpyLines, MakeArrays) {
  const Array a = Array::ones({2, 3}, kFloat);
  expect_array<float>(a, {1, 1, 1, 1, 1, 1}, {2, 3});
  expect_array<float>(Array::zeros_like(a), {0, 0, 0, 0, 0, 0}, {2, 3});
  expect_array<float>(Array::ones_like(a), {1, 1, 1, 1, 1, 1}, {2, 3});
  expect_array<float>(Array::full_like(a, 7), {7, 7, 7, 7, 7, 7}, {2, 3});
  expect_array<float>(Array::from(std::vector<float>{1, 2}), {1, 2}, {2});
}

TEST(NumpyLines, ComputeWithArraysAndNumbers) {
  const Array a = Array::of({1.f, 2.f}), b = Array::of({3.f, 5.f});
  const Array sum = a + b;  // an Array: no graph
  expect_array<float>(sum, {4, 7}, {2});
  expect_array<float>(a - b, {-2, -3}, {2});
  expect_array<float>(a * 2, {2, 4}, {2});
  expect_array<float>(1 / b, {1.f / 3, 1.f / 5}, {2});
  expect_array<float>(-a, {-1, -2}, {2});
  expect_array<std::int64_t>(Array::arange(3) + 1, {1, 2, 3}, {3});
  expect_array<double>(Array::arange(3) + 0.5, {0.5, 1.5, 2.5}, {3});
  expect_array<double>(Array::of({1, 2}) / Array::of({2, 4}), {0.5, 0.5}, {2});
  expect_array<int>(Array::of({1, 2}) * Array::of({3, 4}), {3, 8}, {2});
  expect_array<std::int64_t>(Array::of({1}) + Array::arange(2), {1, 2}, {2});
  expect_array<std::uint8_t>(Array::of<std::uint8_t>({200}) + Array::of<std::uint8_t>({100}), {44},
                             {1});
  EXPECT_TRUE(
      array_equal(Array::of({true, false}) + Array::of({true, false}), Array::of({true, false})));
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  expect_array<std::int64_t>(Array::of({largest}) + 1, {std::numeric_limits<std::int64_t>::min()},
                             {1});
  expect_array<std::int64_t>(Array::of<std::int64_t>({1}) * largest, {largest}, {1});
}

TEST(NumpyLines, WriteInPlace) {
  Array a = Array::zeros({2, 3}, kFloat);
  const Array row = a[1];
  a += 1;
  a[1].fill(5);
  a[{ellipsis, 0}] *= 2;
  expect_array<float>(a, {2, 1, 1, 10, 5, 5}, {2, 3});
  expect_array<float>(row, {10, 5, 5}, {3});
  Array n = Array::arange(2);
  EXPECT_EQ(message_of([&] { n += 0.5; }),
            "add: an operation in place must not change the shape or make floats of integers, but "
            "a is int64(2) and the result is float64(2)");
  EXPECT_EQ(message_of([&] {
              n += Array::zeros({3, 2}, Dtype::int64);
            }),
            "add: an operation in place must not change the shape or make floats of integers, but "
            "a is int64(2) and the result is int64(3, 2)");
}

TEST(NumpyLines, PickElements) {
  const Array a = Array::arange(6).reshape({2, 3});
  expect_array<std::int64_t>(a[1], {3, 4, 5}, {3});
  expect_array<std::int64_t>(a[-1], {3, 4, 5}, {3});
  expect_array<std::int64_t>(a[{Slice(), 1}], {1, 4}, {2});
  expect_array<std::int64_t>(a[a > 3], {4, 5}, {2});
  const Variable x(Array::of({1.f, 2.f, 3.f}));
  sum(x[Slice(1, 3)]).backward();
  expect_array<float>(x.grad(), {0, 1, 1}, {3});
}

TEST(NumpyLines, Compare) {
  const Array a = Array::of({1.f, NAN, -2.f});
  EXPECT_TRUE(array_equal(a == 1, Array::of({true, false, false})));
  EXPECT_TRUE(array_equal(a != 1, Array::of({false, true, true})));
  EXPECT_TRUE(array_equal(1 > a, Array::of({false, false, true})));
  EXPECT_TRUE(array_equal(!(a < 0), Array::of({true, true, false})));
  EXPECT_TRUE(array_equal(Array::arange(3) > 0.5, Array::of({false, true, true})));
  EXPECT_TRUE(array_equal(Array::of({1, 2}) == Array::of({1.f, 3.f}), Array::of({true, false})));
  expect_array<float>(where(a > 0, a, Array::zeros_like(a)).array(), {1, 0, 0}, {3});
  expect_array<float>((a > 0) * Array::of({5.f, 6.f, 7.f}), {5, 0, 0}, {3});
  EXPECT_TRUE(array_equal(array::isnan(a), Array::of({false, true, false})));
  EXPECT_TRUE(array_equal(array::isfinite(a), Array::of({true, false, true})));
  EXPECT_TRUE(array_equal(array::isinf(a / 0.f), Array::of({true, false, true})));
  EXPECT_TRUE(array::any(a > 0));
  EXPECT_FALSE(array::all(a > 0));
}

TEST(NumpyLines, Summarize) {
  const Array a = Array::of({1.f, 2.f, 3.f, 6.f}, Shape{2, 2});
  expect_array<float>(array::mean(a), {3}, {});
  expect_array<float>(array::var(a, 1), {0.25, 2.25}, {2});
  expect_array<float>(array::std(a, 1, true), {0.5, 1.5}, {2, 1});
  expect_array<double>(array::mean(Array::of({1, 2})), {1.5}, {});
  expect_array<std::int64_t>(array::sum(a > 1, 0), {1, 2}, {2});
  expect_array<std::int64_t>(sum(as_variable((a > 1).truth)).array(), {3}, {});
}

TEST(NumpyLines, DrawNumpysNumbers) {
  // numpy.random.seed(0): uniform(-1, 1, 2), normal(1, 2, 2), randint(0, 10, 3), by NumPy 1.24.2
  random::seed(0);
  const Array u = array::uniform(-1, 1, {2}, Dtype::float64);
  const Array n = array::normal(1, 2, {2}, Dtype::float64);
  const Array i = array::randint(0, 10, {3});
  expect_array<double>(u, {0.0976270078546495, 0.43037873274483895}, {2});
  expect_array<double>(n, {2.9574759682114786, 5.481786398402916}, {2});
  expect_array<std::int64_t>(i, {9, 3, 5}, {3});
  EXPECT_EQ(array::uniform(0, 1, {2, 2}).dtype(), kFloat);
}

TEST(MixedDtypes, IntegersTakeTheFloatingTypeThatTheyMeet) {
  const Variable x(Array::of({1.f, -2.f, 4.f}));
  const Variable y = (x > 0).truth * x / Array::of({1, 2, 8}) + Array::arange(3);
  expect_array<float>(y.array(), {1, 1, 2.5}, {3});
  sum(y).backward();
  expect_array<float>(x.grad(), {1, 0, 0.125}, {3});
  const Variable n(Array::of({1, 2}));
  expect_array<int>((n + 1).array(), {2, 3}, {2});
  expect_array<double>((n / 2).array(), {0.5, 1}, {2});
  EXPECT_EQ(message_of([] { return Array::of({1.f}) + Array::of({1.}); }),
            "add: float32 and float64 must not be mixed, but a is float32 and b is float64");
}

TEST(PrintVariable, WritesItAsChainer) {
  std::ostringstream out;
  out << Variable(Array::of({1.f, 2.f})) << Variable(Array::scalar(0.5f), {.name = "loss"})
      << Variable();
  EXPECT_EQ(out.str(), "variable([1. 2.])variable loss(0.5)variable(None)");
}

}  // namespace
}  // namespace autograd
