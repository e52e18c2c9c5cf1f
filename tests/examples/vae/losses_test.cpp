// The numbers that Chainer computes with the same seed on the same images (record_chainer.py).
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/examples/vae/train_vae.h"
#include "tests/paths.h"

namespace {

using nlohmann::json;

const json& recorded() {
  static const json all =
      json::parse(contents(source_path("tests/examples/vae/chainer_losses.json")));
  return all.at("runs");
}

// Both programs compute in float32, u = 2^-24 = 6e-8, and add in different orders. A sum of n = 500
// products then differs by about sqrt(n) u = 1.3e-6 of its terms, and at most by n u = 3e-5; a loss
// is a mean over 6,400 pixels, where differences of either sign cancel, so it differs by a few u
// (measured: 4e-7). Adam divides the gradient by its own size: a weight moves by at most alpha =
// 0.001 a step, and of that the rounding is the same fraction, which 30 steps at worst add up: 30
// * 1.3e-6 of a movement that itself is a few percent of the weight. Together below 1e-5. Another
// draw or another formula shows in the first two digits.
constexpr double kTolerance = 1e-5;

void expect_same(const json& ours, const json& theirs, const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t row = 0; row < theirs.size(); ++row) {
    for (const auto& [name, value] : theirs[row].items()) {
      ASSERT_TRUE(ours[row].contains(name)) << what << " " << name;
      const double expected = value.get<double>();
      EXPECT_NEAR(ours[row].at(name).get<double>(), expected, kTolerance * std::abs(expected))
          << what << " " << row << " " << name;
    }
  }
}

class Losses : public testing::TestWithParam<std::size_t> {};

TEST_P(Losses, AreChainers) {
  const json& run = recorded().at(GetParam());
  const Folder folder;
  Arguments arguments{"--epoch", "2", "--threads", "1", "--out", folder / "results"};
  arguments = arguments + Arguments{"--model", run.at("model"),
                                    "--loss",  run.at("loss"),
                                    "--seed",  std::to_string(run.at("seed").get<int>())};
  if (run.at("binary").get<bool>()) arguments.push_back("--binary");
  const Outcome outcome = train_vae(arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(run.at("log_iteration").size(), 20u);
  ASSERT_EQ(run.at("log").size(), 2u);
  for (const std::string log : {"log_iteration", "log"})
    expect_same(json::parse(contents(folder / ("results/" + log))), run.at(log), log);
}

std::string name_of(const testing::TestParamInfo<std::size_t>& parameter) {
  const json& run = recorded().at(parameter.param);
  return fmt::format("{}_{}_{}{}", run.at("model").get<std::string>(),
                     run.at("loss").get<std::string>(),
                     run.at("binary").get<bool>() ? "binary_" : "", run.at("seed").get<int>());
}
INSTANTIATE_TEST_SUITE_P(Recorded, Losses, testing::Range(std::size_t{0}, recorded().size()),
                         name_of);

TEST(RecordedLosses, AreOfFiveModelsWithTwoSeeds) { EXPECT_EQ(recorded().size(), 10u); }

}  // namespace
