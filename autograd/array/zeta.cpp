#include "autograd/array/zeta.h"

#include "autograd/array/launch.h"
#include "autograd/base/check.h"
#include "autograd/kernels/zeta.h"

namespace autograd::array {

Array zeta(const Array& x, const Array& q) {
  Check("zeta", {{"x", x}, {"q", q}})
      .that(x.dtype() == Dtype::float64 && is_float(q.dtype()),
            "x must be float64, and q floating");
  const Shape shape = broadcast_shapes(x.shape(), q.shape());
  const Array exponents = x.broadcast_to(shape).contiguous(),
              starts = q.broadcast_to(shape).contiguous();
  Array y = Array::empty(shape, q.dtype());
  visit_float(q.dtype(), [&]<class T>(std::type_identity<T>) {
    const double* s = exponents.data<double>();
    const T* p = starts.data<T>();
    T* out = y.mutable_data<T>();
    parallel::for_chunks(y.size(), 256, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        out[i] = static_cast<T>(kernels::special::zeta(s[i], static_cast<double>(p[i])));
    });
  });
  return y;
}

}  // namespace autograd::array
