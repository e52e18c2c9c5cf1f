#include "tests/autograd/functions/derivatives.h"

#include <cmath>

#include "autograd/testing/gradient_check.h"

namespace autograd {

void expect_derivatives(const Function& f, const Arrays& xs) {
  EXPECT_NO_THROW(testing::check_backward(f, xs));
  EXPECT_NO_THROW(testing::check_double_backward(f, xs));
}

Array numbers(const Shape& shape, int seed) {
  Array a = Array::empty(shape, Dtype::float64);
  double* p = a.mutable_data<double>();
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x =
        std::fmod(0.618033988749895 * static_cast<double>(i + 1) + 0.37 * (seed + 1), 1.0) * 2 - 1;
    p[i] = x + (x < 0 ? -0.05 : 0.05);
  }
  return a;
}

void expect_near(const Variable& a, const Variable& b, double tolerance) {
  ASSERT_EQ(a.shape(), b.shape());
  const std::vector<double> p = values(a), q = values(b);
  for (std::size_t i = 0; i < p.size(); ++i) ASSERT_NEAR(p[i], q[i], tolerance) << i;
}

}  // namespace autograd
