#include "autograd/functions/array/images.h"

#include "autograd/functions/array/manipulation.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

// (1, 1, 2, 3)
const Array kPicture = Array::of<double>({1, 2, 3, 4, 5, 6}, Shape{1, 1, 2, 3});

TEST(Im2col, LaysWindowsOutAsColumns) {
  const Variable y = im2col(kPicture, 2);
  EXPECT_EQ(y.shape(), (Shape{1, 4, 1, 2}));
  EXPECT_THAT(values(y), ElementsAre(1, 2, 2, 3, 4, 5, 5, 6));
  EXPECT_THAT(values(im2col(kPicture, {1, 2}, {.pad = {0, 1}})),
              ElementsAre(0, 1, 2, 3, 0, 4, 5, 6, 1, 2, 3, 0, 4, 5, 6, 0));
  EXPECT_THAT(values(im2col(kPicture, {2, 1}, {.stride = 2})), ElementsAre(1, 3, 4, 6));
  EXPECT_THAT(values(im2col(kPicture, {1, 2}, {.stride = 2, .cover_all = true})),
              ElementsAre(1, 3, 0, 0, 2, 0, 0, 0));
  EXPECT_THAT(values(im2col(kPicture, {1, 2}, {.dilate = 2})), ElementsAre(1, 4, 3, 6));
  EXPECT_EQ(im2col(numbers({0, 2, 5, 5}), 3).shape(), (Shape{0, 18, 3, 3}));
  EXPECT_EQ(
      message_of([] { im2col(kPicture, 3); }),
      "im2col: a window of 3 must fit into axis 2 with its padding, but x is float64(1, 1, 2, 3)");
  EXPECT_EQ(message_of([] { im2col(kPicture, 2, {.stride = 0}); }),
            "im2col: ksize, stride and dilate must be at least 1 and pad at least 0, but they are "
            "2, 0, 1 and 0");
}

TEST(SpaceAndDepth, AreEachOthersInverse) {
  EXPECT_THAT(values(space2depth(kPicture.slice(3, 0, 2), 2)), ElementsAre(1, 2, 4, 5));
  const Array x = numbers({2, 3, 4, 6});
  EXPECT_EQ(space2depth(x, 2).shape(), (Shape{2, 12, 2, 3}));
  EXPECT_EQ(values(depth2space(space2depth(x, 2), 2)), values(x));
  EXPECT_EQ(message_of([] { space2depth(kPicture, 2); }),
            "space2depth: height and width must be divisible by 2, but x is float64(1, 1, 2, 3)");
  EXPECT_EQ(message_of([] { depth2space(kPicture, 2); }),
            "depth2space: the number of channels must be divisible by 2 * 2, but x is float64(1, "
            "1, 2, 3)");
  // Of no pixels, blocks may be as large as a length can be.
  const Array none = Array::zeros({1, 1, 0, 0}, Dtype::float64);
  EXPECT_EQ(space2depth(none, 65536).shape(), (Shape{1, std::int64_t{1} << 32, 0, 0}));
  EXPECT_EQ(message_of([] {
              space2depth(Array::zeros({1, 3, 0, 0}, Dtype::float64), 2147483647);
            }),
            "space2depth: the result must have a length below 2^63, but it would be "
            "4611686014132420609 times 3");
}

TEST(ResizeImages, InterpolatesBetweenPixels) {
  EXPECT_THAT(values(resize_images(kPicture, {3, 3})),
              ElementsAre(1, 2, 3, 2.5, 3.5, 4.5, 4, 5, 6));
  EXPECT_THAT(values(resize_images(kPicture, {1, 5})), ElementsAre(1, 1.5, 2, 2.5, 3));
  EXPECT_THAT(values(resize_images(kPicture, {1, 3}, {.align_corners = false})),
              ElementsAre(2.5, 3.5, 4.5));
  EXPECT_THAT(values(resize_images(kPicture, {2, 4}, {.mode = Resize::nearest})),
              ElementsAre(1, 1, 2, 3, 4, 4, 5, 6));
  EXPECT_EQ(values(resize_images(kPicture, {2, 3})), values(kPicture));
  EXPECT_EQ(message_of([] {
              resize_images(kPicture, {0, 2});
            }),
            "resize_images: neither image may be empty, and the new one has 0 x 2 pixels, but x is "
            "float64(1, 1, 2, 3)");
}

TEST(Images, HaveDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{im2col(x[0], 2),
                         im2col(x[0], {3, 2}, {.stride = 2, .pad = {1, 0}, .cover_all = true})};
      },
      [](const Variables& x) {
        return Variables{space2depth(x[0], 2), depth2space(x[0], 2)};
      },
      [](const Variables& x) {
        return Variables{resize_images(x[0], {3, 7}),
                         resize_images(x[0], 5, {.align_corners = false}),
                         resize_images(x[0], 3, {.mode = Resize::nearest})};
      },
  };
  for (const Function& f : functions) {
    SCOPED_TRACE(&f - functions);
    expect_derivatives(f, {numbers({2, 4, 4, 6})});
    expect_derivatives(f, {numbers({6, 4, 4, 2}).transpose()});
    expect_derivatives(f, {numbers({0, 4, 4, 6})});
  }
}

}  // namespace
}  // namespace autograd
