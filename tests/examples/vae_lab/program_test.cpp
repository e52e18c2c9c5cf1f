#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "examples/vae_lab/beta_schedule.h"
#include "examples/vae_lab/rec_loss.h"
#include "tests/examples/vae_lab/vae_lab.h"
#include "tests/paths.h"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> keys(const nn::LogEntry& entry) {
  std::vector<std::string> names;
  for (const auto& item : entry) names.push_back(item.first);
  return names;
}

// --- every kind of training, from end to end

std::vector<Kind> kinds() {
  std::vector<Kind> all{
      {"question", {}},
      {"distributions", {"--model", "distributions"}},
      {"distributions_binary", {"--model", "distributions", "--binary", "--k", "3"}},
      {"one_layer", {"--layers", "1"}},
      {"relu", {"--act", "relu"}},
      {"softplus_xavier", {"--act", "softplus", "--init", "xavier"}},
      {"distributions_xavier", {"--model", "distributions", "--init", "xavier"}},
      {"binary", {"--binary"}},
      {"dynamic", {"--binarize", "dynamic"}},
      {"conditional", {"--conditional", "--binarize", "dynamic", "--eval-iwae", "3"}},
      {"distributions_conditional",
       {"--model", "distributions", "--conditional", "--eval-iwae", "3"}},
      {"distributions_dynamic", {"--model", "distributions", "--binarize", "dynamic"}},
      {"weighted", {"--beta", "0.5", "--k", "2"}},
      {"learning_rate", {"--lr", "0.01"}}};
  for (const vae::lab::RecLoss& loss : vae::lab::rec_losses())
    all.push_back({std::string(loss.name), {"--loss", std::string(loss.name)}});
  for (const vae::lab::BetaSchedule& schedule : vae::lab::beta_schedules())
    all.push_back({"beta_" + std::string(schedule.name),
                   {"--beta-schedule", std::string(schedule.name), "--beta", "2"}});
  all.push_back({"free_bits", {"--free-bits", "0.5"}});
  for (const char* optimizer :
       {"sgd", "momentum_sgd", "nesterov_ag", "ada_grad", "ada_delta", "rmsprop"})
    all.push_back({optimizer, {"--optimizer", optimizer, "--loss", "mean_squared_error"}});
  return all;
}

class EveryKind : public testing::TestWithParam<Kind> {};

