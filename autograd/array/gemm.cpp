#include "autograd/array/gemm.h"

#include <algorithm>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"
#include "autograd/kernels/products/gemm.h"

namespace autograd::array {
namespace {

// BLAS requires that one stride of a matrix is 1 and the other is at least the length of a line. If
// a matrix has a single line, the other stride may have any value.
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
    return {a.strided_data<T>(), std::max({a.strides()[0], a.length(1), std::int64_t{1}}), 1};
  return {a.strided_data<T>(), 1, std::max({a.strides()[1], a.length(0), std::int64_t{1}})};
}

void check(const Array& a, const Array& b) {
  Check("matmul", {{"a", a}, {"b", b}})
      .floats()
      .that(a.ndim() >= 2 && b.ndim() >= 2, "a and b must have at least 2 axes")
      .that(a.shape().back() == b.length(b.ndim() - 2), "a.shape[-1] must equal b.shape[-2]");
}

// Returns a copy if no product accepts the strides of the last two axes.
Array suited(const Array& x) {
  const int rows = x.ndim() - 2, columns = x.ndim() - 1;
  const Array matrix =
      x.as_strided({x.length(rows), x.length(columns)}, {x.strides()[rows], x.strides()[columns]});
  return has_rows(matrix) || has_columns(matrix) ? x : x.copy();
}

// y = a b, or y = a b + row.
void multiply(const Array& a0, const Array& b0, const Array* row, Array& y) {
  const Array a = suited(a0), b = suited(b0);
  const std::int64_t m = a.length(0), k = a.length(1), n = b.length(1);
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::gemm(m, n, k, as_matrix<T>(a), as_matrix<T>(b), T(0), y.mutable_data<T>(), n,
                  row ? row->data<T>() : nullptr);
  });
}

// y[i] = a[i] b[i] for each i of the batch. The axes of the batch come first in all three arrays.
void multiply_batch(const Array& a, const Array& b, Array& y) {
  const int axes = y.ndim() - 2;
  const std::int64_t m = y.length(axes), n = y.length(axes + 1), k = a.length(axes + 1);
  const auto one = [&](const Array& x) {
    return x.as_strided({x.length(axes), x.length(axes + 1)},
                        {x.strides()[axes], x.strides()[axes + 1]});
  };
  const auto batch_of = [&](const Array& x) {
    return x.as_strided(x.shape().slice(0, axes), x.strides().slice(0, axes));
  };
  const Array batch_a = batch_of(a), batch_b = batch_of(b);
  const Runs<2> runs = make_runs<2>({&batch_a, &batch_b});
  // Large products are divided into pieces and computed one after another. Small products are
  // computed in parallel.
  constexpr double kWorthATurn = 5e5, kLarge = 4e7;  // multiplications
  const double each = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  const std::int64_t count = y.size() / std::max<std::int64_t>(m * n, 1);
  const std::int64_t at_once =
      each >= kLarge ? count : static_cast<std::int64_t>(kWorthATurn / (each + 1)) + 1;
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto first_a = as_matrix<T>(one(a)), first_b = as_matrix<T>(one(b));
    T* p = y.mutable_data<T>();
    parallel::for_chunks(count, at_once, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        auto ai = first_a, bi = first_b;
        const auto at = runs.begin(i / runs.length);
        ai.p += at[0] + i % runs.length * runs.step[0];
        bi.p += at[1] + i % runs.length * runs.step[1];
        kernels::gemm(m, n, k, ai, bi, T(0), p + i * m * n, n);
      }
    });
  });
}

}  // namespace

Array matmul(const Array& a, const Array& b) {
  check(a, b);
  const std::int64_t m = a.length(a.ndim() - 2), n = b.shape().back();
  if (a.ndim() == 2 && b.ndim() == 2) {
    Array y = Array::empty({m, n}, a.dtype());
    multiply(a, b, nullptr, y);
    return y;
  }
  const Shape batch =
      broadcast_shapes(a.shape().slice(0, a.ndim() - 2), b.shape().slice(0, b.ndim() - 2));
  const auto of_shape = [&](std::int64_t rows, std::int64_t columns) {
    Shape shape = batch;
    shape.push_back(rows);
    shape.push_back(columns);
    return shape;
  };
  const auto batched = [&](const Array& x) {
    return suited(x).broadcast_to(of_shape(x.length(x.ndim() - 2), x.shape().back()));
  };
  Array y = Array::empty(of_shape(m, n), a.dtype());
  if (a.shape().back() == 0)
    y.fill(0);
  else if (y.size() > 0)
    multiply_batch(batched(a), batched(b), y);
  return y;
}

Array matmul_add(const Array& a, const Array& b, const Array& row) {
  check(a, b);
  Check("matmul_add", {{"a", a}, {"b", b}, {"row", row}})
      .same_dtype()
      .that(a.ndim() == 2 && b.ndim() == 2 && row.ndim() == 1 && row.length(0) == b.length(1),
            "a and b must be matrices, and row must have as many elements as b has columns");
  Array y = Array::empty({a.length(0), b.length(1)}, a.dtype());
  const Array start = row.contiguous();
  multiply(a, b, &start, y);
  return y;
}

}  // namespace autograd::array
