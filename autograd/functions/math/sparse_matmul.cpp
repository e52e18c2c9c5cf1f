#include "autograd/functions/math/sparse_matmul.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "autograd/array/compare.h"
#include "autograd/array/index.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"

namespace autograd::inline functions {
namespace {

// Where an element is used, and its positions with 0 for those that are not.
struct Elements {
  Array used, row, col;
};

Elements elements_of(const CooMatrix& m) {
  const Array zero = Array::scalar<std::int64_t>(0);
  const Array row = m.row().astype(Dtype::int64), col = m.col().astype(Dtype::int64);
  const Array used = array::greater_equal(row, zero);
  return {used, array::where(used, row, zero), array::where(used, col, zero)};
}

// In front of the positions within a matrix, which matrix of the batch it is.
Indices places(const CooMatrix& m, const std::vector<Index>& within) {
  std::vector<Index> all;
  if (m.is_batch()) all.emplace_back(Array::arange(m.data().length(0)).expand_dims(1));
  all.insert(all.end(), within.begin(), within.end());
  return Indices(all);
}

Shape with_batch(const CooMatrix& m, const Shape& shape) {
  return m.is_batch() ? Shape{m.data().length(0), shape[0], shape[1]} : shape;
}

// m b, or m^T b if transposed: the rows of b that the elements meet, times the elements, added up.
Variable product(const CooMatrix& m, bool transposed, const Variable& b, const Fact& fact) {
  const std::int64_t rows = m.shape()[transposed ? 1 : 0], inner = m.shape()[transposed ? 0 : 1];
  Check("sparse_matmul", {{"data", m.data()}, fact})
      .that(is_float(b.dtype()) && m.data().dtype() == b.dtype() && b.ndim() == m.data().ndim() + 1,
            "the other matrix must have data's dtype, and one axis more than data")
      .that(!m.is_batch() || b.length(0) == m.data().length(0),
            "the batches must be equally large");
  if (b.length(-2) != inner)
    Check("sparse_matmul", {fact})
        .fail(fmt::format(
            "the axis that is summed over must have the length {} of the sparse matrix", inner));
  const Elements e = elements_of(m);
  const Array& from = transposed ? e.row : e.col;
  const Array& to = transposed ? e.col : e.row;
  Shape shape = with_batch(m, {rows, b.shape().back()});
  Variable nothing = as_variable(Array::zeros(shape, b.dtype()));
  if (m.data().size() == 0) return nothing;
  const Variable terms =
      where(e.used.expand_dims(-1), get_item(b, places(m, {from})) * expand_dims(m.data(), -1),
            Array::zeros({}, b.dtype()));
  return scatter_add(nothing, places(m, {to}), terms);
}

}  // namespace

CooMatrix::CooMatrix(const Variable& data, ArrayLike row, ArrayLike col, const Shape& shape)
    : data_(data), row_(row.array()), col_(col.array()), shape_(shape) {
  Check("CooMatrix", {{"data", data}, {"row", row_}, {"col", col_}})
      .that(is_float(data.dtype()) && (data.ndim() == 1 || data.ndim() == 2),
            "data must hold floats and have 1 or 2 axes")
      .that(is_integer(row_.dtype()) && is_integer(col_.dtype()), "row and col must hold integers")
      .same_shape();
  if (shape.ndim() != 2 || shape[0] < 1 || shape[1] < 1)
    throw Error(fmt::format("CooMatrix: the shape must have 2 lengths of at least 1, but it is {}",
                            to_string(shape)));
  const std::vector<std::int64_t> rows = row_.to_vector<std::int64_t>(),
                                  cols = col_.to_vector<std::int64_t>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool unused = rows[i] == -1 && cols[i] == -1;
    const bool inside = rows[i] >= 0 && rows[i] < shape[0] && cols[i] >= 0 && cols[i] < shape[1];
    if (!unused && !inside)
      throw Error(
          fmt::format("CooMatrix: each element must lie within the matrix {} or at (-1, -1), but "
                      "one is at ({}, "
                      "{})",
                      to_string(shape), rows[i], cols[i]));
  }
}

Array CooMatrix::to_dense() const {
  const Elements e = elements_of(*this);
  const Array values = array::where(e.used, data_.array(), Array::zeros({}, data_.dtype()));
  return array::scatter(with_batch(*this, shape_), places(*this, {e.row, e.col}), values,
                        "to_dense");
}

CooMatrix to_coo(ArrayLike given, const ToCooOptions& o) {
  const Array& x = given.array();
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  Check("to_coo", {{"x", x}})
      .that(is_float(x.dtype()) && (x.ndim() == 2 || x.ndim() == 3),
            "x must hold floats and have 2 or 3 axes")
      .that(x.length(-1) <= kMost && x.length(-2) <= kMost, "row and col must be int32");
  if (o.ldnz && *o.ldnz < 0)
    throw Error(fmt::format("to_coo: ldnz must not be negative, but it is {}", *o.ldnz));
  const std::int64_t batch = x.ndim() == 3 ? x.length(0) : 1, m = x.length(-2), n = x.length(-1);
  return visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const std::vector<T> all = x.to_vector<T>();
    const auto matrix = [&](std::int64_t b) { return all.data() + b * m * n; };
    std::int64_t length = o.ldnz.value_or(0);
    for (std::int64_t b = 0; b < batch; ++b)
      length = std::max(length, m * n - static_cast<std::int64_t>(
                                            std::count(matrix(b), matrix(b) + m * n, T(0))));
    const Shape shape = x.ndim() == 3 ? Shape{batch, length} : Shape{length};
    Array data = Array::zeros(shape, x.dtype()), row = Array::full(shape, -1, Dtype::int32),
          col = row.copy();
    T* values = data.mutable_data<T>();
    auto *rows = row.mutable_data<std::int32_t>(), *cols = col.mutable_data<std::int32_t>();
    for (std::int64_t b = 0; b < batch; ++b) {
      std::int64_t at = b * length;
      for (std::int64_t i = 0; i < m * n; ++i)
        if (const T value = matrix(b)[i]; value != 0) {
          values[at] = value;
          rows[at] = static_cast<std::int32_t>(i / n);
          cols[at++] = static_cast<std::int32_t>(i % n);
        }
    }
    return CooMatrix(Variable(data, {.requires_grad = o.requires_grad}), row, col, {m, n});
  });
}

Variable sparse_matmul(const CooMatrix& a, const Variable& b, bool transa, bool transb) {
  const Variable right = transb && b.ndim() >= 2 ? swapaxes(b, -2, -1) : b;
  return product(a, transa, right, {"b", b});
}

// (a b)^T = b^T a^T
Variable sparse_matmul(const Variable& a, const CooMatrix& b, bool transa, bool transb) {
  const Variable right = transa || a.ndim() < 2 ? a : swapaxes(a, -2, -1);
  return swapaxes(product(b, !transb, right, {"a", a}), -2, -1);
}

}  // namespace autograd::inline functions
