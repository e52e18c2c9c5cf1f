#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"

// What the tests of whole-array functions share.
namespace autograd {

using Function = std::function<Variables(const Variables&)>;

// Compares the first and second derivatives of `f` at `xs` (float64) with central differences.
void expect_derivatives(const Function& f, const Arrays& xs);

// n numbers in [-1, 1), the same in each run, none near 0 and no two alike.
Array numbers(const Shape& shape, int seed = 0);

inline std::vector<double> values(const Array& a) { return a.to_vector<double>(); }
inline std::vector<double> values(const Variable& v) { return values(v.array()); }
inline std::string shape_of(const Variable& v) { return to_string(v.shape()); }

// One shape, and elements no farther than `tolerance` from each other.
void expect_near(const Variable& a, const Variable& b, double tolerance);

inline Array matrix(const Shape& shape, std::initializer_list<double> list) {
  return Array::of<double>(list, shape);
}
inline Array vector(std::initializer_list<double> list) { return Array::of<double>(list); }
inline Array indices(std::initializer_list<std::int32_t> list) {
  return Array::of<std::int32_t>(list);
}

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline const Array kX = matrix({2, 3}, {1, 2, 3, 4, 5, 6});

}  // namespace autograd