TEST_P(EveryKind, TrainsAndLeavesItsResults) {
  const Folder folder;
  const std::string results = folder / "results";
  const Outcome outcome = vae_lab(tiny(results) + GetParam().arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  std::vector<std::string> files{
      "log",        "log_iteration",           "model.npz", "graph.dot",
      "train.png",  "train_reconstructed.png", "test.png",  "test_reconstructed.png",
      "sampled.png"};
  files.push_back("loss.png");
  for (const std::string& name : files) {
    EXPECT_TRUE(fs::exists(results + "/" + name)) << name;
    EXPECT_THAT(outcome.out, HasSubstr(name));
    if (name.ends_with(".png")) {
      EXPECT_EQ(contents(results + "/" + name).substr(0, 8), "\x89PNG\r\n\x1a\n") << name;
    }
  }
  EXPECT_TRUE(fs::exists(results + "/snapshot_iter_4"));

  const bool distributions = GetParam().name.starts_with("distributions");
  const std::string first = distributions ? "reconstr" : "rec_loss",
                    second = distributions ? "kl_penalty" : "latent_loss";
  const auto log = log_of(results);
  ASSERT_EQ(log.size(), 1u);
  std::vector<std::string> expected{"epoch", "iteration", "elapsed_time"};
  for (const std::string part : {"main/", "validation/main/"})
    for (const std::string& term : {std::string("loss"), first, second})
      expected.push_back(part + term);
  // Those of Chainer's log, and what watches the latent code.
  EXPECT_THAT(keys(log[0]), testing::IsSupersetOf(expected));
  for (const auto& [name, value] : log[0]) EXPECT_TRUE(std::isfinite(double(value))) << name;
  EXPECT_EQ(log_of(results, "log_iteration").size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Program, EveryKind, testing::ValuesIn(kinds()),
                         [](const auto& parameter) { return parameter.param.name; });

TEST(Program, WritesItsPlotsWhereAsked) {
  const std::vector<Arguments> runs{{"--dim-z", "2"},
                                    {"--dim-z", "2", "--conditional"},
                                    {"--dim-z", "3", "--model", "distributions", "--binary"}};
  for (const Arguments& arguments : runs) {
    const Folder folder;
    const std::string results = folder / "results";
    const Outcome outcome = vae_lab(tiny(results) + arguments + Arguments{"--plot"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    std::vector<std::string> files{"reconstructions.png", "interpolation.png", "interpolation.gif",
                                   "montage.gif",         "montage.png",       "traversals.png"};
    if (arguments[1] == "2") files.push_back("latent_map.png");
    if (arguments[1] == "2") files.push_back("latent_space.png");
    for (const std::string& name : files) {
      EXPECT_THAT(outcome.out, HasSubstr(", " + name));
      EXPECT_EQ(contents(results + "/" + name).substr(0, name.ends_with("gif") ? 6 : 4),
                name.ends_with("gif") ? "GIF89a" : "\x89PNG")
          << name;
    }
    // Ten digits of 8 x 8 pixels, enlarged seven times, each way, with labels around them.
    const std::string film = contents(results + "/montage.gif");
    const auto side = [&film](std::size_t at) {
      return static_cast<unsigned char>(film[at]) + 256 * static_cast<unsigned char>(film[at + 1]);
    };
    EXPECT_GE(side(6), 10 * 8 * 7 + 9 * 2);
    EXPECT_GE(side(8), 10 * 8 * 7 + 9 * 2);
  }
}

// Neither gnuplot nor dot are there.
TEST(Program, GoesOnWithoutWhatDraws) {
  const Folder folder;
  const std::string results = folder / "results";
  const Outcome outcome = vae_lab(tiny(results) + Arguments{"--dim-z", "2", "--plot"},
                                  [] { setenv("PATH", "/no/such/folder", 1); });
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const std::string gnuplot =
      " is not written: plot: gnuplot must be installed to draw curves, but it is not: sudo apt "
      "install gnuplot-nox\n";
  EXPECT_THAT(outcome.out, HasSubstr("\nloss.png" + gnuplot));
  EXPECT_THAT(outcome.out, HasSubstr("\nlatent_space.png" + gnuplot));
  EXPECT_THAT(outcome.out,
              HasSubstr("\ngraph.png is not written: draw_graph: dot must be installed "
                        "to draw graphs, but it is not: sudo apt install graphviz\n"));
  for (const char* name : {"loss.png", "graph.png", "latent_space.png"})
    EXPECT_FALSE(fs::exists(results + "/" + name)) << name;
  for (const char* name : {"traversals.png", "montage.gif", "latent_map.png"})
    EXPECT_TRUE(fs::exists(results + "/" + name)) << name;
}

TEST(Program, SaysWhatItWillDoAndWhatItWrote) {
  const Folder folder;
  const Outcome outcome = vae_lab(tiny(folder / "results") + Arguments{"--seed", "3"});
  EXPECT_THAT(outcome.out,
              testing::StartsWith("Data: digits: 100 training images, 100 test images, 8x8 pixels\n"
                                  "Model: question, 64-16-16-20, tanh, loss bernoulli_nll, "
                                  "optimizer adam, seed 3, 1 thread\n"
                                  "# dim z: 20\n"
                                  "# Minibatch-size: 30\n"
                                  "# epoch: 1\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\n\nepoch       main/loss   validation/main/loss  "
                                     "main/rec_loss  main/latent_loss  "));
  EXPECT_THAT(outcome.out, HasSubstr("\nTest mean loss with k = 10: "));
  EXPECT_THAT(outcome.out, HasSubstr("\nIn " + (folder / "results") +
                                     "/: log, log_iteration, model.npz, graph.dot, "));
}

// The images that are tested with, and shown, are one draw for every seed; the training draws
// others.
TEST(Program, DrawsBlackAndWhitePixels) {
  const Folder folder;
  const auto run = [&](const std::string& name, const Arguments& arguments) {
    const Outcome outcome = vae_lab(tiny(folder / name) + arguments);
    EXPECT_THAT(outcome.out,
                HasSubstr("8x8 pixels, black and white, sampled anew for each training batch\n"));
  };
  run("a", {"--binarize", "dynamic"});
  run("b", {"--binarize", "dynamic", "--seed", "1"});
  for (const char* name : {"/test.png", "/train.png"})
    EXPECT_EQ(contents(folder / "a" + name), contents(folder / "b" + name)) << name;
  EXPECT_NE(contents(folder / "a/model.npz"), contents(folder / "b/model.npz"));
}

// Asking for it changes nothing else.
TEST(Program, BoundsTheLogLikelihoodOfTheTestImages) {
  const Folder folder;
  const Outcome outcome = vae_lab(tiny(folder / "a") + Arguments{"--binary", "--eval-iwae", "20"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              testing::ContainsRegex("\n"
                                     "Test log likelihood bound, K = 20: -[0-9]+[.][0-9][0-9] nats "
                                     "per image [(]Bernoulli pixels[)]\n"));
  vae_lab(tiny(folder / "b") + Arguments{"--binary"});
  EXPECT_EQ(contents(folder / "a/sampled.png"), contents(folder / "b/sampled.png"));
}

TEST(Program, NamesTheVariablesOfTheGraph) {
  const Folder folder;
  vae_lab(tiny(folder / "results"));
  const std::string dot = contents(folder / "results/graph.dot");
  for (const char* name : {"x", "enc_h1", "enc_h2", "z_mu", "z_ln_var", "z", "dec_h1", "dec_h2",
                           "reconstruction error", "latent loss", "loss"})
    EXPECT_THAT(dot, HasSubstr(fmt::format("label=\"{}: ", name)));
}

// A training that meets NaN is over: it says so, and leaves no pictures.
TEST(Program, StopsWhereTheTrainingDiverges) {
  const Folder folder;
  const Outcome outcome =
      vae_lab(tiny(folder / "results") + Arguments{"--optimizer", "sgd", "--lr", "1e20"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err,
              testing::StartsWith("NonNumberMonitor: observed values must be finite, but main/"));
  EXPECT_THAT(outcome.err, HasSubstr(" in epoch 1 (iteration "));
  for (const char* name : {"model.npz", "train_reconstructed.png", "sampled.png"})
    EXPECT_FALSE(fs::exists(folder / "results/" + name)) << name;
}

TEST(Program, BeginsFromTheModelThatInitmodelNames) {
  const Folder folder;
  vae_lab(tiny(folder / "first"));
  // At this rate a step of SGD is below the last bit of every weight.
  vae_lab(tiny(folder / "second") + Arguments{"--initmodel", folder / "first/model.npz",
                                              "--optimizer", "sgd", "--lr", "1e-30", "--seed",
                                              "9"});
  EXPECT_EQ(contents(folder / "first/model.npz"), contents(folder / "second/model.npz"));
}

// --- the same bits, whoever computes them and however often it was interrupted

TEST(Program, GivesEqualBitsWithAnyNumberOfThreads) {
  for (const char* model : {"question", "distributions"}) {
    const Folder folder;
    std::vector<std::string> models;
    for (const char* threads : {"1", "2", "4"}) {
      const std::string results = folder / threads;
      const Outcome outcome =
          vae_lab({"--epoch", "1", "--model", model, "--threads", threads, "--out", results});
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      models.push_back(contents(results + "/model.npz"));
    }
    EXPECT_GT(models[0].size(), 100'000u);
    EXPECT_EQ(models[1], models[0]) << model;
    EXPECT_EQ(models[2], models[0]) << model;
  }
}

// Everything but the time is the same to the last bit.
void expect_same_results(const std::string& a, const std::string& b) {
  for (const char* name : {"/model.npz", "/graph.dot", "/sampled.png", "/train_reconstructed.png"})
    EXPECT_EQ(contents(a + name), contents(b + name)) << name;
  for (const char* name : {"log", "log_iteration"}) {
    const auto ours = log_of(a, name), theirs = log_of(b, name);
    ASSERT_EQ(ours.size(), theirs.size()) << name;
    for (std::size_t row = 0; row < ours.size(); ++row) {
      ASSERT_EQ(keys(ours[row]), keys(theirs[row]));
      for (const auto& [key, value] : ours[row])
        if (key != "elapsed_time") {
          EXPECT_EQ(double(value), double(theirs[row].at(key))) << name << " " << row << " " << key;
        }
    }
  }
}

Arguments epochs(Arguments arguments, int n) {
  arguments[std::size_t(std::find(arguments.begin(), arguments.end(), "--epoch") -
                        arguments.begin()) +
            1] = std::to_string(n);
  return arguments;
}

// Batches of 30 of 100 images: epochs end within a batch.
TEST(Resume, GoesOnAsIfTheTrainingHadNotStopped) {
  const std::vector<Arguments> runs{{},
                                    {"--model", "distributions", "--binary"},
                                    {"--optimizer", "rmsprop", "--seed", "5"},
                                    {"--binarize", "dynamic", "--conditional"}};
  for (const Arguments& arguments : runs) {
    const Folder folder;
    const std::string whole = folder / "whole", parts = folder / "parts";
    ASSERT_EQ(vae_lab(epochs(tiny(whole), 5) + arguments).code, 0);
    ASSERT_EQ(vae_lab(epochs(tiny(parts), 2) + arguments).code, 0);
    const Outcome outcome = vae_lab(epochs(tiny(parts), 5) + arguments +
                                    Arguments{"--resume", parts + "/snapshot_iter_7"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    expect_same_results(parts, whole);
  }
}

const std::string kSnapshot = "snapshot_iter_";

// 0 if there is no snapshot.
int newest_snapshot(const std::string& results) {
  int newest = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(results, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kSnapshot))
      newest = std::max(newest, std::stoi(name.substr(kSnapshot.size())));
  }
  return newest;
}

// Begins a training without end and ends it by `signal` when its third snapshot is there, wherever
// it is then. How far the log has come.
int interrupt(const Folder& folder, const std::string& results, int signal) {
  const pid_t pid = start(build_path("examples/vae_lab/vae_lab"), epochs(tiny(results), 1'000'000),
                          folder / "out", folder / "err");
  for (int i = 0; i < 60'000 && newest_snapshot(results) < 10; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(pid, signal);
  int status = 0;
  waitpid(pid, &status, 0);
  if (signal == SIGKILL) {
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
  } else {  // it ends by itself, with a snapshot, and says how to go on
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 128 + signal);
    EXPECT_THAT(contents(folder / "err"),
                HasSubstr(fmt::format("resume it with the same flags and --resume {}/{}{}\n",
                                      results, kSnapshot, newest_snapshot(results))));
    EXPECT_THAT(contents(folder / "out"), Not(HasSubstr("\033")));
    for (const auto& entry : fs::directory_iterator(results))
      EXPECT_FALSE(entry.path().filename().string().starts_with("tmp")) << entry.path();
  }
  return static_cast<int>(log_of(results).size());
}

TEST(Resume, GoesOnAfterTheTrainingWasKilled) {
  for (const int signal : {SIGKILL, SIGINT, SIGTERM}) {  // SIGINT is Ctrl-C
    const Folder folder;
    const std::string whole = folder / "whole", killed = folder / "killed";
    const int n = interrupt(folder, killed, signal) + 3;
    const Outcome outcome = vae_lab(
        epochs(tiny(killed), n) +
        Arguments{"--resume", fmt::format("{}/{}{}", killed, kSnapshot, newest_snapshot(killed))});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    ASSERT_EQ(vae_lab(epochs(tiny(whole), n)).code, 0);
    expect_same_results(killed, whole);
  }
}

TEST(Resume, SaysSoWhereNothingIsLeftToTrain) {
  const Folder folder;
  const std::string first = folder / "first", second = folder / "second",
                    snapshot = first + "/snapshot_iter_4";
  vae_lab(tiny(first));
  const Outcome outcome = vae_lab(tiny(second) + Arguments{"--resume", snapshot});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("The training in " + snapshot +
                                     " has already run for 1 epochs, so there is nothing left to "
                                     "train; --epoch sets the total number of epochs.\n"));
  EXPECT_THAT(
      outcome.out,
      HasSubstr(
          "\nIn " + second +
          "/: model.npz, train.png, train_reconstructed.png, test.png, test_reconstructed.png, "
          "sampled.png.\n"));
  EXPECT_EQ(contents(second + "/model.npz"), contents(first + "/model.npz"));
}

}  // namespace
