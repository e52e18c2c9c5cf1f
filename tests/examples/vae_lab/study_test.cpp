#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "autograd/base/random.h"
#include "examples/vae/data.h"
#include "examples/vae_lab/study_files.h"
#include "examples/vae_lab/study_options.h"
#include "examples/vae_lab/study_progress.h"
#include "examples/vae_lab/study_report.h"
#include "examples/vae_lab/study_rows.h"
#include "examples/vae_lab/study_training.h"
#include "examples/vae_lab/study_verdict.h"
#include "nn/datasets/idx.h"
#include "tests/examples/pictures/read_png.h"
#include "tests/examples/program.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace vae::lab {
namespace {

namespace fs = std::filesystem;
using autograd::Array;
using testing::HasSubstr;

const StudyData& studied_digits() {
  static const StudyData data = study_data(load_images("digits", false, false));
  return data;
}

// A network that learns the digits in a tenth of a second.
LabOptions quick(const std::string& loss, double rec_weight = 1) {
  LabOptions options;
  options.dim_h = 200;
  options.epoch = 12;
  options.loss = loss;
  options.rec_weight = rec_weight;
  return options;
}

// An outcome of two epochs.
Outcome outcome(double first_kl, double kl, double spread = 0.1, int active = 1,
                double squared_error = 0) {
  Outcome o;
  o.epochs = {{1, 1, first_kl}, {1, 1, kl}};
  o.output_spread = spread;
  o.active_units = active;
  o.squared_error = squared_error;
  return o;
}

// --- the claim

// Of each loss, and of weights on either side of the critical one, but for the two nearest to it,
// which take longer.
TEST(Study, PredictsWhatComesOfTheDigits) {
  std::vector<StudyRow> rows;
  for (const StudyRow& row : table_rows(quick("")))
    if (row.options.optimizer == "adam") rows.push_back(row);
  for (const StudyRow& row : sweep_rows(quick(""), studied_digits().critical_weight))
    if (std::abs(std::log(row.options.rec_weight / studied_digits().critical_weight)) > 0.15)
      rows.push_back(row);
  int predictions = 0, collapses = 0;
  for (const StudyRow& row : rows) {
    const auto prediction = predicted(row.options, studied_digits());
    if (!prediction) continue;
    ++predictions;
    if (prediction->collapse) ++collapses;
    const Outcome came = train_row(row.options, studied_digits());
    EXPECT_EQ(prediction_is_right(row.options, studied_digits(), came), true)
        << row.name << ": " << in_words(measured(came, studied_digits()), came);
  }
  EXPECT_EQ(predictions, 17);
  EXPECT_EQ(collapses, 6);
}

TEST(Study, NamesTheEpochInWhichALossIsNotFinite) {
  LabOptions options = quick("mean_squared_error_255");
  options.optimizer = "sgd";
  options.lr = 1;
  const Outcome came = train_row(options, studied_digits());
  EXPECT_EQ(came.nan_epoch, 1);
  EXPECT_EQ(came.epochs.size(), 1u);
  EXPECT_EQ(in_words(measured(came, studied_digits()), came), "NaN in epoch 1");
  EXPECT_EQ(prediction_is_right(options, studied_digits(), came), std::nullopt);
}

TEST(Study, TrainsTheSameNumbersAgain) {
  LabOptions options = quick("sum_squared_error");
  options.epoch = 2;
  std::vector<int> seen;
  const Outcome a = train_row(options, studied_digits(), [&](int epoch) { seen.push_back(epoch); }),
                b = train_row(options, studied_digits());
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
  ASSERT_EQ(a.epochs.size(), 2u);
  EXPECT_EQ(a.last().loss, b.last().loss);
  EXPECT_NEAR(a.last().loss, a.last().rec_loss + a.last().kl, 1e-4);
  EXPECT_EQ(a.squared_error, b.squared_error);
  EXPECT_EQ(a.reconstructions, b.reconstructions);
  EXPECT_EQ(a.reconstructions.size(), 9u);
  options.seed = 1;
  EXPECT_NE(train_row(options, studied_digits()).last().loss, a.last().loss);
}

// --- what was measured

TEST(Study, KnowsTheImages) {
  EXPECT_NEAR(studied_digits().critical_weight, 0.7187, 1e-4);
  EXPECT_NEAR(studied_digits().total_variance, 4.6893, 1e-4);
  EXPECT_EQ(describe(studied_digits().tested), "float32(297, 64)");
  EXPECT_EQ(describe(studied_digits().shown), "float32(9, 64)");
  // No single answer comes closer to the test images than their mean.
  const std::vector<double> x = studied_digits().tested.to_vector<double>();
  double variance = 0;
  for (std::size_t pixel = 0; pixel < 64; ++pixel) {
    double sum = 0, squares = 0;
    for (std::size_t i = pixel; i < x.size(); i += 64) sum += x[i], squares += x[i] * x[i];
    variance += squares / 297 - sum / 297 * sum / 297;
  }
  EXPECT_NEAR(studied_digits().tested_variance, variance, 1e-9);
}

TEST(Study, TellsCollapsedFromWorkingAndUndecided) {
  const double best = studied_digits().tested_variance;
  const auto of = [](const Outcome& o) { return measured(o, studied_digits()); };
  EXPECT_EQ(of(outcome(1, 0.009, 0.0009, 0, best)), Measured::collapsed);
  EXPECT_EQ(of(outcome(1, 0.009, 0.0011, 0, best)), Measured::undecided_falling);
  EXPECT_EQ(of(outcome(1, 0.011, 0.0009, 0, best)), Measured::undecided_falling);
  EXPECT_EQ(of(outcome(9, 5, 0.1, 1, best * 0.999)), Measured::works);
  EXPECT_EQ(of(outcome(9, 5, 0.1, 0, best * 0.999)), Measured::undecided_falling);
  EXPECT_EQ(of(outcome(9, 5, 0.0009, 1, best * 0.999)), Measured::undecided_falling);
  EXPECT_EQ(of(outcome(4, 5.1, 0.1, 1, best * 1.001)), Measured::undecided_growing);
  EXPECT_EQ(of(outcome(4, 2.9, 0.1, 1, best * 1.001)), Measured::undecided_falling);
  EXPECT_EQ(of(outcome(4, 5, 0.1, 0, best * 1.001)), Measured::undecided_growing);
  Outcome broken = outcome(4, NAN);
  broken.nan_epoch = 2;
  EXPECT_EQ(of(broken), Measured::not_finite);
}

TEST(Study, HoldsThePredictionAgainstTheOutcome) {
  const double best = studied_digits().tested_variance;
  const Outcome collapsed = outcome(1, 0, 0, 0, best), works = outcome(1, 5, 0.1, 3, best / 2),
                falling = outcome(2, 1, 0.1, 0, best), growing = outcome(1, 2, 0.1, 0, best);
  const auto right = [](const std::string& loss, const Outcome& o) {
    return prediction_is_right(quick(loss), studied_digits(), o);
  };
  for (const Outcome& o : {collapsed, falling}) {
    EXPECT_EQ(right("mean_squared_error", o), true);
    EXPECT_EQ(right("sum_squared_error", o), false);
  }
  // 1.03 times the critical weight: the linear theory gives the code 0.016 nats.
  LabOptions border = quick("sum_squared_error");
  border.rec_weight = 1.03 * studied_digits().critical_weight;
  EXPECT_TRUE(predicted(border, studied_digits())->on_border());
  EXPECT_EQ(prediction_is_right(border, studied_digits(), collapsed), std::nullopt);
  border.rec_weight = 0.97 * studied_digits().critical_weight;
  EXPECT_EQ(prediction_is_right(border, studied_digits(), collapsed), true);
  for (const Outcome& o : {works, growing}) {
    EXPECT_EQ(right("mean_squared_error", o), false);
    EXPECT_EQ(right("sum_squared_error", o), true);
  }
  EXPECT_EQ(right("bernoulli_nll", works), std::nullopt);
}

// --- rows

TEST(Study, HasEachLossWithEachOptimizer) {
  const auto rows = table_rows(LabOptions());
  EXPECT_EQ(rows.size(), 30u);
  EXPECT_EQ(rows[5].name, "table.mean_squared_error.sgd");
  EXPECT_EQ(rows[5].options.loss, "mean_squared_error");
  EXPECT_EQ(rows[5].options.optimizer, "sgd");
}

TEST(Study, SweepsTheWeightAcrossTheCriticalOne) {
  const auto weights = [](double critical) {
    std::vector<double> result;
    for (const StudyRow& row : sweep_rows(LabOptions(), critical))
      result.push_back(row.options.rec_weight);
    return result;
  };
  EXPECT_EQ(weights(0.097718),
            (std::vector<double>{0.02, 0.05, 0.08, 0.09, 0.11, 0.13, 0.2, 0.5, 1, 2, 5}));
  EXPECT_EQ(weights(0.7187)[3], 0.662);
  EXPECT_EQ(weights(0.7187)[4], 0.809);
  EXPECT_EQ(message_of<autograd::Error>([&] { weights(INFINITY); }),
            "study: the training images must differ, but they are all the same");
}

// --- files

TEST(Study, ReadsARowThatItWrote) {
  const Folder folder;
  const StudyRow row{"one", quick("sum_squared_error")};
  Outcome written = outcome(3, NAN, NAN, 2, 4.25);
  written.nan_epoch = 2;
  written.reconstructions.assign(9, std::vector<std::uint8_t>(64, 200));
  save_row(folder / "", row, studied_digits(), written);
  const auto read = load_row(folder / "", row, studied_digits());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epochs.size(), 2u);
  EXPECT_EQ(read->epochs[0].kl, 3);
  EXPECT_TRUE(std::isnan(read->last().kl) && std::isnan(read->output_spread));
  EXPECT_EQ(read->nan_epoch, 2);
  EXPECT_EQ(read->active_units, 2);
  EXPECT_EQ(read->squared_error, 4.25);
  EXPECT_EQ(read->reconstructions, written.reconstructions);
}

