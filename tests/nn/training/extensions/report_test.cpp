#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "nn/files/json.h"
#include "nn/serializers/save_load.h"
#include "nn/training/extensions/extensions.h"
#include "nn/vae/collapse_monitor.h"
#include "tests/message.h"
#include "tests/nn/training/extensions/model.h"

namespace nn::training::extensions {
namespace {

using autograd::Error;

TEST(LogReport, WritesTheMeansOfEachInterval) {
  Training t;
  const LogReport& log = t.trainer->extend(LogReport());
  t.trainer->run();
  // Batches 1 2, 3 4, 5 1 end the first epoch, 2 3, 4 5 the second.
  const std::string expected = R"([
    {
        "main/loss": 2.6666666666666665,
        "main/train": 1.0,
        "main/size": 2.0,
        "epoch": 1,
        "iteration": 3,
        "elapsed_time": 0.5
    },
    {
        "main/loss": 3.5,
        "main/train": 1.0,
        "main/size": 2.0,
        "epoch": 2,
        "iteration": 5,
        "elapsed_time": 1.0
    }
])";
  EXPECT_EQ(contents(t.out + "/log"), expected);
  EXPECT_EQ(log.log().size(), 2u);
}

TEST(LogReport, ChoosesKeysTriggerNameAndMore) {
  Training t({4, "iteration"});
  t.trainer->extend(
      LogReport({.keys = std::vector<std::string>{"main/loss", "main/accuracy"},
                 .trigger = {2, "iteration"},
                 .postprocess = [](LogEntry& entry) { entry["twice"] = 2 * entry.at("main/loss"); },
                 .filename = "log_{iteration}"}));
  t.trainer->extend(LogReport({.filename = ""}));
  t.trainer->run();
  EXPECT_EQ(contents(t.out + "/log_2"), R"([
    {
        "main/loss": 2.5,
        "epoch": 0,
        "iteration": 2,
        "elapsed_time": 0.5,
        "twice": 5.0
    }
])");
  EXPECT_TRUE(std::filesystem::exists(t.out + "/log_4"));
  EXPECT_FALSE(std::filesystem::exists(t.out + "/log"));
}

TEST(LogReport, WritesALineBeforeTraining) {
  Training t({1, "epoch"});
  t.trainer->extend([](Trainer& trainer) { trainer.observation()["start"] = 7; },
                    {.name = "start", .priority = kPriorityWriter, .call_before_training = true});
  const LogReport& log = t.trainer->extend(LogReport(), {.call_before_training = true});
  t.trainer->run();
  ASSERT_EQ(log.log().size(), 2u);
  EXPECT_EQ(double(log.log()[0].at("start")), 7);
  EXPECT_EQ(double(log.log()[0].at("iteration")), 0);
}

TEST(LogReport, SaysWhatIsWrongWithItsFile) {
  Training t;
  t.trainer->extend(LogReport({.filename = "log_{loss}"}));
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }),
            "LogReport: names in a file name must be among main/loss, main/train, main/size, "
            "epoch, iteration, "
            "elapsed_time, but log_{loss} has loss");
  Training u;
  u.trainer->extend(LogReport({.filename = "missing/log"}));
  EXPECT_EQ(message_of<Error>([&] { u.trainer->run(); }),
            "LogReport: " + u.out +
                "/missing/log must be writable, but writing failed: No such file or directory");
}

TEST(PrintReport, PrintsATable) {
  Training t;
  const Screen screen;
  t.trainer->extend(LogReport());
  t.trainer->extend(PrintReport({"epoch", "main/loss", "validation/main/loss", "elapsed_time"},
                                {.out = screen.file(), .to_files = true}));
  t.trainer->run();
  EXPECT_EQ(screen.text(),
            "epoch       main/loss   validation/main/loss  elapsed_time\n"
            "\033[J1           2.66667                           0.5           \n"
            "\033[J2           3.5                               1             \n");
}

