#include <cmath>

#include "autograd/array/walker_alias.h"
#include "autograd/functions/loss/black_out.h"
#include "autograd/functions/loss/negative_sampling.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kRows = numbers({2, 3}), kW = numbers({4, 3}, 1), kT = indices({1, 3});
const Array kSamples = Array::of<int>({0, 2, 2, 1}, Shape{2, 2});

double dot(std::size_t row, std::size_t k) {
  const std::vector<double> x = values(kRows), w = values(kW);
  double total = 0;
  for (std::size_t i = 0; i < 3; ++i) total += x[3 * row + i] * w[3 * k + i];
  return total;
}

TEST(BlackOut, IsWhatItsFormulaSays) {
  std::vector<double> expected;
  for (std::size_t row = 0; row < 2; ++row) {
    const auto t = static_cast<std::size_t>(values(kT)[row]);
    std::vector<std::size_t> samples;
    for (std::size_t k = 0; k < 2; ++k)
      samples.push_back(static_cast<std::size_t>(values(kSamples)[2 * row + k]));
    double z = std::exp(dot(row, t));
    for (const std::size_t k : samples) z += std::exp(dot(row, k));
    double loss = -std::log(std::exp(dot(row, t)) / z);
    for (const std::size_t k : samples) loss -= std::log(1 - std::exp(dot(row, k)) / z);
    expected.push_back(loss);
  }
  const std::vector<double> losses = values(black_out(kRows, kT, kW, kSamples, Reduce::no));
  EXPECT_NEAR(losses.at(0), expected[0], 1e-14);
  EXPECT_NEAR(losses.at(1), expected[1], 1e-14);
  EXPECT_NEAR(black_out(kRows, kT, kW, kSamples).item(), (expected[0] + expected[1]) / 2, 1e-14);
}

TEST(BlackOut, HasDerivatives) {
  expect_derivatives(
      [](const Variables& v) { return Variables{black_out(v[0], kT, v[1], kSamples)}; },
      {kRows, kW});
}

TEST(NegativeSampling, PushesTheClassUpAndTheSamplesDown) {
  Shape asked;
  const auto sampler = [&](const Shape& shape) {
    asked = shape;
    return Array::of<int>({9, 0, 2, 9, 2, 1}, Shape{2, 3});
  };
  const auto [losses, samples] =
      negative_sampling_with_samples(kRows, kT, kW, sampler, 2, Reduce::no);
  EXPECT_EQ(asked, (Shape{2, 3}));
  EXPECT_THAT(values(samples), ElementsAre(1, 0, 2, 3, 2, 1));
  const auto softplus = [](double x) { return std::log(1 + std::exp(x)); };
  EXPECT_NEAR(values(losses).at(0),
              softplus(-dot(0, 1)) + softplus(dot(0, 0)) + softplus(dot(0, 2)), 1e-14);
  EXPECT_NEAR(negative_sampling(kRows, kT, kW, sampler, 2).item(),
              values(losses)[0] + values(losses)[1], 1e-14);
  // A row that does not count.
  const Variable ignored = negative_sampling(kRows, indices({-1, 3}), kW, sampler, 2, Reduce::no);
  EXPECT_EQ(values(ignored).at(0), 0);
  EXPECT_NEAR(values(ignored).at(1), values(losses)[1], 1e-14);
}

TEST(NegativeSampling, DrawsByWalkersMethod) {
  const WalkerAlias alias(vector({1, 2, 3, 4}));
  random::seed(1);
  const auto [loss, samples] = negative_sampling_with_samples(
      kRows, kT, kW, [&](const Shape& shape) { return alias.sample(shape); }, 5);
  random::seed(1);
  const Array same = alias.sample({2, 6});
  EXPECT_TRUE(array_equal(samples.slice(1, 1, 5), same.slice(1, 1, 5)));
}

TEST(NegativeSampling, HasDerivatives) {
  const auto sampler = [](const Shape&) {
    return Array::of<std::int64_t>({0, 0, 2, 0, 2, 1}, Shape{2, 3});
  };
  for (const Reduce reduce : {Reduce::sum, Reduce::no})
    for (const Array& t : {kT, indices({2, -1})})
      expect_derivatives(
          [&](const Variables& v) {
            return Variables{negative_sampling(v[0], t, v[1], sampler, 2, reduce)};
          },
          {kRows, kW});
}

TEST(SampledClasses, AreChecked) {
  EXPECT_EQ(message_of([] { black_out(kRows, kT, kW, kSamples + 2); }),
            "black_out: labels must lie between 0 and 3, but there is 4");
  EXPECT_EQ(
      message_of([] {
        negative_sampling(
            kRows, kT, kW, [](const Shape&) { return kSamples; }, 2);
      }),
      "negative_sampling: the sampler must give integers of the shape that it is called with, "
      "but samples is int32(2, 2)");
  EXPECT_EQ(message_of([] {
              negative_sampling(
                  kRows, kT, kW, [](const Shape&) { return kSamples; }, -1);
            }),
            "negative_sampling: sample_size must not be negative, but it is -1");
}

}  // namespace
}  // namespace autograd
