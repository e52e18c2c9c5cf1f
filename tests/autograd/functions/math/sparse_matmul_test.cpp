#include "autograd/functions/math/sparse_matmul.h"

#include "autograd/functions/math/matmul.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

// One place twice, one element unused.
const Array kRow = indices({0, 2, 1, 2, -1}), kCol = indices({1, 0, 3, 0, -1});
const Shape kShape{3, 4};

CooMatrix sparse(const Variable& data) { return {data, kRow, kCol, kShape}; }

TEST(CooMatrix, IsAListOfElements) {
  EXPECT_THAT(values(sparse(vector({1, 2, 3, 4, 9})).to_dense()),
              ElementsAre(0, 1, 0, 0, 0, 0, 0, 3, 6, 0, 0, 0));
  const CooMatrix m = to_coo(matrix({2, 3}, {0, 5, 0, 7, 0, 8}), 4);
  EXPECT_THAT(values(m.data()), ElementsAre(5, 7, 8, 0));
  EXPECT_THAT(values(m.row()), ElementsAre(0, 1, 1, -1));
  EXPECT_THAT(values(m.col()), ElementsAre(1, 0, 2, -1));
  EXPECT_EQ(m.row().dtype(), Dtype::int32);
  EXPECT_EQ(m.shape(), (Shape{2, 3}));
  EXPECT_FALSE(m.data().requires_grad());
  EXPECT_TRUE(to_coo(kX, {.requires_grad = true}).data().requires_grad());
  const Array batch = matrix({2, 2, 2}, {0, 1, 0, 0, 2, 3, 0, 4});
  const CooMatrix both = to_coo(batch);
  EXPECT_THAT(values(both.data()), ElementsAre(1, 0, 0, 2, 3, 4));
  EXPECT_EQ(both.shape(), (Shape{2, 2}));
  EXPECT_TRUE(array_equal(both.to_dense(), batch));
}

TEST(SparseMatmul, IsTheProductOfTheDenseMatrix) {
  const Array data = numbers({5});
  const Array dense = sparse(data).to_dense();
  for (const bool transa : {false, true})
    for (const bool transb : {false, true}) {
      const Array right = numbers(transa ? Shape{3, 2} : Shape{4, 2}, 1),
                  b = transb ? right.transpose() : right;
      expect_near(sparse_matmul(sparse(data), b, transa, transb), matmul(dense, b, transa, transb),
                  1e-15);
      const Array left = numbers(transb ? Shape{2, 4} : Shape{2, 3}, 1),
                  a = transa ? left.transpose() : left;
      expect_near(sparse_matmul(a, sparse(data), transa, transb), matmul(a, dense, transa, transb),
                  1e-15);
    }
}

TEST(SparseMatmul, OfABatch) {
  const Array data = numbers({2, 5});
  const CooMatrix m(data, kRow.broadcast_to({2, 5}), kCol.broadcast_to({2, 5}), kShape);
  const Array b = numbers({2, 4, 3}, 1), a = numbers({2, 2, 3}, 2);
  expect_near(sparse_matmul(m, b), matmul(m.to_dense(), b), 1e-15);
  expect_near(sparse_matmul(a, m), matmul(a, m.to_dense()), 1e-15);
  const CooMatrix none = to_coo(Array::zeros({2, 3, 4}, Dtype::float64));
  EXPECT_THAT(values(sparse_matmul(none, b)), ::testing::Each(0));
}

TEST(SparseMatmul, HasDerivatives) {
  expect_derivatives(
      [](const Variables& v) { return Variables{sparse_matmul(sparse(v[0]), v[1])}; },
      {numbers({5}), numbers({4, 2}, 1)});
  expect_derivatives(
      [](const Variables& v) {
        const CooMatrix m(v[0], kRow.broadcast_to({2, 5}), kCol.broadcast_to({2, 5}), kShape);
        return Variables{sparse_matmul(v[1], m, true, true)};
      },
      {numbers({2, 5}), numbers({2, 4, 3}, 1)});
}

TEST(SparseMatmul, RefusesWhatDoesNotFit) {
  EXPECT_EQ(
      message_of([] {
        CooMatrix(numbers({2}), indices({0, 3}), indices({0, 0}), {3, 4});
      }),
      "CooMatrix: each element must lie within the matrix (3, 4) or at (-1, -1), but one is at "
      "(3, 0)");
  EXPECT_EQ(message_of([] { CooMatrix(numbers({1}), indices({0}), indices({0}), {3}); }),
            "CooMatrix: the shape must have 2 lengths of at least 1, but it is (3)");
  EXPECT_EQ(message_of([] {
              sparse_matmul(sparse(numbers({5})), numbers({3, 2}));
            }),
            "sparse_matmul: the axis that is summed over must have the length 4 of the sparse "
            "matrix, but b is float64(3, 2)");
  EXPECT_EQ(message_of([] { to_coo(kX, -1); }), "to_coo: ldnz must not be negative, but it is -1");
}

}  // namespace
}  // namespace autograd
