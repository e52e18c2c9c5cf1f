#include "autograd/array/gemm.h"

#include <algorithm>

#include "autograd/base/check.h"
#include "autograd/kernels/gemm.h"

namespace autograd::array {
namespace {

// BLAS wants one of a matrix's strides to be 1 and the other at least the length of a line. The
// stride from line to line of a single line may be anything.
bool has_rows(const Array& a) {
  return a.strides()[1] == 1 &&
         (a.length(0) <= 1 || a.strides()[0] >= std::max<std::int64_t>(a.length(1), 1));
}
bool has_columns(const Array& a) {
  return a.strides()[0] == 1 &&
         (a.length(1) <= 1 || a.strides()[1] >= std::max<std::int64_t>(a.length(0), 1));
}

template <class T>
kernels::Matrix<T> as_matrix(const Array& a) {
  if (has_rows(a))
    return {a.data<T>(), std::max({a.strides()[0], a.length(1), std::int64_t{1}}), 1};
  return {a.data<T>(), 1, std::max({a.strides()[1], a.length(0), std::int64_t{1}})};
}

void check(const Array& a, const Array& b) {
  Check("matmul", {{"a", a}, {"b", b}})
      .floats()
      .that(a.ndim() >= 2 && b.ndim() >= 2, "a and b must have at least 2 axes")
      .that(a.shape().back() == b.length(b.ndim() - 2),
            "the last axis of a must be as long as the last but one of b");
}

void multiply(const Array& a0, const Array& b0, double beta, Array& y) {
  const auto suited = [](const Array& x) { return has_rows(x) || has_columns(x) ? x : x.copy(); };
  const Array a = suited(a0), b = suited(b0);
  const std::int64_t m = a.length(0), k = a.length(1), n = b.length(1);
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::gemm(m, n, k, as_matrix<T>(a), as_matrix<T>(b), static_cast<T>(beta),
                  y.mutable_data<T>(), y.strides()[0]);
  });
}

}  // namespace

Array matmul(const Array& a, const Array& b) {
  check(a, b);
  const std::int64_t m = a.length(a.ndim() - 2), n = b.shape().back();
  if (a.ndim() == 2 && b.ndim() == 2) {
    Array y = Array::empty({m, n}, a.dtype());
    multiply(a, b, 0, y);
    return y;
  }
  const Shape batch =
      broadcast_shapes(a.shape().slice(0, a.ndim() - 2), b.shape().slice(0, b.ndim() - 2));
  const auto batched = [&](const Array& x) {
    Shape shape = batch;
    shape.push_back(x.length(x.ndim() - 2));
    shape.push_back(x.shape().back());
    return x.broadcast_to(shape);
  };
  const Array as = batched(a), bs = batched(b);
  Shape shape = batch;
  shape.push_back(m);
  shape.push_back(n);
  Array y = Array::empty(shape, a.dtype());
  const std::int64_t count = batch.elements();
  for (std::int64_t i = 0; i < count; ++i) {
    Array ai = as, bi = bs;
    std::int64_t rest = i, stride = count;
    for (int axis = 0; axis < batch.ndim(); ++axis) {
      stride /= batch[axis];
      ai = ai.select(0, rest / stride);
      bi = bi.select(0, rest / stride);
      rest %= stride;
    }
    Array yi = y.as_strided({m, n}, {n, 1}, i * m * n);
    multiply(ai, bi, 0, yi);
  }
  return y;
}

Array matmul_add(const Array& a, const Array& b, const Array& c) {
  check(a, b);
  Array y = Array::empty({a.length(0), b.length(1)}, a.dtype());
  y.assign(c);
  multiply(a, b, 1, y);
  return y;
}

}  // namespace autograd::array
