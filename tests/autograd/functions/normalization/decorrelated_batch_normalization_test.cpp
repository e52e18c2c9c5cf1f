#include "autograd/functions/normalization/decorrelated_batch_normalization.h"

#include "autograd/array/gemm.h"
#include "autograd/array/linalg.h"
#include "autograd/array/reduce.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

// The channels of a group as columns, one row for each place of the batch.
Array columns(const Array& x, std::int64_t from, std::int64_t channels) {
  const Array part = x.slice(1, from, channels);
  return part.reshape({x.length(0), channels, -1}).transpose({0, 2, 1}).reshape({-1, channels});
}

TEST(DecorrelatedBatchNormalization, GivesEachGroupMeanZeroAndCovarianceOne) {
  const Array x = numbers({7, 6, 5});
  const Array y = decorrelated_batch_normalization(x, {.groups = 2, .eps = 0}).array();
  for (const std::int64_t group : {0, 1}) {
    const Array rows = columns(y, 3 * group, 3);
    for (const double mean : values(array::mean(rows, 0))) EXPECT_NEAR(mean, 0, 1e-13);
    const std::vector<double> c = values(array::covariance(rows));
    for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(c[i], i % 4 == 0 ? 1 : 0, 1e-12);
  }
}

TEST(DecorrelatedBatchNormalization, KeepsRunningStatisticsThatItsFixedFormTakes) {
  const Array x = numbers({8, 4});
  Array mean = Array::zeros({2, 2}, Dtype::float64),
        projection = Array::zeros({2, 2, 2}, Dtype::float64);
  const Variable y = decorrelated_batch_normalization(
      x, {.groups = 2, .running_mean = mean, .running_projection = projection, .decay = 0});
  // The projection is kept times 8 / 7.
  expect_near(fixed_decorrelated_batch_normalization(x, mean, projection * (7. / 8), 2), y, 1e-13);
  const Array before = mean.copy();
  decorrelated_batch_normalization(x, {.groups = 2, .running_mean = mean, .decay = 0.75});
  expect_near(as_variable(mean), as_variable(before), 1e-15);
  EXPECT_EQ(shape_of(decorrelated_batch_normalization(numbers({0, 4}), {.groups = 2})), "(0, 4)");
}

TEST(DecorrelatedBatchNormalization, HasDerivatives) {
  for (const std::int64_t groups : {1, 2, 4})
    expect_derivatives(
        [=](const Variables& v) {
          return Variables{decorrelated_batch_normalization(v[0], {.groups = groups, .eps = 0.1})};
        },
        {numbers({5, 4, 2})});
  expect_derivatives(
      [](const Variables& v) {
        return Variables{fixed_decorrelated_batch_normalization(v[0], v[1], v[2], 2)};
      },
      {numbers({3, 4, 2}), numbers({2, 2}, 1), numbers({2, 2, 2}, 2)});
}

// Both eigenvalues of the covariance are 1: where quotients of their differences would be 0 / 0.
TEST(DecorrelatedBatchNormalization, HasDerivativesWhereEigenvaluesAreEqual) {
  expect_derivatives(
      [](const Variables& v) {
        return Variables{decorrelated_batch_normalization(v[0], {.groups = 1, .eps = 0.1})};
      },
      {matrix({4, 2}, {1, 1, 1, -1, -1, 1, -1, -1})});
}

TEST(DecorrelatedBatchNormalization, RefusesWhatDoesNotFit) {
  EXPECT_EQ(
      message_of([] {
        decorrelated_batch_normalization(numbers({3, 4}));
      }),
      "decorrelated_batch_normalization: the channels must be divisible into 16 groups, but x "
      "is float64(3, 4)");
  EXPECT_EQ(message_of([] {
              fixed_decorrelated_batch_normalization(numbers({3, 4}), numbers({4}),
                                                     numbers({2, 2, 2}), 2);
            }),
            "fixed_decorrelated_batch_normalization: mean must be (groups, C / groups), but x is "
            "float64(3, 4), mean is float64(4) and projection is float64(2, 2, 2)");
  EXPECT_EQ(message_of([] {
              decorrelated_batch_normalization(matrix({1, 1}, {kInf}), {.groups = 1});
            }),
            "decorrelated_batch_normalization: x must hold neither NaN nor infinities, but x is "
            "float64(1, 1, 1)");
}

}  // namespace
}  // namespace autograd