TEST(Study, TakesNoRowOfOtherSettingsOrImages) {
  const Folder folder;
  const StudyRow row{"one", quick("sum_squared_error")};
  Outcome written = outcome(1, 2);
  written.reconstructions.assign(9, std::vector<std::uint8_t>(64));
  save_row(folder / "", row, studied_digits(), written);
  EXPECT_TRUE(load_row(folder / "", row, studied_digits()));
  StudyRow other = row;
  other.options.threads = 3;  // changes nothing
  EXPECT_TRUE(load_row(folder / "", other, studied_digits()));
  for (const auto& change : std::vector<std::function<void(LabOptions&)>>{
           [](LabOptions& o) { o.seed = 1; }, [](LabOptions& o) { o.epoch = 13; },
           [](LabOptions& o) { o.loss = "gaussian_nll"; }, [](LabOptions& o) { o.rec_weight = 2; },
           [](LabOptions& o) { o.optimizer = "sgd"; }, [](LabOptions& o) { o.dim_h = 201; }}) {
    other = row;
    change(other.options);
    EXPECT_FALSE(load_row(folder / "", other, studied_digits()));
  }
  StudyData others = studied_digits();
  others.total_variance *= 1.001;
  EXPECT_FALSE(load_row(folder / "", row, others));

  const std::string text = contents(folder / "one.json");
  for (const std::string& damaged :
       {std::string(), text.substr(0, text.size() / 2), std::string("[]"), std::string("{}")}) {
    folder.write("one.json", damaged);
    EXPECT_FALSE(load_row(folder / "", row, studied_digits())) << damaged;
  }
}

