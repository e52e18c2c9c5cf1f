#include "autograd/base/error.h"

#include <gmock/gmock.h>

#include <string>

namespace autograd {
namespace {

std::string shown(const std::string& message) { return Error(message).what(); }

TEST(Error, SaysWhatItIsTold) {
  EXPECT_EQ(shown("op: rule, but 3.5 in データ/é"), "op: rule, but 3.5 in データ/é");
  EXPECT_EQ(shown(std::string(2000, 'x')), std::string(2000, 'x'));
}

TEST(Error, IsOneLineWithoutControlCharacters) {
  EXPECT_EQ(shown("key \x1b[2J\n\t\x7f of a file"), "key ?[2J??? of a file");
  EXPECT_EQ(shown("\xc2\x9b"
                  "2J \xc2\xa9"),
            "??2J \xc2\xa9");  // CSI in one character; a copyright sign
}

TEST(Error, LeavesOutTheMiddleOfALongMessage) {
  const std::string message = shown("begin" + std::string(1'000'000, 'x') + "end");
  EXPECT_LE(message.size(), 2000u);
  EXPECT_THAT(message, testing::StartsWith("beginxxx"));
  EXPECT_THAT(message, testing::HasSubstr("x ... x"));
  EXPECT_THAT(message, testing::EndsWith("xxxend"));
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "あ";
  for (int shift = 0; shift < 3; ++shift) {  // no character is cut
    const std::string cut = shown(std::string(static_cast<std::size_t>(shift), 'x') + wide);
    const auto gap = cut.find(" ... ");
    EXPECT_EQ((gap - static_cast<std::size_t>(shift)) % 3, 0u);
    EXPECT_EQ((cut.size() - gap - 5) % 3, 0u);
  }
}

}  // namespace
}  // namespace autograd
