#include "autograd/functions/pooling/pooling_nd.h"

#include <algorithm>
#include <cmath>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/testing/gradient_check.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(MaxPoolingND, TakesTheGreatestPixel) {
  const Array line = Array::of<double>({1, 5, 2, 4, 3}, Shape{1, 1, 5});
  EXPECT_THAT(values(max_pooling_1d(line, 2)), ElementsAre(5, 4, 3));
  EXPECT_THAT(values(max_pooling_1d(line, 2, {.cover_all = false})), ElementsAre(5, 4));
  EXPECT_THAT(values(max_pooling_1d(line, 3, {.stride = 2, .pad = 1})), ElementsAre(5, 5, 4));
  EXPECT_THAT(values(max_pooling_nd(line, {2}, {.stride = {{1}}})), ElementsAre(5, 5, 4, 4));
}

// The window of 3-d pooling that begins at a place, as its pixels in C order; `outside` for those
// beyond the image.
std::vector<double> window(const Array& x, std::int64_t n, std::int64_t c, const Shape& begin,
                           const Shape& ksize, double outside) {
  std::vector<double> pixels;
  for (std::int64_t i = 0; i < ksize[0]; ++i)
    for (std::int64_t j = 0; j < ksize[1]; ++j)
      for (std::int64_t k = 0; k < ksize[2]; ++k) {
        const Shape at{begin[0] + i, begin[1] + j, begin[2] + k};
        bool inside = true;
        for (int axis = 0; axis < 3; ++axis)
          inside = inside && at[axis] >= 0 && at[axis] < x.length(axis + 2);
        pixels.push_back(inside ? x.select(0, n)
                                      .select(0, c)
                                      .select(0, at[0])
                                      .select(0, at[1])
                                      .select(0, at[2])
                                      .item()
                                : outside);
      }
  return pixels;
}

struct PoolingSizes {
  Shape x, ksize, stride, pad;
  bool cover_all;
};
const PoolingSizes kPoolingSizes[] = {
    {{2, 3, 4, 5, 3}, {2, 2, 2}, {2, 2, 2}, {0, 0, 0}, true},
    {{1, 2, 5, 3, 7}, {3, 1, 2}, {2, 1, 3}, {1, 0, 1}, false},
    {{2, 1, 3, 4, 5}, {2, 3, 4}, {1, 2, 3}, {1, 2, 0}, true},
};

PerAxis per_axis(const Shape& lengths) { return PerAxis(lengths); }

// All windows, those of one image after those of the other.
std::vector<std::vector<double>> windows(const Array& x, const Shape& out, const PoolingSizes& s,
                                         double outside) {
  std::vector<std::vector<double>> all;
  for (std::int64_t n = 0; n < out[0]; ++n)
    for (std::int64_t c = 0; c < out[1]; ++c)
      for (std::int64_t i = 0; i < out[2]; ++i)
        for (std::int64_t j = 0; j < out[3]; ++j)
          for (std::int64_t k = 0; k < out[4]; ++k)
            all.push_back(window(x, n, c,
                                 {i * s.stride[0] - s.pad[0], j * s.stride[1] - s.pad[1],
                                  k * s.stride[2] - s.pad[2]},
                                 s.ksize, outside));
  return all;
}

TEST(MaxPoolingND, TakesTheFirstOfTheGreatestPixelsInABox) {
  for (const PoolingSizes& s : kPoolingSizes) {
    SCOPED_TRACE(&s - kPoolingSizes);
    // Few different numbers, so that many are equal.
    std::vector<double> pixels = values(numbers(s.x));
    for (double& pixel : pixels) pixel = std::floor(3 * pixel);
    const Array x = Array::from(std::span<const double>(pixels), s.x);
    const auto [y, indices] = max_pooling_nd_with_indices(
        x, per_axis(s.ksize),
        {.stride = per_axis(s.stride), .pad = per_axis(s.pad), .cover_all = s.cover_all});
    EXPECT_EQ(indices.dtype(), Dtype::int64);
    std::vector<double> greatest, places;
    for (const auto& box : windows(x, y.shape(), s, -kInf)) {
      const auto first = std::max_element(box.begin(), box.end());
      greatest.push_back(*first);
      places.push_back(static_cast<double>(first - box.begin()));
    }
    EXPECT_EQ(values(y), greatest);
    EXPECT_EQ(values(indices), places);
  }
}

TEST(MaxPoolingND, GivesTheGradientToTheFirstOfEquals) {
  const Variable x(Array::full({1, 1, 2, 2, 2}, 5, Dtype::float64));
  max_pooling_3d(x, 2).backward();
  EXPECT_THAT(values(x.grad()), ElementsAre(1, 0, 0, 0, 0, 0, 0, 0));
}