// --- flags

TEST(Study, SaysWhatIsWrongWithAFlag) {
  const auto parse = [](const Arguments& arguments) {
    std::vector<const char*> argv{"study"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out;
    return parse_study_options(static_cast<int>(argv.size()), argv.data(), out);
  };
  EXPECT_EQ(parse({})->common.out, "study");
  EXPECT_EQ(parse({"--epoch", "7"})->epoch, 7);
  EXPECT_FALSE(parse({"--help"}));
  EXPECT_EQ(message_of<autograd::Error>([&] {
              parse({"--epoch", "0"});
            }),
            "study: --epoch must be at least 1, but it is 0");
  EXPECT_EQ(message_of<autograd::Error>([&] {
              parse({"--seed", "-1"});
            }),
            "study: --seed must be from 0 to 4294967295, but it is -1");
  EXPECT_EQ(message_of<autograd::Error>([&] {
              parse({"--losses", "all"});
            }),
            "study: every flag must be one that --help lists, but --losses is not");
}

TEST(Study, TakesFewerEpochsOfMoreImages) {
  StudyOptions options;
  EXPECT_EQ(study_epochs(options, 60'000).table, 6);
  EXPECT_EQ(study_epochs(options, 60'000).sweep, 5);
  EXPECT_EQ(study_epochs(options, 1'500).table, 100);
  options.epoch = 3;
  EXPECT_EQ(study_epochs(options, 60'000).sweep, 3);
}

// --- progress

TEST(Study, ShowsHowFarItIs) {
  const Folder folder;
  std::FILE* out = std::fopen((folder / "out").c_str(), "w");
  double now = 0;
  StudyProgress progress(out, 2, 8, true, [&] { return now; });
  progress.begin("a", 4);
  now = 3;
  progress.epoch_done(1);
  progress.end("NaN in epoch 1");
  progress.begin("b", 4);
  std::fclose(out);
  EXPECT_EQ(contents(folder / "out"),
            "\r\033[K[..............................] row 1 of 2, epoch 0 of 4"
            "\r\033[K[###...........................] row 1 of 2, epoch 1 of 4, 0:00:21 left"
            "\r\033[K  1/2  a: NaN in epoch 1\n"
            "\r\033[K[###############...............] row 2 of 2, epoch 0 of 4, 0:00:03 left");
}

// --- the program

// 60 images of 4x4 pixels, which train in no time.
Arguments tiny_study(const Folder& folder, const std::string& out) {
  const auto write = [&](const std::string& name, std::int64_t n) {
    std::vector<std::uint8_t> pixels;
    autograd::random::Generator generator(1);
    for (std::int64_t i = 0; i < n * 16; ++i)
      pixels.push_back(static_cast<std::uint8_t>(generator.randint(0, 256)));
    nn::datasets::write_idx(folder / name, Array::from(std::span<const std::uint8_t>(pixels),
                                                       autograd::Shape{n, 4, 4}));
  };
  write(nn::datasets::kIdxTrain.images, 60);
  write(nn::datasets::kIdxTest.images, 12);
  return {"--data", folder / "", "--epoch", "2", "--threads", "1", "--out", out};
}

::Outcome run_study(const Arguments& arguments) {
  return run(build_path("examples/vae_lab/study"), arguments);
}

TEST(StudyProgram, WritesItsTablesAndPictures) {
  const Folder folder;
  const auto came = run_study(tiny_study(folder, folder / "study"));
  ASSERT_EQ(came.code, 0) << came.err;
  EXPECT_THAT(came.out, HasSubstr("60 training images, 12 test images, 4x4 pixels; variance "));
  EXPECT_THAT(came.out, HasSubstr("\n41 trainings, 0 of them already done\n"));
  EXPECT_THAT(came.out, HasSubstr("\n 16/41  table.mean_squared_error_255.adam: "));
  EXPECT_THAT(came.out, Not(HasSubstr("\r")));  // no terminal, no bar
  EXPECT_THAT(came.out, HasSubstr(" settled trainings agree with the prediction; "));
  const std::string text = contents(folder / "study/study.md");
  EXPECT_THAT(text, HasSubstr("\n| mean_squared_error | adam | 0.0625 | 8 | 0 | collapse | "));
  EXPECT_THAT(text, HasSubstr("\n2 epochs, batches of 100, 20 latent units, 2 hidden layers of "
                              "500, tanh, seed 0.\n"));
  EXPECT_GT(read_png(folder / "study/reconstructions.png").width, 100);
  EXPECT_GT(read_png(folder / "study/kl_against_weight.png").width, 100);
}

TEST(StudyProgram, GoesOnWhereItWasInterrupted) {
  const Folder folder;
  const Arguments whole = tiny_study(folder, folder / "whole"),
                  parts = tiny_study(folder, folder / "parts");
  ASSERT_EQ(run_study(whole).code, 0);

  const auto rows = [&] {
    std::error_code ignored;
    int count = 0;
    for (const auto& file : fs::directory_iterator(folder / "parts/rows", ignored))
      if (file.path().extension() == ".json") ++count;
    return count;
  };
  const pid_t pid =
      start(build_path("examples/vae_lab/study"), parts, folder / "out", folder / "err");
  for (int i = 0; i < 60'000 && rows() < 3; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(pid, SIGINT);
  waitpid(pid, nullptr, 0);
  const int done = rows();
  ASSERT_GE(done, 3);

  const auto came = run_study(parts);
  ASSERT_EQ(came.code, 0) << came.err;
  EXPECT_THAT(came.out, HasSubstr(fmt::format("\n41 trainings, {} of them already done\n", done)));
  EXPECT_EQ(contents(folder / "parts/study.md"), contents(folder / "whole/study.md"));
  for (const char* picture : {"/reconstructions.png", "/kl_against_weight.png"})
    EXPECT_EQ(contents((folder / "parts") + picture), contents((folder / "whole") + picture));
}

TEST(StudyProgram, SaysWhyItCannotBegin) {
  const Folder folder;
  folder.write("file", "");
  const auto came = run_study(tiny_study(folder, folder / "file/study"));
  EXPECT_EQ(came.code, 1);
  EXPECT_THAT(came.err,
              testing::StartsWith("study: --out must be a folder that can be created, but "));
}

}  // namespace
}  // namespace vae::lab