// A terminal of our own.
class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    grantpt(master_);
    unlockpt(master_);
    slave_ = std::fopen(ptsname(master_), "w");
  }
  ~Terminal() {
    std::fclose(slave_);
    close(master_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  std::FILE* file() const { return slave_; }
  std::string text() const {
    std::string out(1 << 14, '\0');
    out.resize(static_cast<std::size_t>(read(master_, out.data(), out.size())));
    return out;
  }

 private:
  int master_;
  std::FILE* slave_ = nullptr;
};

void print_by_all(std::FILE* out) {
  Training t({2, "epoch"}, std::numeric_limits<double>::infinity());
  t.trainer->extend(NonNumberMonitor(out));
  t.trainer->extend(CollapseMonitor(Array::of<float>({1, 1, 1}, {{3, 1}}),
                                    [](const Variable& x) { return std::pair(x, x); }, {},
                                    {.patience = 1, .out = out}));
  t.trainer->extend(LogReport());
  t.trainer->extend(PrintReport({"epoch", "main/loss"}, {.out = out}));
  t.trainer->extend(ProgressBar({.update_interval = 1, .out = out}));
  t.trainer->extend(Evaluator(t.once, t.model, {.progress_bar = out}));
  t.trainer->run();
}

// Whatever prints moves about on terminals only.
TEST(Printing, WritesEscapeCodesToTerminalsOnly) {
  const Screen screen;
  print_by_all(screen.file());
  EXPECT_THAT(screen.text(), testing::HasSubstr("CollapseMonitor: "));
  EXPECT_THAT(screen.text(), testing::HasSubstr("NonNumberMonitor: "));
  EXPECT_THAT(screen.text(), testing::HasSubstr("main/loss"));
  EXPECT_EQ(screen.text().find('\033'), std::string::npos) << screen.text();
  EXPECT_THAT(screen.text(), testing::Not(testing::HasSubstr("iters/sec")));

  setenv("TERM", "xterm", 1);
  const Terminal terminal;
  print_by_all(terminal.file());
  const std::string shown = terminal.text();
  EXPECT_THAT(shown, testing::HasSubstr("\033[J1           "));
  EXPECT_THAT(shown, testing::HasSubstr("\033[JCollapseMonitor: "));
  EXPECT_THAT(shown, testing::HasSubstr("\033[JNonNumberMonitor: "));
  EXPECT_THAT(shown, testing::HasSubstr("iters/sec"));
  setenv("TERM", "dumb", 1);
  const Terminal dumb;
  print_by_all(dumb.file());
  EXPECT_EQ(dumb.text().find('\033'), std::string::npos);
}

TEST(LogReport, WritesNonNumbersAsChainerOrForAnyReader) {
  for (const bool strict : {false, true}) {
    Training t({1, "epoch"});
    t.trainer->extend(
        [](Trainer& trainer) {
          trainer.observation()["nan"] = std::numeric_limits<double>::quiet_NaN();
          trainer.observation()["high"] = std::numeric_limits<double>::infinity();
          trainer.observation()["low"] = -std::numeric_limits<double>::infinity();
        },
        {.name = "writer", .priority = kPriorityWriter});
    t.trainer->extend(LogReport({.strict_json = strict}));
    t.trainer->run();
    const std::string log = contents(t.out + "/log");
    EXPECT_THAT(log, testing::HasSubstr(strict ? "\"nan\": null,\n" : "\"nan\": NaN,\n"));
    EXPECT_THAT(log, testing::HasSubstr(strict ? "\"high\": null,\n" : "\"high\": Infinity,\n"));
    EXPECT_THAT(log, testing::HasSubstr(strict ? "\"low\": null,\n" : "\"low\": -Infinity,\n"));
    EXPECT_EQ(nlohmann::json::accept(log), strict);
    EXPECT_TRUE(std::isnan(double(json::load_log(log, "log").at(0).at("nan"))));
  }
}

TEST(PrintReport, HasALogReportOfItsOwn) {
  Training t({4, "iteration"});
  const Screen screen;
  const auto log = std::make_shared<LogReport>(LogReportOptions{.trigger = {2, "iteration"}});
  t.trainer->extend(PrintReport({"iteration"}, {.log_report = log, .out = screen.file()}));
  t.trainer->run();
  EXPECT_EQ(screen.text(), "iteration \n2           \n4           \n");
  const auto saved = serializers::save(serializers::serialize_of(*t.trainer));
  EXPECT_TRUE(saved.contains("extensions/PrintReport/_log_report/_log"));
}

TEST(PrintReport, SaysWhatItMisses) {
  Training t;
  t.trainer->extend(PrintReport({"epoch"}, {.out = Screen().file()}));
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }),
            "Trainer: the name of an extension must be one of PrintReport, but it is LogReport");
  Training u;
  std::FILE* full = std::fopen("/dev/full", "w");
  u.trainer->extend(LogReport());
  u.trainer->extend(PrintReport({"epoch"}, {.out = full}));
  EXPECT_EQ(
      message_of<Error>([&] { u.trainer->run(); }),
      "PrintReport: its output must be writable, but writing failed: No space left on device");
  std::fclose(full);
}

