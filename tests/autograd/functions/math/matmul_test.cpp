#include "autograd/functions/math/matmul.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kA = matrix({2, 3}, {1, 2, 3, 4, 5, 6}), kB = matrix({3, 2}, {1, 0, 2, -1, 0, 3});

TEST(MatMul, MultipliesMatrices) {
  EXPECT_THAT(values(matmul(kA, kB)), ElementsAre(5, 7, 14, 13));
  EXPECT_THAT(values(matmul(kA.transpose().copy(), kB, true)), ElementsAre(5, 7, 14, 13));
  EXPECT_THAT(values(matmul(kA, kB.transpose().copy(), false, true)), ElementsAre(5, 7, 14, 13));
  EXPECT_THAT(values(matmul(kB, kA, true, true)), ElementsAre(5, 14, 7, 13));
}

TEST(MatMul, MultipliesVectors) {
  const Array row = vector({1, -1}), column = vector({1, 0, 2});
  EXPECT_THAT(values(matmul(kA, column)), ElementsAre(7, 16));
  EXPECT_THAT(values(matmul(row, kA)), ElementsAre(-3, -3, -3));
  EXPECT_THAT(values(matmul(column, column)), ElementsAre(5));
  EXPECT_EQ(matmul(column, column).ndim(), 0);
  EXPECT_THAT(values(matmul(column, kA, true, true)), ElementsAre(7, 16));
}

TEST(MatMul, BroadcastsBatches) {
  const Variable y = matmul(numbers({2, 1, 3, 4}), numbers({5, 4, 2}));
  EXPECT_EQ(y.shape(), (Shape{2, 5, 3, 2}));
  EXPECT_EQ(matmul(numbers({2, 3, 4}), numbers({4})).shape(), (Shape{2, 3}));
  EXPECT_EQ(matmul(numbers({3}), numbers({2, 3, 4})).shape(), (Shape{2, 4}));
}

TEST(MatMul, AcceptsEmptyMatrices) {
  EXPECT_EQ(matmul(numbers({0, 3}), numbers({3, 2})).shape(), (Shape{0, 2}));
  EXPECT_THAT(values(matmul(numbers({1, 0}), numbers({0, 2}))), ElementsAre(0, 0));
  EXPECT_EQ(matmul(numbers({0, 2, 3}), numbers({3, 2})).shape(), (Shape{0, 2, 2}));
}

TEST(MatMul, HasDerivatives) {
  const Shape shapes[][2] = {{{2, 3}, {3, 2}},
                             {{3}, {3}},
                             {{2, 3}, {3}},
                             {{3}, {3, 2}},
                             {{2, 2, 3}, {3, 2}},
                             {{2, 2, 3}, {2, 3, 1}},
                             {{2, 1, 1, 3}, {3, 3, 2}},
                             {{3}, {2, 3, 2}},
                             {{0, 3}, {3, 2}}};
  for (const auto& [a, b] : shapes) {
    SCOPED_TRACE(to_string(a) + to_string(b));
    expect_derivatives([](const Variables& x) { return Variables{matmul(x[0], x[1])}; },
                       {numbers(a), numbers(b, 1)});
  }
  for (const bool transa : {false, true})
    for (const bool transb : {false, true}) {
      SCOPED_TRACE(transa * 2 + transb);
      const Array a = numbers(transa ? Shape{2, 3, 2} : Shape{2, 2, 3}),
                  b = numbers(transb ? Shape{2, 3} : Shape{3, 2}, 1);
      expect_derivatives(
          [&](const Variables& x) { return Variables{matmul(x[0], x[1], transa, transb)}; },
          {a, b});
    }
}

TEST(MatMul, TakesViewsOfAnyLayout) {
  const Array a = numbers({4, 6}).slice(1, 0, 3, 2), b = numbers({2, 3}).transpose();
  EXPECT_EQ(values(matmul(a, b)), values(matmul(a.copy(), b.copy())));
  const Array one = vector({2}).broadcast_to({3, 2});
  EXPECT_THAT(values(matmul(kA, one)), ElementsAre(12, 12, 30, 30));
  const Array column = matrix({3, 1}, {1, 0, 2});  // transposed, a row whose strides are both 1
  EXPECT_THAT(values(matmul(column, column.transpose())), ElementsAre(1, 0, 2, 0, 0, 0, 2, 0, 4));
  EXPECT_THAT(values(matmul(column.transpose(), column)), ElementsAre(5));
}

TEST(MatMul, RefusesWhatDoesNotFit) {
  EXPECT_EQ(
      message_of([] { matmul(kA, kA); }),
      "matmul: a.shape[-1] must equal b.shape[-2], but a is float64(2, 3) and b is float64(2, 3)");
  EXPECT_EQ(
      message_of([] {
        matmul(kA, vector({1, 2}), false, true);
      }),
      "matmul: a.shape[-1] must equal b.shape[-1], but a is float64(2, 3) and b is float64(2)");
  EXPECT_EQ(message_of([] { matmul(kA, Array::scalar(1.0)); }),
            "matmul: a and b must have at least 1 axis, but a is float64(2, 3) and b is float64()");
  EXPECT_EQ(
      message_of([] { matmul(kA, kB.astype(Dtype::float32)); }),
      "matmul: all arguments must have one dtype, but a is float64(2, 3) and b is float32(3, 2)");
  EXPECT_EQ(message_of([] {
              matmul(numbers({2, 2, 3}), numbers({3, 3, 2}));
            }),
            "matmul: the axes before the last two must broadcast, but a is float64(2, 2, 3) and b "
            "is float64(3, 3, 2)");
}

TEST(BatchMatMul, MultipliesEachPair) {
  const Array a = numbers({2, 3, 4}), b = numbers({2, 4, 5}, 1);
  EXPECT_EQ(values(batch_matmul(a, b)), values(matmul(a, b)));
  EXPECT_EQ(batch_matmul(numbers({2, 3}), numbers({2, 3}), true).shape(), (Shape{2, 1, 1}));
  expect_derivatives([](const Variables& x) { return Variables{batch_matmul(x[0], x[1], true)}; },
                     {numbers({2, 3}), numbers({2, 3, 2})});
  EXPECT_EQ(message_of([&] {
              batch_matmul(a, numbers({3, 4, 5}));
            }),
            "batch_matmul: a and b must hold the same number of matrices, but a is float64(2, 3, "
            "4) and b is float64(3, 4, 5)");
}

}  // namespace
}  // namespace autograd
