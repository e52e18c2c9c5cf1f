#include "autograd/array/median.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "autograd/base/check.h"

namespace autograd::array {

Array median(const Array& x, int axis, bool keepdims) {
  axis = normalize_axis("median", axis, x.ndim());
  Check("median", {{"x", x}}).floats().that(x.length(axis) > 0, "the axis must have an element");
  const std::int64_t n = x.length(axis);
  const Array lines = x.swapaxes(axis, -1).contiguous();
  Array y = Array::empty(lines.shape().slice(0, x.ndim() - 1), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = lines.data<T>();
    T* q = y.mutable_data<T>();
    std::vector<T> line(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < y.size(); ++i, p += n) {
      if (std::any_of(p, p + n, [](T v) { return std::isnan(v); })) {
        q[i] = std::numeric_limits<T>::quiet_NaN();
        continue;
      }
      line.assign(p, p + n);
      const auto middle = line.begin() + n / 2;
      std::nth_element(line.begin(), middle, line.end());
      q[i] = n % 2 == 1 ? *middle : (*std::max_element(line.begin(), middle) + *middle) / 2;
    }
  });
  // The last axis stands in the place of `axis` now.
  y = y.expand_dims(-1).swapaxes(axis, -1);
  return keepdims ? y : y.squeeze(axis);
}

}  // namespace autograd::array