TEST(MaxPoolingND, SaysWhereThePixelsWere) {
  const Array line = Array::of<double>({1, 5, 2, 4, 3}, Shape{1, 1, 5});
  EXPECT_THAT(values(max_pooling_1d_with_indices(line, 2).indices), ElementsAre(1, 1, 0));
  const Array box = numbers({1, 2, 3, 4, 5});
  EXPECT_EQ(values(max_pooling_3d_with_indices(box, 2).indices),
            values(max_pooling_nd_with_indices(box, {2, 2, 2}).indices));
}

TEST(AveragePoolingND, CountsThePaddingOrLeavesItOut) {
  const Array line = Array::of<double>({3, 6, 9, 12, 15}, Shape{1, 1, 5});
  EXPECT_THAT(values(average_pooling_1d(line, 2)), ElementsAre(4.5, 10.5));
  EXPECT_THAT(values(average_pooling_1d(line, 3, {.stride = 2, .pad = 1})), ElementsAre(3, 9, 9));
  EXPECT_THAT(values(average_pooling_1d(line, 3, {.stride = 2, .pad = 1, .pad_value = {}})),
              ElementsAre(4.5, 9, 13.5));
  // Windows that lie wholly in the padding.
  EXPECT_THAT(values(average_pooling_1d(line, 1, {.stride = 6, .pad = 1, .pad_value = {}})),
              ElementsAre(0, 0));
}

TEST(AveragePoolingND, IsTheMeanOfABox) {
  for (const PoolingSizes& s : kPoolingSizes) {
    SCOPED_TRACE(&s - kPoolingSizes);
    const Array x = numbers(s.x);
    AveragePoolingNDOptions options{.stride = per_axis(s.stride), .pad = per_axis(s.pad)};
    const Variable zeros = average_pooling_nd(x, per_axis(s.ksize), options);
    options.pad_value.reset();
    const Variable inside = average_pooling_nd(x, per_axis(s.ksize), options);
    const std::vector<double> with = values(zeros), without = values(inside);
    std::size_t i = 0;
    for (const auto& pixels : windows(x, zeros.shape(), s, kInf)) {
      double total = 0, count = 0;
      for (const double pixel : pixels)
        if (pixel != kInf) total += pixel, ++count;
      EXPECT_NEAR(with[i], total / static_cast<double>(pixels.size()), 1e-15);
      EXPECT_NEAR(without[i], total / count, 1e-15);
      ++i;
    }
  }
}

TEST(UnpoolingND, FillsTheWindows) {
  const Array line = Array::of<double>({1, 2}, Shape{1, 1, 2});
  EXPECT_THAT(values(unpooling_1d(line, 2)), ElementsAre(1, 1, 2));
  EXPECT_THAT(values(unpooling_1d(line, 2, {.cover_all = false})), ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(values(unpooling_1d(line, 3, {.stride = 2, .cover_all = false})),
              ElementsAre(1, 1, 3, 2, 2));
  EXPECT_THAT(values(unpooling_1d(line, 2, {.outsize = 4})), ElementsAre(1, 1, 2, 2));
  const Array box = Array::of<double>({1, 2}, Shape{1, 1, 1, 1, 2});
  const Variable y = unpooling_3d(box, {2, 1, 2}, {.cover_all = false});
  EXPECT_EQ(y.shape(), (Shape{1, 1, 2, 1, 4}));
  EXPECT_THAT(values(y), ElementsAre(1, 1, 2, 2, 1, 1, 2, 2));
}

TEST(PoolingND, GoesByTheNumberOfAxes) {
  const Array picture = numbers({2, 3, 5, 7}), box = numbers({1, 2, 3, 4, 5});
  EXPECT_EQ(values(max_pooling_nd(picture, {3, 2}, {.pad = 1})),
            values(max_pooling_2d(picture, {3, 2}, {.pad = 1})));
  EXPECT_EQ(values(max_pooling_nd_with_indices(picture, {3, 2}, {.pad = 1}).indices),
            values(max_pooling_2d_with_indices(picture, {3, 2}, {.pad = 1}).indices));
  EXPECT_EQ(values(max_pooling_3d(box, 2)), values(max_pooling_nd(box, 2)));
  EXPECT_EQ(values(average_pooling_3d(box, 2)), values(average_pooling_nd(box, 2)));
  EXPECT_EQ(values(unpooling_3d(box, 2)), values(unpooling_nd(box, 2)));
}

TEST(PoolingND, HaveDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{
            max_pooling_3d(x[0], 2),
            max_pooling_3d(x[0], {2, 3, 1}, {.stride = 2, .pad = {1, 1, 0}, .cover_all = false})};
      },
      [](const Variables& x) {
        return Variables{
            average_pooling_3d(x[0], 2),
            average_pooling_3d(x[0], 3, {.stride = {{1, 2, 3}}, .pad = 1}),
            average_pooling_3d(x[0], 3, {.stride = 2, .pad = {1, 0, 2}, .pad_value = {}})};
      },
      [](const Variables& x) {
        return Variables{unpooling_3d(x[0], 2), unpooling_3d(x[0], 2, {.cover_all = false}),
                         unpooling_3d(x[0], {3, 2, 1}, {.stride = 2, .pad = {1, 1, 0}}),
                         unpooling_3d(x[0], 2, {.outsize = {{5, 6, 8}}})};
      },
      [](const Variables& x) {
        const auto [y, indices] = max_pooling_3d_with_indices(x[0], 2);
        return Variables{y * y};
      },
  };
  for (const Function& f : functions) {
    SCOPED_TRACE(&f - functions);
    EXPECT_NO_THROW(testing::check_function({.f = f, .x = {numbers({1, 2, 3, 3, 4})}}));
    expect_derivatives(f, {numbers({1, 2, 3, 3, 4})});
    expect_derivatives(f, {numbers({0, 2, 3, 3, 4})});
  }
  expect_derivatives(
      [](const Variables& x) {
        return Variables{max_pooling_1d(x[0], 2), average_pooling_1d(x[0], 3, {.stride = 2}),
                         unpooling_1d(x[0], 3, {.stride = 2})};
      },
      {numbers({2, 3, 7})});
}

