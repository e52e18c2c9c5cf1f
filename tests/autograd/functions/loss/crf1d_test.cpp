#include "autograd/functions/loss/crf1d.h"

#include <cmath>

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

// Three sequences, of 3, 2 and 1 steps, with two labels.
const Array kCost = matrix({2, 2}, {0.3, -0.5, 0.7, 0.2});
const Arrays kSteps{matrix({3, 2}, {0.1, 0.4, -0.3, 0.6, 0.9, -0.8}),
                    matrix({2, 2}, {0.5, -0.2, 0.35, 0.8}), matrix({1, 2}, {-0.6, 0.25})};
const Arrays kLabels{indices({0, 1, 1}), indices({1, 0}), indices({1})};

double score(std::size_t row, const std::vector<int>& labels) {
  double total = 0;
  for (std::size_t t = 0; t < labels.size(); ++t) {
    total += values(kSteps[t])[2 * row + static_cast<std::size_t>(labels[t])];
    if (t > 0) total += values(kCost)[static_cast<std::size_t>(2 * labels[t - 1] + labels[t])];
  }
  return total;
}
// All labels of so many steps.
std::vector<std::vector<int>> all_labels(std::size_t steps) {
  std::vector<std::vector<int>> all;
  for (int code = 0; code < 1 << steps; ++code) {
    all.emplace_back();
    for (std::size_t t = 0; t < steps; ++t) all.back().push_back(code >> t & 1);
  }
  return all;
}

TEST(Crf1d, IsTheLogarithmOfAProbability) {
  const std::vector<std::vector<int>> labels{{0, 1, 1}, {1, 0}, {1}};
  double total = 0;
  std::vector<double> expected;
  for (std::size_t row = 0; row < 3; ++row) {
    double z = 0;
    for (const std::vector<int>& each : all_labels(labels[row].size()))
      z += std::exp(score(row, each));
    expected.push_back(std::log(z) - score(row, labels[row]));
    total += expected.back();
  }
  const std::vector<double> losses = values(crf1d(kCost, kSteps, kLabels, Reduce::no));
  for (std::size_t row = 0; row < 3; ++row) EXPECT_NEAR(losses.at(row), expected[row], 1e-14);
  EXPECT_NEAR(crf1d(kCost, kSteps, kLabels).item(), total / 3, 1e-14);
}

TEST(ArgmaxCrf1d, FindsTheGreatestScore) {
  const auto [found, path] = argmax_crf1d(kCost, kSteps);
  for (std::size_t row = 0; row < 3; ++row) {
    const std::size_t steps = 3 - row;
    std::vector<int> best;
    for (const std::vector<int>& each : all_labels(steps))
      if (best.empty() || score(row, each) > score(row, best)) best = each;
    EXPECT_NEAR(values(found)[row], score(row, best), 1e-14);
    for (std::size_t t = 0; t < steps; ++t)
      EXPECT_EQ(path[t].to_vector<int>().at(row), best[t]) << row << " " << t;
  }
  EXPECT_EQ(path[0].dtype(), Dtype::int32);
  EXPECT_THAT(values(argmax_crf1d(kCost, {kSteps[0]}).path[0]), ElementsAre(1, 1, 0));
}

TEST(Crf1d, HasDerivatives) {
  for (const Reduce reduce : {Reduce::mean, Reduce::no})
    expect_derivatives(
        [&](const Variables& v) {
          return Variables{crf1d(v[0], {v[1], v[2], v[3]}, kLabels, reduce)};
        },
        {kCost, kSteps[0], kSteps[1], kSteps[2]});
  expect_derivatives(
      [&](const Variables& v) {
        return Variables{argmax_crf1d(v[0], {v[1], v[2], v[3]}).score};
      },
      {kCost, kSteps[0], kSteps[1], kSteps[2]});
}

TEST(Crf1d, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] { crf1d(kCost, Arrays{}, Arrays{}); }),
            "crf1d: there must be a step, but there is none");
  EXPECT_EQ(message_of([] { crf1d(kCost, kSteps, {kLabels[0]}); }),
            "crf1d: there must be labels for each of the 3 steps, but there are 1");
  EXPECT_EQ(message_of([] {
              argmax_crf1d(kCost, {kSteps[1], kSteps[0]});
            }),
            "argmax_crf1d: a step must not have more sequences than the one before, but cost is "
            "float64(2, 2) and x is float64(3, 2)");
  EXPECT_EQ(message_of([] { crf1d(kCost, {kSteps[2]}, {indices({2})}); }),
            "crf1d: labels must lie between 0 and 1, but there is 2");
}

}  // namespace
}  // namespace autograd
