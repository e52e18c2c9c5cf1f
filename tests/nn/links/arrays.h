#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "autograd/functions/math/basic_math.h"
#include "nn/link.h"

// What the tests of links share.
namespace nn {

inline std::vector<float> values(const Variable& v) { return v.array().to_vector<float>(); }

inline std::vector<std::string> paths(Link& link) {
  std::vector<std::string> list;
  for (const NamedParameter& p : link.namedparams()) list.push_back(p.path);
  return list;
}

inline Array zeros(const Shape& shape) { return Array::zeros(shape, Dtype::float32); }
inline Array ones(const Shape& shape) { return Array::ones(shape, Dtype::float32); }

// 0, `by`, 2 `by`, ...
inline Array counted(const Shape& shape, float by = 1) {
  return (Variable(Array::arange(shape.elements(), Dtype::float32)) * by).array().reshape(shape);
}

// The shape of a parameter and its first four numbers.
inline void expect_begins(const Parameter& W, const Shape& shape, const std::vector<float>& first) {
  EXPECT_EQ(W.shape(), shape);
  const std::vector<float> all = values(W);
  EXPECT_EQ(std::vector<float>(all.begin(), all.begin() + 4), first);
}

}  // namespace nn
