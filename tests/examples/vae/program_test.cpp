// The program train_vae, from end to end.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <regex>

#include "tests/examples/vae/train_vae.h"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, TrainsAndLeavesItsResults) {
  const Folder folder;
  const std::string results = folder / "results";
  const Outcome outcome = train_vae(tiny(results) + GetParam().arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  for (const char* name :
       {"log", "log_iteration", "model.npz", "graph.dot", "snapshot_iter_4", "train.png",
        "train_reconstructed.png", "test.png", "test_reconstructed.png", "sampled.png"})
    EXPECT_TRUE(fs::exists(results + "/" + name)) << name;
  const bool distributions = GetParam().name.starts_with("distributions");
  const auto log = log_of(results);
  ASSERT_EQ(log.size(), 1u);
  for (const std::string part : {"main/", "validation/main/"})
    for (const std::string& term :
         {std::string("loss"), std::string(distributions ? "reconstr" : "rec_loss"),
          std::string(distributions ? "kl_penalty" : "latent_loss")})
      EXPECT_TRUE(std::isfinite(double(log[0].at(part + term)))) << part << term;
  EXPECT_EQ(log_of(results, "log_iteration").size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(
    Program, EveryKind,
    testing::Values(Kind{"question", {}}, Kind{"binary", {"--binary"}},
                    Kind{"mean", {"--loss", "mean_squared_error"}},
                    Kind{"pixels_x_mean", {"--loss", "pixels_x_mean_squared_error"}},
                    Kind{"sum", {"--loss", "sum_squared_error", "--k", "2", "--beta", "0.5"}},
                    Kind{"distributions", {"--model", "distributions"}},
                    Kind{"distributions_binary",
                         {"--model", "distributions", "--binary", "--k", "3"}}),
    [](const auto& parameter) { return parameter.param.name; });

TEST(Program, SaysWhatItWillDo) {
  const Folder folder;
  const Outcome outcome = train_vae(tiny(folder / "results") + Arguments{"--seed", "3"});
  EXPECT_THAT(outcome.out,
              testing::StartsWith("Data: digits: 100 training images, 100 test images, 8x8 pixels\n"
                                  "Model: question, loss bernoulli_nll, seed 3, 1 thread\n"
                                  "# dim z: 20\n"
                                  "# Minibatch-size: 30\n"
                                  "# epoch: 1\n"
                                  "\n"
                                  "epoch       main/loss   validation/main/loss  main/rec_loss  "
                                  "main/latent_loss  elapsed_time\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nTest mean loss with k = 10: "));
}

// The question, in the asker's own words: every input gives the same output, and then not.
double spread_after(const Arguments& arguments, std::string* said = nullptr) {
  const Folder folder;
  const Outcome outcome = train_vae(
      Arguments{"--dim-h", "64", "--epoch", "40", "--out", folder / "results"} + arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  if (said != nullptr) *said = outcome.out;
  return double(log_of(folder / "results").back().at("main/output_spread"));
}

TEST(Cure, ThatIsPrintedCures) {
  std::string said;
  const double collapsed = spread_after({"--loss", "mean_squared_error"}, &said);
  EXPECT_LT(collapsed, 0.01);
  EXPECT_THAT(said, HasSubstr("\nCollapse expected (linear theory): every input gives the same "));
  std::smatch cure;
  ASSERT_TRUE(
      std::regex_search(said, cure, std::regex(R"(about [0-9.]+:\s+(--[a-z]+) ([0-9.e-]+)[.])")))
      << said;
  const double cured = spread_after({"--loss", "mean_squared_error", cure[1], cure[2]}, &said);
  EXPECT_THAT(said, HasSubstr("\nNo collapse expected: "));
  EXPECT_THAT(said, Not(HasSubstr("little information")));
  // The digits themselves have the spread 0.23.
  EXPECT_GT(cured, 0.1);
}

TEST(Program, ResumesToTheSameBits) {
  const Folder folder;
  const auto with_epochs = [](Arguments arguments, const char* n) {
    arguments[6] = n;
    return arguments;
  };
  ASSERT_EQ(tiny("")[5], "--epoch");
  const Arguments whole = tiny(folder / "whole"), parts = tiny(folder / "parts");
  ASSERT_EQ(train_vae(with_epochs(whole, "3")).code, 0);
  ASSERT_EQ(train_vae(with_epochs(parts, "1")).code, 0);
  const Outcome resumed =
      train_vae(with_epochs(parts, "3") + Arguments{"--resume", folder / "parts/snapshot_iter_4"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  for (const char* name : {"/model.npz", "/sampled.png"})
    EXPECT_EQ(contents(folder / "parts" + name), contents(folder / "whole" + name)) << name;
}

// Such a folder gets no log and no graph: the pictures of the model are written all the same.
TEST(Program, WritesItsModelWhereNothingIsLeftToTrain) {
  const Folder folder;
  ASSERT_EQ(train_vae(tiny(folder / "first")).code, 0);
  const Outcome again =
      train_vae(tiny(folder / "second") + Arguments{"--resume", folder / "first/snapshot_iter_4"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out,
              HasSubstr(" has already run for 1 epochs, so there is nothing left to train; "));
  EXPECT_EQ(contents(folder / "second/model.npz"), contents(folder / "first/model.npz"));
  EXPECT_TRUE(fs::exists(folder / "second/sampled.png"));
  EXPECT_FALSE(fs::exists(folder / "second/loss.png"));
}

TEST(Flags, ThatAreWrongEndTheProgramWithTwo) {
  const auto refusal = [](const Arguments& arguments) {
    const Outcome outcome = train_vae(arguments);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_EQ(
      refusal({"--epochs", "3"}),
      "train_vae: every flag must be one that --help lists, but --epochs is not; did you mean "
      "--epoch?\n");
  EXPECT_EQ(refusal({"--dimz", "0"}), "train_vae: --dim-z must be at least 1, but it is 0\n");
  EXPECT_EQ(refusal({"--loss", "mse"}),
            "train_vae: --loss must be bernoulli_nll, mean_squared_error, "
            "pixels_x_mean_squared_error or sum_squared_error, but it is mse\n");
  EXPECT_EQ(refusal({"--model", "distributions", "--loss", "mean_squared_error"}),
            "train_vae: --loss must be bernoulli_nll for --model distributions, but it is "
            "mean_squared_error\n");
}

}  // namespace
