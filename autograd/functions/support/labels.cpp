#include "autograd/functions/support/labels.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/array/index.h"
#include "autograd/array/reduce.h"

namespace autograd::labels {

std::int64_t require_between(std::string_view op, const Array& labels, std::int64_t low,
                             std::int64_t high, std::optional<std::int64_t> ignored) {
  const array::PositionRange found = array::position_range(labels, ignored);
  if (found.count == 0 || (found.least >= low && found.greatest <= high)) return found.count;
  throw Error(fmt::format("{}: labels must lie between {} and {}{}, but there is {}", op, low, high,
                          ignored ? fmt::format(" or be the ignored {}", *ignored) : "",
                          found.least < low ? found.least : found.greatest));
}

bool fits_classes(const Shape& y, const Shape& t) {
  if (t.empty() || y.ndim() < t.ndim() + 1 || y[0] != t[0]) return false;
  for (int i = 2; i < y.ndim(); ++i)
    if (y[i] != (i <= t.ndim() ? t[i - 1] : 1)) return false;
  return true;
}

std::int64_t count_true(const Array& condition) {
  return static_cast<std::int64_t>(array::sum(condition.astype(Dtype::float64)).item());
}

std::int64_t count_other(const Array& labels, std::int64_t ignored) {
  return count_true(array::not_equal(labels, Array::scalar(ignored)));
}

Array one_hot(const Array& labels, std::int64_t classes) {
  Shape along(Shape::filled(labels.ndim() + 1, 1));
  along[1] = classes;
  return array::equal(labels.expand_dims(1), Array::arange(classes).reshape(along));
}

}  // namespace autograd::labels
