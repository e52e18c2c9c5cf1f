#include "nn/training/write_file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "autograd/base/error.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/nn/training/fakes.h"

namespace nn {
namespace {

using autograd::Error;

TEST(WriteFile, ReplacesAnOlderFile) {
  const Folder folder;
  write_file(folder / "log", "one", "LogReport");
  write_file(folder / "log", "two", "LogReport");
  EXPECT_EQ(contents(folder / "log"), "two");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(WriteFile, SaysWhereItCannotWrite) {
  EXPECT_EQ(message_of<Error>([] { write_file("/dev/null/log", "x", "LogReport"); }),
            "LogReport: /dev/null/log must be writable, but writing failed: Not a directory");
  const Folder folder;
  std::filesystem::create_directory(folder / "log");
  folder.write("log/inside", "");
  EXPECT_EQ(
      message_of<Error>([&] { write_file(folder / "log", "x", "LogReport"); }),
      "LogReport: " + (folder / "log") + " must be writable, but writing failed: Is a directory");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

// A limit on the size of files fails as a full disk does, in the middle.
TEST(WriteFile, KeepsTheOlderFileWhereTheDiskIsFull) {
  const Folder folder;
  write_file(folder / "log", "whole", "LogReport");
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{10, old.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string message =
      message_of<Error>([&] { write_file(folder / "log", std::string(100, 'x'), "LogReport"); });
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(message, "LogReport: " + (folder / "log") +
                         " must be writable, but writing failed: File too large");
  EXPECT_EQ(contents(folder / "log"), "whole");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

}  // namespace
}  // namespace nn
