#include "nn/training/write_file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "autograd/base/error.h"

namespace nn {
namespace {

using ::testing::ThrowsMessage;
namespace fs = std::filesystem;

class WriteFile : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string contents(const std::string& path) const {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }
  const std::string folder_ = ::testing::TempDir() + "write_file_test";
};

TEST_F(WriteFile, ReplacesAnOlderFile) {
  write_file(folder_ + "/log", "one", "LogReport");
  write_file(folder_ + "/log", "two", "LogReport");
  EXPECT_EQ(contents(folder_ + "/log"), "two");
  EXPECT_EQ(files(), 1);
}

TEST_F(WriteFile, SaysWhereItCannotWrite) {
  EXPECT_THAT(
      [] { write_file("/dev/null/log", "x", "LogReport"); },
      ThrowsMessage<autograd::Error>(
          "LogReport: /dev/null/log must be writable, but writing failed: Not a directory"));
  fs::create_directories(folder_ + "/log/inside");
  EXPECT_THAT(
      [this] { write_file(folder_ + "/log", "x", "LogReport"); },
      ThrowsMessage<autograd::Error>("LogReport: " + folder_ +
                                     "/log must be writable, but writing failed: Is a directory"));
  EXPECT_EQ(files(), 1);
}

// A limit on the size of files fails as a full disk does, in the middle.
TEST_F(WriteFile, KeepsTheOlderFileWhereTheDiskIsFull) {
  write_file(folder_ + "/log", "whole", "LogReport");
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{10, old.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THAT(
      [this] { write_file(folder_ + "/log", std::string(100, 'x'), "LogReport"); },
      ThrowsMessage<autograd::Error>("LogReport: " + folder_ +
                                     "/log must be writable, but writing failed: File too large"));
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(contents(folder_ + "/log"), "whole");
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace nn