TEST(PoolingND, SaysWhatIsWrong) {
  const Array x = numbers({2, 3, 4}), box = numbers({1, 2, 3, 4, 5});
  EXPECT_EQ(message_of([&] { max_pooling_3d(x, 2); }),
            "max_pooling_3d: x must have 5 axes, but x is float64(2, 3, 4)");
  EXPECT_EQ(message_of([&] { average_pooling_1d(box, 2); }),
            "average_pooling_1d: x must have 3 axes, but x is float64(1, 2, 3, 4, 5)");
  EXPECT_EQ(message_of([&] {
              unpooling_nd(numbers({2, 3}), 2);
            }),
            "unpooling_nd: x must have at least 3 axes, but x is float64(2, 3)");
  EXPECT_EQ(message_of([&] { max_pooling_1d(x.astype(Dtype::int32), 2); }),
            "max_pooling_1d: x must be float32 or float64, but x is int32(2, 3, 4)");
  EXPECT_EQ(message_of([&] {
              max_pooling_3d(box, {2, 1});
            }),
            "max_pooling_3d: ksize must be one number, or one for each of 3 axes, but it is (2, "
            "1)");
  EXPECT_EQ(message_of([&] {
              average_pooling_3d(box, 2, {.stride = {{1, 0, 1}}});
            }),
            "average_pooling_3d: ksize and stride must be at least 1 and pad at least 0, but they "
            "are (2, 2, 2), (1, 0, 1) and (0, 0, 0)");
  EXPECT_EQ(message_of([&] {
              max_pooling_3d(box, {2, 2, 8}, {.stride = 1, .pad = 1});
            }),
            "max_pooling_3d: a window of 8 must fit into axis 4 of x, which is 7 with its padding, "
            "but x is float64(1, 2, 3, 4, 5)");
  EXPECT_EQ(message_of([&] { average_pooling_1d(x, 5); }),
            "average_pooling_1d: a window of 5 must fit into axis 2 of x, which is 4 with its "
            "padding, but x is float64(2, 3, 4)");
  EXPECT_EQ(message_of([&] { average_pooling_1d(x, 2, {.pad_value = 1}); }),
            "average_pooling_1d: pad_value must be 0 or none, but it is 1");
  EXPECT_EQ(message_of([&] { unpooling_1d(x, 2, {.outsize = 9}); }),
            "unpooling_1d: along axis 2 outsize must be a length that has as many windows as x has "
            "pixels, unlike 9, but x is float64(2, 3, 4)");
  EXPECT_EQ(message_of([&] { unpooling_1d(x, 1, {.pad = 3}); }),
            "unpooling_1d: the result must not have a negative length, and along axis 2 it would "
            "be -2, but x is float64(2, 3, 4)");
}

TEST(PoolingND, UnpoolsToASizeOfZero) {
  const Array x = numbers({2, 3, 4});
  const Function by_size = [](const Variables& v) {
    return Variables{unpooling_1d(v[0], 1, {.pad = 2})};
  };
  const Function by_outsize = [](const Variables& v) {
    return Variables{unpooling_nd(v[0], 1, {.pad = 2, .outsize = 0})};
  };
  for (const Function& f : {by_size, by_outsize}) {
    const Variable v(x), y = f({v})[0];
    EXPECT_EQ(shape_of(y), "(2, 3, 0)");
    EXPECT_EQ(values(grad({sum(y)}, {v})[0]), std::vector<double>(24, 0));
  }
}

}  // namespace
}  // namespace autograd
