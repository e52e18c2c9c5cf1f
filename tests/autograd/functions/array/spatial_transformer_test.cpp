#include "autograd/functions/array/spatial_transformer.h"

#include "autograd/functions/array/manipulation.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kIdentity = matrix({1, 2, 3}, {1, 0, 0, 0, 1, 0});

TEST(SpatialTransformerGrid, MapsARegularGrid) {
  EXPECT_THAT(values(spatial_transformer_grid(kIdentity, {2, 3})),
              ElementsAre(-1, 0, 1, -1, 0, 1, -1, -1, -1, 1, 1, 1));
  // x' = 2 x + 3 y + 4, y' = y; a single row lies at y = -1.
  EXPECT_THAT(values(spatial_transformer_grid(matrix({1, 2, 3}, {2, 3, 4, 0, 1, 0}), {1, 2})),
              ElementsAre(-1, 3, -1, -1));
  EXPECT_EQ(shape_of(spatial_transformer_grid(numbers({0, 2, 3}), 2)), "(0, 2, 2, 2)");
  expect_derivatives(
      [](const Variables& v) {
        return Variables{spatial_transformer_grid(v[0], {2, 3})};
      },
      {numbers({2, 2, 3})});
  EXPECT_EQ(message_of([] {
              spatial_transformer_grid(numbers({2, 3}), 2);
            }),
            "spatial_transformer_grid: theta must be (N, 2, 3), but theta is float64(2, 3)");
  EXPECT_EQ(message_of([] {
              spatial_transformer_grid(kIdentity, {2, -1});
            }),
            "spatial_transformer_grid: output_shape must not be negative, but it is (2, -1)");
}

Variable at(const Array& image, double x, double y) {
  const std::int64_t height = image.length(2), width = image.length(3);
  const double u = 2 * x / static_cast<double>(width - 1) - 1,
               v = 2 * y / static_cast<double>(height - 1) - 1;
  return spatial_transformer_sampler(image, matrix({1, 2, 1, 1}, {u, v}));
}

TEST(SpatialTransformerSampler, InterpolatesAndFadesOutsideTheImage) {
  const Array image = matrix({1, 1, 2, 3}, {1, 2, 3, 5, 6, 8});
  EXPECT_THAT(
      values(spatial_transformer_sampler(image, spatial_transformer_grid(kIdentity, {2, 3}))),
      ElementsAre(1, 2, 3, 5, 6, 8));
  EXPECT_DOUBLE_EQ(at(image, 0.5, 0).item(), 1.5);
  EXPECT_DOUBLE_EQ(at(image, 1.25, 0.5).item(), 0.5 * (2.25 + 6.5));
  EXPECT_DOUBLE_EQ(at(image, -0.25, 1).item(), 3.75);
  EXPECT_DOUBLE_EQ(at(image, 2, 1.5).item(), 4);
  for (const double far : {-1.0, 3.0, 1e9, -1e9, kInf, -kInf})
    EXPECT_EQ(at(image, far, 0).item(), 0) << far;
  EXPECT_TRUE(std::isnan(at(image, std::numeric_limits<double>::quiet_NaN(), 0).item()));
}

TEST(SpatialTransformerSampler, HasNoGradientFarOutside) {
  const Variable image(numbers({1, 2, 3, 3})), grid(matrix({1, 2, 1, 2}, {-5, 0.3, 0.2, 9}));
  const Variables g = grad({spatial_transformer_sampler(image, grid)}, {grid, image},
                           {.grad_outputs = {Variable(Array::ones({1, 2, 1, 2}, Dtype::float64))}});
  EXPECT_THAT(values(g[0]), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(values(g[1]), ::testing::Each(0));
}

TEST(SpatialTransformerSampler, HasDerivatives) {
  expect_derivatives(
      [](const Variables& v) { return Variables{spatial_transformer_sampler(v[0], v[1])}; },
      {numbers({2, 3, 4, 3}), numbers({2, 2, 2, 3}, 1)});
  expect_derivatives(
      [](const Variables& v) {
        return Variables{spatial_transformer_sampler(v[0], spatial_transformer_grid(v[1], {2, 3}))};
      },
      {numbers({2, 1, 4, 5}), numbers({2, 2, 3}, 3)});
}

TEST(SpatialTransformerSampler, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              spatial_transformer_sampler(numbers({2, 1, 3, 3}), numbers({1, 2, 2, 2}));
            }),
            "spatial_transformer_sampler: there must be a grid for each image, but x is float64(2, "
            "1, 3, 3) and grid is float64(1, 2, 2, 2)");
}

}  // namespace
}  // namespace autograd
