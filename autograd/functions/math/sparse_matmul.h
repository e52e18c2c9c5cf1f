#pragma once

#include <cstdint>
#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Products with sparse matrices, on float32 and float64; Chainer's functions/math.
namespace autograd::inline functions {

// A sparse matrix of `shape` as a list of its elements: data[i] at [row[i], col[i]]; elements of one
// place add up. Or a batch of matrices of that shape, with data, row and col (batch, elements).
// Elements whose row and column are -1 are unused. Chainer's chainer.utils.CooMatrix.
class CooMatrix {
 public:
  // Errors: data that is not floating or has not 1 or 2 axes; row and col that are no integers of
  // data's shape, or lie outside of the matrix.
  CooMatrix(const Variable& data, ArrayLike row, ArrayLike col, const Shape& shape);

  const Variable& data() const { return data_; }
  const Array& row() const { return row_; }
  const Array& col() const { return col_; }
  const Shape& shape() const { return shape_; }  // of one matrix, also in a batch
  bool is_batch() const { return data_.ndim() == 2; }

  // The matrix, or the batch, as an ordinary array.
  Array to_dense() const;

 private:
  Variable data_;
  Array row_, col_;
  Shape shape_;
};

struct ToCooOptions {
  ByName by_name = {};
  std::optional<std::int64_t> ldnz =
      {};                      // how many elements are stored at least; the rest is unused
  bool requires_grad = false;  // of the data
};

// The elements of x (m, n), or of each matrix of x (batch, m, n), that are not 0, in C order; row and
// col are int32. Chainer's chainer.utils.to_coo.
CooMatrix to_coo(ArrayLike x, const ToCooOptions& options = {});
inline CooMatrix to_coo(ArrayLike x, std::int64_t ldnz, bool requires_grad = false) {
  return to_coo(x, {.ldnz = ldnz, .requires_grad = requires_grad});
}

// The product of a sparse and an ordinary matrix, or of a batch of each, as an ordinary one: (m, k)
// and (k, n) give (m, n). transa and transb swap the axes of a and b first. The data of the sparse
// matrix get a gradient, too; it is 0 where they are unused.
Variable sparse_matmul(const CooMatrix& a, const Variable& b, bool transa = false,
                       bool transb = false);
Variable sparse_matmul(const Variable& a, const CooMatrix& b, bool transa = false,
                       bool transb = false);

}  // namespace autograd::inline functions
