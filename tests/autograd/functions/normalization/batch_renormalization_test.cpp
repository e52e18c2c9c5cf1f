#include "autograd/functions/normalization/batch_renormalization.h"

#include <algorithm>
#include <cmath>

#include "autograd/functions/normalization/normalization.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

const Array kBatch = numbers({4, 3}), kGamma = numbers({3}, 1), kBeta = numbers({3}, 2);

TEST(BatchRenormalization, IsWhatItsFormulaSays) {
  const Array mean = numbers({3}, 3), var = vector({0.5, 0.2, 2});
  const Variable y =
      batch_renormalization(kBatch, kGamma, kBeta, 1.25, 0.5, mean, var, {.eps = 0.01});
  const std::vector<double> x = values(kBatch), gamma = values(kGamma), beta = values(kBeta);
  for (std::size_t c = 0; c < 3; ++c) {
    double m = 0, v = 0;
    for (std::size_t i = 0; i < 4; ++i) m += x[3 * i + c] / 4;
    for (std::size_t i = 0; i < 4; ++i) v += std::pow(x[3 * i + c] - m, 2) / 4;
    const double running = std::sqrt(values(var)[c] + 0.01), s = std::sqrt(v + 0.01);
    const double r = std::clamp(s / running, 0.8, 1.25),
                 d = std::clamp((m - values(mean)[c]) / running, -0.5, 0.5);
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(values(y)[3 * i + c], gamma[c] * ((x[3 * i + c] - m) / s * r + d) + beta[c],
                  1e-13);
  }
}

TEST(BatchRenormalization, UpdatesItsStatisticsWhenToldTo) {
  Array mean = numbers({3}, 3), var = vector({0.5, 0.2, 2}), same_mean = mean.copy(),
        same_var = var.copy();
  batch_renormalization(kBatch, kGamma, kBeta, 2, 1, mean, var);
  EXPECT_TRUE(array_equal(mean, same_mean));
  const Variable y = batch_renormalization(kBatch, kGamma, kBeta, 1, 0, mean, var,
                                           {.decay = 0.7, .update_statistics = true});
  expect_near(
      y,
      batch_normalization(kBatch, kGamma, kBeta,
                          {.running_mean = same_mean, .running_var = same_var, .decay = 0.7}),
      1e-14);
  EXPECT_TRUE(array_equal(mean, same_mean));
  EXPECT_TRUE(array_equal(var, same_var));
}

// r and d count as constants, so the differences hold them fixed: far beyond the bounds they are.
TEST(BatchRenormalization, HasDerivatives) {
  const Array mean = vector({9, -9, 9}), var = vector({100, 100, 1e-4});
  expect_derivatives(
      [&](const Variables& v) {
        return Variables{batch_renormalization(v[0], v[1], v[2], 1.5, 0.5, mean, var)};
      },
      {kBatch, kGamma, kBeta});
  expect_derivatives(
      [&](const Variables& v) {
        return Variables{batch_renormalization(v[0], v[1], v[2], 1.5, 0.5, mean, var)};
      },
      {numbers({2, 3, 4}), kGamma, kBeta});
}

TEST(FixedBatchRenormalization, IsFixedBatchNormalization) {
  const Array mean = numbers({3}, 3), var = vector({0.5, 0.2, 2});
  expect_near(fixed_batch_renormalization(kBatch, kGamma, kBeta, mean, var, 0.1),
              fixed_batch_normalization(kBatch, kGamma, kBeta, mean, var, 0.1), 0);
}

TEST(BatchRenormalization, RefusesWhatDoesNotFit) {
  const Array one = Array::ones({3}, Dtype::float64);
  EXPECT_EQ(message_of([&] { batch_renormalization(kBatch, kGamma, kBeta, 0.5, 0, one, one); }),
            "batch_renormalization: rmax must be at least 1, but it is 0.5");
  EXPECT_EQ(message_of([&] { batch_renormalization(kBatch, kGamma, kBeta, 1, -1, one, one); }),
            "batch_renormalization: dmax must not be negative, but it is -1");
  EXPECT_EQ(message_of([&] {
              batch_renormalization(numbers({4, 2}), kGamma, kBeta, 1, 0, one, one);
            }),
            "batch_renormalization: gamma must have the lengths of x from axis 1 on, but x is "
            "float64(4, 2) and gamma is float64(3)");
}

}  // namespace
}  // namespace autograd
