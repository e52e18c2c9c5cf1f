#include "autograd/machine/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/message.h"

namespace autograd {
namespace {

TEST(EnvironmentChoice, IsTheFirstUnlessAnotherIsNamed) {
  constexpr const char* kVariable = "AUTOGRAD_TEST_OF_CHOICES";
  const auto choice = [&] { return environment_choice(kVariable, {"red", "green", "blue"}); };
  ::unsetenv(kVariable);
  EXPECT_EQ(choice(), "red");
  ::setenv(kVariable, "", 1);
  EXPECT_EQ(choice(), "red");
  ::setenv(kVariable, "blue", 1);
  EXPECT_EQ(choice(), "blue");
  ::setenv(kVariable, "bluee", 1);
  EXPECT_EQ(message_of(choice),
            "AUTOGRAD_TEST_OF_CHOICES: must be red, green or blue, but it is bluee");
  EXPECT_EQ(message_of([&] { environment_choice(kVariable, {"red"}); }),
            "AUTOGRAD_TEST_OF_CHOICES: must be red, but it is bluee");
  ::unsetenv(kVariable);
}

}  // namespace
}  // namespace autograd
