#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "autograd/array/array.h"

namespace autograd::array {

// The numbers wanted, to `tolerance` where they are small and relative to them where they are
// large.
inline void expect_near(const Array& found, const std::vector<double>& wanted, double tolerance) {
  const std::vector<double> f = found.to_vector<double>();
  ASSERT_EQ(f.size(), wanted.size());
  for (std::size_t i = 0; i < f.size(); ++i)
    ASSERT_NEAR(f[i], wanted[i], tolerance * (1 + std::abs(wanted[i]))) << i;
}

}  // namespace autograd::array