// Chainer wrote the same bytes.
TEST(ProgressBar, ShowsHowFarItIs) {
  Training t({3, "epoch"});
  const Screen screen;
  t.trainer->extend(ProgressBar({.update_interval = 4, .out = screen.file(), .to_files = true}));
  t.trainer->run();
  EXPECT_EQ(screen.text(),
            "\033[J"
            "     total [##########################........................] 53.33%\n"
            "this epoch [##############################....................] 60.00%\n"
            "         4 iter, 1 epoch / 3 epochs\n"
            "       inf iters/sec. Estimated time to finish: 0:00:00.\n"
            "\033[4A\033[J"
            "     total [##################################################] 100.00%\n"
            "this epoch [##########........................................] 20.00%\n"
            "         8 iter, 3 epoch / 3 epochs\n"
            "         8 iters/sec. Estimated time to finish: 0:00:00.\n"
            "\033[4A\033[J");
}

TEST(ProgressBar, CountsIterationsToo) {
  Training t({12, "iteration"});
  const Screen screen;
  t.trainer->extend(ProgressBar(
      {.update_interval = 5, .bar_length = 10, .out = screen.file(), .to_files = true}));
  t.trainer->run();
  EXPECT_EQ(screen.text(),
            "\033[J"
            "     total [####......] 41.67%\n"
            "this epoch [..........]  0.00%\n"
            "         5 iter, 2 epoch / 12 iterations\n"
            "       inf iters/sec. Estimated time to finish: 0:00:00.\n"
            "\033[4A\033[J"
            "     total [########..] 83.33%\n"
            "this epoch [..........]  0.00%\n"
            "        10 iter, 4 epoch / 12 iterations\n"
            "        10 iters/sec. Estimated time to finish: 0:00:00.200000.\n"
            "\033[4A\033[J");
}

TEST(ProgressBar, LeavesFilesAlone) {
  Training t;
  const Screen screen;
  t.trainer->extend(ProgressBar({.update_interval = 1, .out = screen.file()}));
  t.trainer->run();
  EXPECT_EQ(screen.text(), "");
}

TEST(ProgressBar, NeedsALength) {
  Training t([](Trainer& trainer) { return trainer.updater().iteration() == 2; });
  const Screen screen;
  t.trainer->extend(ProgressBar({.update_interval = 1, .out = screen.file(), .to_files = true}));
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }),
            "ProgressBar: training_length must be given unless the stop trigger is an interval, "
            "but it is not");
  EXPECT_EQ(message_of<Error>([] { ProgressBar({.update_interval = 0}); }),
            "ProgressBar: update_interval must be positive, but is 0");
}

}  // namespace
}  // namespace nn::training::extensions
