#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/cases/tested_op.h"

namespace autograd::cases {

// The tests that every elementwise op has to pass (elementwise_test.cpp). A family's file
// instantiates them for its list: Activation/ElementwiseOp.ValuesAreWithinUlps/softplus_2.
class ElementwiseOp : public ::testing::TestWithParam<TestedOp> {};

inline std::string name_of(const ::testing::TestParamInfo<TestedOp>& info) {
  std::string name = fmt::format("{}_{}", info.param.op, info.index);
  std::replace(name.begin(), name.end(), '.', '_');  // of Bernoulli.log_prob
  return name;
}

}  // namespace autograd::cases
