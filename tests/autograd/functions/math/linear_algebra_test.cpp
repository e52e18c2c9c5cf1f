#include "autograd/functions/math/linear_algebra.h"

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

const Array kSquare = matrix({2, 2}, {1, 2, 3, 4});

TEST(Inverse, OfOneMatrixAndOfABatch) {
  EXPECT_THAT(values(inv(kSquare)), ElementsAre(DoubleNear(-2, 1e-15), DoubleNear(1, 1e-15),
                                                DoubleNear(1.5, 1e-15), DoubleNear(-0.5, 1e-15)));
  EXPECT_EQ(batch_inv(numbers({3, 2, 2})).shape(), (Shape{3, 2, 2}));
  EXPECT_EQ(message_of([] {
              inv(matrix({2, 2}, {1, 2, 2, 4}));
            }),
            "inv: x must not be singular, but x is float64(2, 2)");
  EXPECT_EQ(message_of([] {
              batch_inv(matrix({2, 1, 1}, {1, 0}));
            }),
            "batch_inv: no matrix may be singular, unlike number 1, but x is float64(2, 1, 1)");
  EXPECT_EQ(message_of([] {
              inv(numbers({2, 3}));
            }),
            "inv: the matrices must be square, but x is float64(2, 3)");
  EXPECT_EQ(message_of([] {
              batch_inv(numbers({2, 2}));
            }),
            "batch_inv: x must have 3 axes, but x is float64(2, 2)");
}

TEST(Determinant, OfOneMatrixAndOfABatch) {
  EXPECT_DOUBLE_EQ(det(kSquare).item(), -2);
  EXPECT_EQ(det(kSquare).ndim(), 0);
  EXPECT_THAT(values(batch_det(matrix({2, 1, 1}, {3, 0}))), ElementsAre(3, 0));
  EXPECT_EQ(message_of([] {
              det(numbers({2, 3}));
            }),
            "det: the matrices must be square, but x is float64(2, 3)");
  EXPECT_EQ(message_of([] {
              const Variable x(matrix({2, 2}, {1, 2, 2, 4}));
              det(x).backward();
            }),
            "batch_inv: no matrix may be singular, unlike number 0, but x is float64(1, 2, 2)");
}

TEST(Cholesky, IsALowerTriangularRoot) {
  const Array a = matrix({2, 2}, {4, -9, 2, 5});  // what is above the diagonal is not read
  EXPECT_THAT(values(cholesky(a)), ElementsAre(2, 0, 1, 2));
  EXPECT_THAT(values(cholesky(numbers({0, 0}))), ElementsAre());
  EXPECT_EQ(message_of([] {
              cholesky(matrix({2, 2}, {1, 2, 2, 1}));
            }),
            "cholesky: x must be positive definite, but x is float64(2, 2)");
  EXPECT_EQ(message_of([] {
              cholesky(numbers({2, 3}));
            }),
            "cholesky: the matrices must be square, but x is float64(2, 3)");
  // The gradient is symmetric, whichever triangle is read.
  const Variable x(matrix({2, 2}, {4, 2, 2, 5}));
  const std::vector<double> g =
      values(grad({cholesky(x)}, {x}, {.grad_outputs = {Variable(numbers({2, 2}))}})[0]);
  EXPECT_DOUBLE_EQ(g[1], g[2]);
  expect_derivatives(
      [](const Variables& v) {
        return Variables{cholesky(matmul(v[0], v[0], false, true) + matrix({2, 2}, {1, 0, 0, 1}))};
      },
      {numbers({2, 2})});
}

TEST(LinearAlgebra, HasDerivatives) {
  // Far enough from singular for the differences.
  const Array x = matrix({3, 3}, {2, 0.3, -0.4, 0.1, -1.5, 0.6, 0.7, 0.2, 1.8});
  const Array batch = matrix({2, 2, 2}, {2, 0.3, -0.4, 1, -1.5, 0.6, 0.7, 1.8});
  for (const Array& a : {x, x.transpose()}) {
    expect_derivatives([](const Variables& v) { return Variables{inv(v[0])}; }, {a});
    expect_derivatives([](const Variables& v) { return Variables{det(v[0])}; }, {a});
  }
  expect_derivatives([](const Variables& v) { return Variables{batch_inv(v[0])}; }, {batch});
  expect_derivatives([](const Variables& v) { return Variables{batch_det(v[0])}; }, {batch});
  expect_derivatives([](const Variables& v) { return Variables{batch_det(v[0])}; },
                     {numbers({0, 2, 2})});
}

}  // namespace
}  // namespace autograd
