#include "autograd/array/concat.h"

#include <gtest/gtest.h>

namespace autograd::array {
namespace {

TEST(Concat, JoinsAlongEveryAxis) {
  for (const std::int64_t n : {0, 1, 5, 300})
    for (const int axis : {0, 1, 2}) {
      Shape a{2, 3, 4}, b = a, c = a;
      b[axis] = n;
      c[axis] = 2;
      // The second one is not contiguous.
      const Array xs[] = {
          Array::arange(a.elements()).reshape(a),
          Array::arange(b.elements()).reshape({b[2], b[0], b[1]}).transpose({1, 2, 0}),
          Array::arange(c.elements()).reshape(c)};
      const Array y = concat(xs, axis);
      std::int64_t at = 0;
      for (const Array& x : xs) {
        EXPECT_TRUE(array_equal(y.slice(axis, at, x.length(axis)), x)) << n << " " << axis;
        at += x.length(axis);
      }
      EXPECT_EQ(y.length(axis), at);
    }
}

}  // namespace
}  // namespace autograd::array
