#include "nn/files/read_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "autograd/base/error.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::Error;

TEST(ReadFile, TellsWhyItCannot) {
  const Folder folder;
  EXPECT_EQ(read_file(folder.write("a", "hello")).size(), 5u);
  EXPECT_TRUE(read_file(folder.write("empty", "")).empty());
  EXPECT_EQ(message_of<Error>([&] { read_file(folder / "absent"); }),
            "read: " + (folder / "absent") + " must be readable, but: No such file or directory");
  EXPECT_EQ(message_of<Error>([&] { read_file(folder / ""); }),
            "read: " + (folder / "") + " must be readable, but: Is a directory");
}

TEST(ReadFile, ReadsNoPipesAndDevices) {
  const Folder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero")})
    EXPECT_EQ(message_of<Error>([&] { read_file(path); }),
              "read: " + path + " must be a file, but it is a device, pipe or socket");
}

// A file with a hole is as long as it likes.
TEST(ReadFile, RefusesWhatIsTooLongBeforeReadingIt) {
  const Folder folder;
  const std::string path = folder.write("hole", "");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  EXPECT_EQ(message_of<Error>([&] { read_file(path, "plot_log", 1000); }),
            "plot_log: " + path + " must have at most 1000 bytes, but it has 1099511627776");
  EXPECT_EQ(read_file(folder.write("fits", std::string(1000, 'x')), "plot_log", 1000).size(),
            1000u);
}

// Files of /proc say that they are empty.
TEST(ReadFile, ReadsWhatIsThereWhateverTheSizeIsSaidToBe) {
  EXPECT_GT(read_file("/proc/self/status").size(), 100u);
  EXPECT_EQ(message_of<Error>([] { read_file("/proc/self/status", "read", 10); }),
            "read: /proc/self/status must have at most 10 bytes, but it has more");
}

}  // namespace
}  // namespace nn
