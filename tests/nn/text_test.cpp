#include "nn/text.h"
#include "nn/files/json.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <string>

#include "autograd/base/error.h"
#include "tests/message.h"

namespace nn {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNan = std::numeric_limits<double>::quiet_NaN();

// The texts on the right were printed by Python.
TEST(Text, NumbersArePythons) {
  EXPECT_EQ(text::repr(0.1), "0.1");
  EXPECT_EQ(text::repr(3), "3.0");
  EXPECT_EQ(text::repr(-0.0), "-0.0");
  EXPECT_EQ(text::repr(9.099483172098795), "9.099483172098795");
  EXPECT_EQ(text::repr(0.0001), "0.0001");
  EXPECT_EQ(text::repr(0.00001), "1e-05");
  EXPECT_EQ(text::repr(1e15), "1000000000000000.0");
  EXPECT_EQ(text::repr(1e16), "1e+16");
  EXPECT_EQ(text::repr(5e-324), "5e-324");
  EXPECT_EQ(text::repr(kInf), "inf");
  EXPECT_EQ(text::repr(std::copysign(kNan, -1)), "nan");
}

TEST(Text, TimesArePythons) {
  EXPECT_EQ(text::timedelta(0), "0:00:00");
  EXPECT_EQ(text::timedelta(0.518569), "0:00:00.518569");
  EXPECT_EQ(text::timedelta(3723.5), "1:02:03.500000");
  EXPECT_EQ(text::timedelta(86400), "1 day, 0:00:00");
  EXPECT_EQ(text::timedelta(2 * 86400 + 7384), "2 days, 2:03:04");
  EXPECT_EQ(text::timedelta(1.9999999), "0:00:02");
  EXPECT_EQ(text::timedelta(0.0000005), "0:00:00");  // half to even
  EXPECT_EQ(text::timedelta(-1), "-1 day, 23:59:59");
  EXPECT_EQ(text::timedelta(kInf), "unknown");
  EXPECT_EQ(text::timedelta(kNan), "unknown");
}

TEST(Text, LogsAreWrittenAsPythonWritesJson) {
  const std::vector<LogEntry> log = {{{"main/loss", 0.5}, {"epoch", 1}},
                                     {{"a \"b\"\n\u00e9", 3.0}, {"x", kNan}, {"y", -kInf}}};
  EXPECT_EQ(
      json::dumps(log),
      R"([{"main/loss": 0.5, "epoch": 1}, {"a \"b\"\n\u00e9": 3.0, "x": NaN, "y": -Infinity}])");
  EXPECT_EQ(json::dumps_indented(log), R"([
    {
        "main/loss": 0.5,
        "epoch": 1
    },
    {
        "a \"b\"\n\u00e9": 3.0,
        "x": NaN,
        "y": -Infinity
    }
])");
  EXPECT_EQ(json::dumps_indented({}), "[]");
  EXPECT_EQ(json::dumps(std::vector<std::string>{"a", "b/c"}), R"(["a", "b/c"])");
}

TEST(Text, LogsComeBackAsTheyWere) {
  const std::string json =
      R"([{"main/loss": 0.1, "epoch": 1, "NaN": Infinity}, {"a \"NaN\"": NaN, "b": -Infinity}, {}])";
  const auto log = json::load_log(json, "test");
  EXPECT_EQ(json::dumps(log), json);
  EXPECT_TRUE(log[0].at("epoch").is_integer());
  EXPECT_EQ(json::load_names(R"(["a", "b"])", "test"), (std::vector<std::string>{"a", "b"}));
}

TEST(Text, CurvesComeBackAsTheyWere) {
  const std::string json =
      R"({"main/loss": [[1, 0.5], [2.5, NaN], [3, -Infinity]], "a \"NaN\"": []})";
  const json::Curves curves = json::load_curves(json, "test");
  EXPECT_EQ(json::dumps(curves), json);
  EXPECT_TRUE(curves.at("main/loss").at(0).first.is_integer());
  EXPECT_EQ(json::dumps(json::Curves{}), "{}");
  for (const char* wrong : {"", "[]", "3", R"({"a": 1})", R"({"a": [1]})", R"({"a": [[1]]})",
                            R"({"a": [[1, 2, 3]]})", R"({"a": {"b": [1, 2]}})"})
    EXPECT_THAT(
        [&] { json::load_curves(wrong, "PlotReport"); },
        ThrowsMessage<autograd::Error>(testing::StartsWith(
            "PlotReport: the text must be a JSON object of lists of points, but it begins ")));
  EXPECT_THAT([] { json::load_curves(R"({"a": [[1, "x"]]})", "PlotReport"); },
              ThrowsMessage<autograd::Error>("PlotReport: values must be numbers, but a is \"x\""));
}

