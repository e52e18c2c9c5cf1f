#include "nn/files/write_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "autograd/base/error.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/nn/training/fakes.h"

namespace {

// What was asked of the disk, in this order.
std::vector<std::string>& requests() {
  static std::vector<std::string> names;
  return names;
}

}  // namespace

// These two stand in for the system's, and ask it.
extern "C" int fsync(int file) {
  struct stat facts {};
  ::fstat(file, &facts);
  requests().emplace_back(S_ISDIR(facts.st_mode) ? "fsync of the folder" : "fsync of the file");
  return ::fdatasync(file);
}
extern "C" int rename(const char* from, const char* to) noexcept {
  requests().emplace_back("rename");
  return ::renameat(AT_FDCWD, from, AT_FDCWD, to);
}

namespace nn {
namespace {

using autograd::Error;
using testing::ElementsAre;

TEST(WriteFile, ReplacesAnOlderFile) {
  const Folder folder;
  write_file(folder / "log", "one", "LogReport");
  write_file(folder / "log", "two", "LogReport");
  EXPECT_EQ(contents(folder / "log"), "two");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(WriteFile, IsOnTheDiskBeforeTheNameLeadsToIt) {
  const Folder folder;
  requests().clear();
  write_file(folder / "log", "one", "LogReport");
  EXPECT_THAT(requests(), ElementsAre("fsync of the file", "rename", "fsync of the folder"));
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

TEST(WriteFile, LeavesPipesAndDevicesAlone) {
  const Folder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/null")}) {
    EXPECT_EQ(
        message_of<Error>([&] { write_file(path, "x", "LogReport"); }),
        "LogReport: " + path + " must be the name of a file, but a device, pipe or socket has it");
    EXPECT_FALSE(std::filesystem::is_regular_file(path));
  }
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(WriteFile, ReplacesASymbolicLinkAndNotWhatItPointsTo) {
  const Folder folder;
  folder.write("theirs", "theirs");
  std::filesystem::create_symlink(folder / "theirs", folder / "log");
  write_file(folder / "log", "mine", "LogReport");
  EXPECT_EQ(contents(folder / "theirs"), "theirs");
  EXPECT_EQ(contents(folder / "log"), "mine");
  EXPECT_FALSE(std::filesystem::is_symlink(folder / "log"));
}

TEST(WriteFile, WritesUnderTheLongestNames) {
  const Folder folder;
  const std::string longest(255, 'x');
  write_file(folder / longest, "x", "LogReport");
  EXPECT_EQ(contents(folder / longest), "x");
  EXPECT_EQ(message_of<Error>([&] { write_file(folder / (longest + "x"), "x", "LogReport"); }),
            "LogReport: " + (folder / (longest + "x")) +
                " must be writable, but writing failed: File name too long");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(WriteFile, BelongsToOneOfSeveralProcessesAtOnce) {
  const Folder folder;
  constexpr int kProcesses = 3, kTimes = 50;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      int failed = 0;
      for (int j = 0; j < kTimes; ++j) try {
          write_file(folder / "log", std::string(1000, static_cast<char>('a' + i)), "LogReport");
        } catch (const Error&) {
          failed = 1;
        }
      _exit(failed);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const std::string left = contents(folder / "log");
  EXPECT_EQ(left, std::string(1000, left.at(0)));
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

TEST(WholeFile, LeavesNothingBehindUnlessItIsCommitted) {
  const Folder folder;
  folder.write("log", "older");
  {
    WholeFile file(folder / "log", "LogReport");
    file.write(std::as_bytes(std::span(std::string_view("half"))));
    EXPECT_EQ(folder.number_of_files(), 2u);
    for (const auto& entry : std::filesystem::directory_iterator(folder / "")) {
      const std::string name = entry.path().filename().string();
      EXPECT_TRUE(name == "log" || name.starts_with("tmplog.")) << name;
    }
  }
  EXPECT_EQ(contents(folder / "log"), "older");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

}  // namespace
}  // namespace nn
