#include "tests/golden_runner/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace golden {

using autograd::Array;

Difference difference(const Array& got, const Array& expected) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!got) return {infinity, "there is no array where " + describe(expected) + " is expected"};
  if (got.dtype() != expected.dtype() || got.shape() != expected.shape())
    return {infinity, "it is " + describe(got) + " where " + describe(expected) + " is expected"};
  const std::vector<double> a = got.to_vector<double>(), b = expected.to_vector<double>();
  double error = 0, largest = 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isfinite(a[i]) && std::isfinite(b[i])) {
      error = std::max(error, std::fabs(a[i] - b[i]));
      largest = std::max(largest, std::fabs(b[i]));
    } else if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) {
      return {infinity, "element " + std::to_string(i) + " is " + std::to_string(a[i]) + " where " +
                            std::to_string(b[i]) + " is expected"};
    }
  }
  if (!is_float(expected.dtype()) && error != 0) return {infinity, "the integers are not equal"};
  return {error / largest, ""};
}

}  // namespace golden
