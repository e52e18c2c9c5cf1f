#include "autograd/functions/array/spatial_transformer.h"

#include "autograd/array/arithmetic.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/support/bilinear.h"
#include "autograd/functions/support/windows.h"

namespace autograd::inline functions {
namespace {

// n numbers from -1 to 1, float64.
Array from_minus_one_to_one(std::int64_t n) {
  const Array steps = Array::arange(n, Dtype::float64);
  return n > 1 ? steps * (2 / static_cast<double>(n - 1)) - 1 : steps - 1;
}

}  // namespace

Variable spatial_transformer_grid(const Variable& theta, HeightWidth output_shape) {
  Check("spatial_transformer_grid", {{"theta", theta}})
      .floats()
      .that(theta.ndim() == 3 && theta.length(1) == 2 && theta.length(2) == 3,
            "theta must be (N, 2, 3)");
  const auto [height, width] = output_shape;
  check_windows("spatial_transformer_grid", "output_shape", {height, width}, 0);
  Array points = Array::empty({3, height, width}, theta.dtype());
  points.select(0, 0).assign(from_minus_one_to_one(width));
  points.select(0, 1).assign(from_minus_one_to_one(height).expand_dims(1));
  points.select(0, 2).fill(1);
  return reshape(matmul(theta, points.reshape({3, height * width})),
                 {theta.length(0), 2, height, width});
}

Variable spatial_transformer_sampler(const Variable& x, const Variable& grid) {
  Check("spatial_transformer_sampler", {{"x", x}, {"grid", grid}})
      .floats()
      .ndim(4)
      .that(grid.length(1) == 2, "grid.shape[1] must be 2")
      .that(x.length(0) == grid.length(0), "there must be a grid for each image");
  const auto pixels = [&](std::int64_t channel, std::int64_t length) {
    return (get_item(grid, {Slice(), channel}) + 1) * (static_cast<double>(length - 1) / 2);
  };
  return bilinear_samples(x, pixels(0, x.length(3)), pixels(1, x.length(2)));
}

}  // namespace autograd::inline functions
