#include "autograd/functions/connection/deformable_convolution_2d_sampler.h"

#include "autograd/functions/connection/convolution.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

TEST(DeformableConvolution2DSampler, IsAConvolutionWithoutOffsets) {
  const Array x = numbers({2, 3, 5, 6}), W = numbers({4, 3, 2, 3}, 1), b = numbers({4}, 2);
  const Variable plain = convolution_2d(x, W, b, {.stride = {2, 1}, .pad = {1, 2}});
  const Array none = Array::zeros({2, 12, plain.length(2), plain.length(3)}, Dtype::float64);
  expect_near(deformable_convolution_2d_sampler(x, none, W, b, {.stride = {2, 1}, .pad = {1, 2}}),
              plain, 1e-14);
  expect_near(deformable_convolution_2d_sampler(numbers({1, 3, 1, 1}),
                                                Array::zeros({1, 2, 1, 1}, Dtype::float64),
                                                numbers({4, 3, 1, 1}, 1)),
              convolution_2d(numbers({1, 3, 1, 1}), numbers({4, 3, 1, 1}, 1)), 1e-14);
}

// One pixel to the right everywhere is the convolution of the image moved to the left.
TEST(DeformableConvolution2DSampler, MovesEachPlaceRightAndDown) {
  const Array x = numbers({1, 2, 5, 6}), W = numbers({3, 2, 2, 2}, 1);
  Array offset = Array::zeros({1, 8, 3, 4}, Dtype::float64);
  offset.slice(1, 0, 4).fill(1);
  expect_near(deformable_convolution_2d_sampler(x, offset, W),
              convolution_2d(x.slice(3, 1, 5).slice(2, 0, 4), W), 1e-14);
  offset.fill(0);
  offset.slice(1, 4, 4).fill(1);
  expect_near(deformable_convolution_2d_sampler(x, offset, W),
              convolution_2d(x.slice(2, 1, 4).slice(3, 0, 5), W), 1e-14);
}

TEST(DeformableConvolution2DSampler, HasDerivatives) {
  expect_derivatives(
      [](const Variables& v) {
        return Variables{deformable_convolution_2d_sampler(v[0], v[1], v[2], v[3], 1, 1)};
      },
      {numbers({2, 2, 3, 4}), numbers({2, 8, 4, 5}, 1), numbers({3, 2, 2, 2}, 2), numbers({3}, 3)});
}

TEST(DeformableConvolution2DSampler, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              deformable_convolution_2d_sampler(numbers({1, 2, 4, 4}), numbers({1, 7, 3, 3}),
                                                numbers({3, 2, 2, 2}));
            }),
            "deformable_convolution_2d_sampler: offset.shape[1] must be 2 W.shape[2] W.shape[3], "
            "but x is float64(1, 2, 4, 4), offset is float64(1, 7, 3, 3) and W is float64(3, 2, "
            "2, 2)");
}

}  // namespace
}  // namespace autograd
