#include "autograd/functions/support/bilinear.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autograd/array/compare.h"
#include "autograd/array/index.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/pad.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"

namespace autograd {
namespace {

// Where points lie along one axis of `length` pixels with one of zeros on each side: the pixel
// before a point (int64), and the weights of it and of the next one.
struct Neighbours {
  Array first;
  Variable of_first, of_next;
};

Neighbours neighbours(const Variable& points, std::int64_t length) {
  const double end = static_cast<double>(length) + 1;
  const Variable shifted = points + 1;  // for the zeros in front
  const Condition inside = shifted > 0 && shifted < end;
  const Variable p = where(inside, shifted, clip(as_variable(shifted.array()), 0, end));
  Array first = Array::empty(points.shape(), Dtype::int64);
  std::int64_t* at = first.mutable_data<std::int64_t>();
  for (const double pixel : p.array().to_vector<double>())
    *at++ = std::isnan(pixel) ? 0 : std::min(static_cast<std::int64_t>(std::floor(pixel)), length);
  const Variable base = as_variable(first.astype(points.dtype()));
  return {first, base + 1 - p, p - base};
}

}  // namespace

Variable bilinear_samples(const Variable& x, const Variable& u, const Variable& v) {
  const Variable padded = pad(x, {{0, 0}, {0, 0}, {1, 1}, {1, 1}});
  const Neighbours column = neighbours(u, x.length(3)), row = neighbours(v, x.length(2));
  Shape image = Shape::filled(u.ndim(), 1);
  image[0] = x.length(0);
  const Array images = Array::arange(x.length(0)).reshape(image);
  // The axes of the points come first, then the channels.
  const auto corner = [&](const Array& rows, const Variable& of_row, const Array& columns,
                          const Variable& of_column) {
    return get_item(padded, {images, Slice(), rows, columns}) * expand_dims(of_row * of_column, -1);
  };
  const Variable y = corner(row.first, row.of_first, column.first, column.of_first) +
                     corner(row.first, row.of_first, column.first + 1, column.of_next) +
                     corner(row.first + 1, row.of_next, column.first, column.of_first) +
                     corner(row.first + 1, row.of_next, column.first + 1, column.of_next);
  return moveaxis(y, -1, 1);
}

}  // namespace autograd
