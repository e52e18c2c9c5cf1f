#include "autograd/array/linalg.h"

#include <algorithm>
#include <string>

#include "autograd/array/gemm.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "autograd/kernels/products/lapack.h"

namespace autograd::array {

Array covariance(const Array& x) {
  Check("covariance", {{"x", x}})
      .floats()
      .ndim(2)
      .that(x.length(0) > 0, "x must have at least one row");
  constexpr std::int64_t kRows = 1024;
  const std::int64_t n = x.length(0), d = x.length(1);
  const Array count = Array::scalar(static_cast<double>(n));
  Array mean = Array::zeros({1, d}, Dtype::float64),
        products = Array::zeros({d, d}, Dtype::float64);
  const auto add_rows = [&](Array& total, const auto& of_rows) {
    for (std::int64_t i = 0; i < n; i += kRows)
      total = map(ops::Add{}, total,
                  of_rows(x.slice(0, i, std::min(kRows, n - i))).astype(Dtype::float64));
    total = map(ops::Div{}, total, count);
  };
  add_rows(mean, [](const Array& rows) { return sum(rows, {0}, true); });
  const Array centre = mean.astype(x.dtype());
  add_rows(products, [&](const Array& rows) {
    const Array centred = map(ops::Sub{}, rows, centre);
    return matmul(centred.transpose(), centred);
  });
  return products;
}

Array eigvalsh(const Array& a) {
  Check("eigvalsh", {{"a", a}})
      .floats()
      .ndim(2)
      .that(a.length(0) == a.length(1), "a must be square");
  Array matrix = a.copy(), eigenvalues = Array::empty({a.length(0)}, a.dtype());
  const bool found = visit_float(a.dtype(), [&]<class T>(std::type_identity<T>) {
    return kernels::symmetric_eigenvalues(a.length(0), matrix.mutable_data<T>(),
                                          eigenvalues.mutable_data<T>());
  });
  Check("eigvalsh", {{"a", a}}).that(found, "a must hold neither NaN nor infinities");
  return eigenvalues;
}

// The number of matrices (n, n) in x (..., n, n). Throws if they are not square.
static std::int64_t count_square(std::string_view op, const Array& x) {
  Check(op, {{"x", x}})
      .floats()
      .that(x.ndim() >= 2 && x.length(x.ndim() - 2) == x.shape().back(),
            "x must be square in its last two axes");
  return x.shape().slice(0, x.ndim() - 2).elements();
}

Eigen eigh(const Array& a, std::string_view op) {
  const std::int64_t count = count_square(op, a), n = a.shape().back();
  Array rows = a.copy(), values = Array::empty(a.shape().slice(0, a.ndim() - 1), a.dtype());
  visit_float(a.dtype(), [&]<class T>(std::type_identity<T>) {
    T *p = rows.mutable_data<T>(), *q = values.mutable_data<T>();
    for (std::int64_t i = 0; i < count; ++i)
      if (!kernels::symmetric_eigenvectors(n, p + i * n * n, q + i * n))
        Check(op, {{"x", a}}).fail("x must hold neither NaN nor infinities");
  });
  return {values, rows.swapaxes(-2, -1)};
}

Array cholesky(const Array& x) {
  Check("cholesky", {{"x", x}}).ndim(2);
  const std::int64_t count = count_square("cholesky", x);
  Array y = x.copy();
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    if (count == 1 && !kernels::cholesky(x.length(0), y.mutable_data<T>()))
      Check("cholesky", {{"x", x}}).fail("x must be positive definite");
  });
  return y;
}

Array inv(const Array& x, std::string_view op) {
  const std::int64_t count = count_square(op, x), n = x.shape().back();
  Array y = x.copy();
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    T* p = y.mutable_data<T>();
    for (std::int64_t i = 0; i < count; ++i)
      if (!kernels::invert(n, p + i * n * n))
        Check(op, {{"x", x}})
            .fail(x.ndim() == 2 ? std::string("x must not be singular")
                                : "no matrix may be singular, unlike number " + std::to_string(i));
  });
  return y;
}

QR qr(const Array& a) {
  Check("qr", {{"a", a}}).floats().ndim(2);
  const std::int64_t m = a.length(0), n = a.length(1), k = std::min(m, n);
  Array columns = a.transpose().copy(), r = Array::zeros({k, n}, a.dtype());
  visit_float(a.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::qr(m, n, columns.mutable_data<T>(), r.mutable_data<T>());
  });
  return {columns.slice(0, 0, k).transpose().copy(), r};
}

Array det(const Array& x) {
  const std::int64_t count = count_square("det", x), n = x.shape().back();
  Array factors = x.copy(), y = Array::empty(x.shape().slice(0, x.ndim() - 2), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    T *p = factors.mutable_data<T>(), *q = y.mutable_data<T>();
    for (std::int64_t i = 0; i < count; ++i)
      q[i] = static_cast<T>(kernels::determinant(n, p + i * n * n));
  });
  return y;
}

}  // namespace autograd::array
