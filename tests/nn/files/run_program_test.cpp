#include "nn/files/run_program.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "tests/folder.h"
#include "tests/message.h"
#include "tests/path.h"

namespace nn {
namespace {

Program program(std::vector<std::string> command) {
  return {.command = std::move(command), .use = "test", .package = "tests"};
}

std::string refusal(const Program& p) {
  return message_of<ProgramError>([&] { run_program(p, "", "run"); });
}

TEST(RunProgram, GivesTheInputAndTakesTheOutput) {
  std::string all;
  for (int i = 0; i < 1'000'000; ++i) all += char(i * 7);  // more than a pipe holds
  EXPECT_EQ(run_program(program({"cat"}), all, "run"), all);
  EXPECT_EQ(run_program(program({"cat"}), "", "run"), "");
  // Neither does it hang where the input is not read.
  EXPECT_EQ(run_program(program({"true"}), all, "run"), "");
}

TEST(RunProgram, HandsOnArgumentsAsTheyAre) {
  EXPECT_EQ(
      run_program(program({"printf", "%s|", "a b", "$(touch x)", "`id`", "'\"\\", ""}), "", "run"),
      "a b|$(touch x)|`id`|'\"\\||");
}

TEST(RunProgram, SaysWhatIsMissing) {
  EXPECT_EQ(
      refusal(program({"no_such_program"})),
      "run: no_such_program must be installed to test, but it is not: sudo apt install tests");
  const Path nowhere("/no/such/folder");
  EXPECT_EQ(refusal(program({"cat"})),
            "run: cat must be installed to test, but it is not: sudo apt install tests");
}

TEST(RunProgram, SaysHowAProgramFailed) {
  EXPECT_EQ(refusal(program({"sh", "-c", "echo first >&2; echo '  the cause ' >&2; exit 3"})),
            "run: sh must succeed, but it ended with status 3: the cause");
  EXPECT_EQ(refusal(program({"false"})),
            "run: false must succeed, but it ended with status 1: it printed no error message");
  EXPECT_EQ(refusal(program({"sh", "-c", "kill -9 $$"})),
            "run: sh must succeed, but it ended with signal 9: it printed no error message");
}

TEST(RunProgram, LeavesNoFileOpenAndNoChild) {
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  run_program(program({"cat"}), "x", "run");
  refusal(program({"false"}));
  refusal(program({"no_such_program"}));
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace nn