TEST(Text, DamagedLogsAreRefused) {
  const auto refused = [](std::string_view json) {
    return [json] { json::load_log(json, "LogReport"); };
  };
  EXPECT_THAT(refused(""),
              ThrowsMessage<autograd::Error>(
                  "LogReport: the text must be a JSON array, but it begins with \"\""));
  EXPECT_THAT(
      refused("[{\"a\": 1"),
      ThrowsMessage<autograd::Error>(
          "LogReport: the text must be a JSON array, but it begins with \"[{\\\"a\\\": 1\""));
  EXPECT_THAT(refused("[3]"),
              ThrowsMessage<autograd::Error>("LogReport: rows must be JSON objects, but one is 3"));
  EXPECT_THAT(refused(R"([{"a": [1]}])"),
              ThrowsMessage<autograd::Error>("LogReport: values must be numbers, but a is [1]"));
}

TEST(Text, FileNamesAreFormattedAsPythonDoes) {
  const LogEntry values = {{"iteration", 12}, {"epoch", 3}, {"main/loss", 0.25}};
  EXPECT_EQ(text::format("snapshot_iter_{.updater.iteration}", values, "test"), "snapshot_iter_12");
  EXPECT_EQ(text::format("log_{epoch:03}_{main/loss}_{main/loss:.3f}", values, "test"),
            "log_003_0.25_0.250");
  EXPECT_EQ(text::format("{{{epoch}}}", values, "test"), "{3}");
  EXPECT_THAT([&] { text::format("a{loss}", values, "snapshot"); },
              ThrowsMessage<autograd::Error>("snapshot: names in a file name must be among "
                                             "iteration, epoch, main/loss, but a{loss} has loss"));
  EXPECT_THAT([&] { text::format("a{epoch", values, "snapshot"); },
              ThrowsMessage<autograd::Error>(
                  "snapshot: the braces of a file name must be balanced, but it is a{epoch"));
  EXPECT_THAT([&] { text::format("a{epoch:q}", values, "snapshot"); },
              ThrowsMessage<autograd::Error>(
                  HasSubstr("snapshot: formats in a file name must be Python's, but a{epoch:q}")));
}

TEST(Text, AFullDiskIsToldOnce) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  EXPECT_THAT(
      [&] { text::put(full, "row", "PrintReport"); },
      ThrowsMessage<autograd::Error>(
          "PrintReport: its output must be writable, but writing failed: No space left on device"));
  std::fclose(full);
}

// What calls itself for each bracket would run out of stack.
TEST(Text, RefusesBracketsInBrackets) {
  for (const char* bracket : {"[", "{\"a\": "}) {
    std::string nested = "[";
    for (int i = 0; i < 100'000; ++i) nested += bracket;
    const std::string sentence =
        ": brackets must be nested at most 32 deep, but they are nested deeper";
    EXPECT_EQ(message_of([&] { json::load_log(nested, "log"); }), "log" + sentence);
    EXPECT_EQ(message_of([&] { json::load_names(nested, "names"); }), "names" + sentence);
  }
  EXPECT_EQ(json::load_names("[\"" + std::string(100, '[') + "\\\"[\"]", "names").at(0).size(),
            102u);
}

TEST(Text, RefusesRowsOfMoreValuesThanLogsHave) {
  std::string row = "[{";
  for (int i = 0; i <= 10'000; ++i) row += "\"" + std::to_string(i) + "\": 1, ";
  EXPECT_EQ(message_of([&] { json::load_log(row, "log"); }),
            "log: a row must have at most 10000 values, but one has more");
}

TEST(Text, KeepsIntegersBeyond64Bits) {
  const std::string log = "[{\"a\": 18446744073709551616, \"b\": 9223372036854775808}]";
  EXPECT_EQ(json::dumps(json::load_log(log, "log")),
            "[{\"a\": 1.8446744073709552e+19, \"b\": 9223372036854775808}]");
  EXPECT_EQ(text::format("{b}", json::load_log(log, "log").at(0), "snapshot"),
            "9223372036854775808");
}

TEST(Text, RefusesWidthsThatNoNameHas) {
  for (const char* pattern : {"{a:999999999}", "{a:.999999999f}", "{a:01000d}"})
    EXPECT_THAT(
        message_of([&] {
          text::format(pattern, {{"a", 1.5}}, "snapshot");
        }),
        testing::StartsWith("snapshot: widths in a file name must have at most three digits, but "))
        << pattern;
  EXPECT_EQ(text::format("{a:010.3f}", {{"a", 1.5}}, "snapshot"), "000001.500");
}

}  // namespace
}  // namespace nn
