#include "autograd/array/linalg.h"

#include <algorithm>

#include "autograd/array/gemm.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/kernels/lapack.h"
#include "autograd/kernels/ops/arithmetic.h"

namespace autograd::array {

Array covariance(const Array& x) {
  Check("covariance", {{"x", x}}).floats().ndim(2).that(x.length(0) > 0, "x must have a row");
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

}  // namespace autograd::array
