#include "autograd/base/cpu.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "autograd/base/dtype.h"

namespace autograd {
namespace {

TEST(Cpu, TheBaselineIsAlwaysThereAndTheBestComesFirst) {
  const auto isas = cpu::supported();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(isas.back(), cpu::Isa::baseline);
  EXPECT_TRUE(std::is_sorted(isas.rbegin(), isas.rend()));
}

TEST(Cpu, TheActiveOneIsTheBestUnlessTheEnvironmentNamesAnother) {
  const char* wanted = std::getenv("AUTOGRAD_ISA");
  EXPECT_EQ(cpu::name(cpu::active()),
            wanted && *wanted ? wanted : cpu::name(cpu::supported().front()));
}

TEST(CpuDeathTest, AnUnknownNameIsRefused) {
  // In a process of its own, because the choice is made once.
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        setenv("AUTOGRAD_ISA", "sse9", 1);
        try {
          cpu::active();
        } catch (const Error& e) {
          std::fputs(e.what(), stderr);
          std::exit(3);
        }
      },
      ::testing::ExitedWithCode(3),
      "AUTOGRAD_ISA: must be one of .*baseline on this processor, but it is sse9");
}

TEST(Dtype, HasNumPysNames) {
  EXPECT_EQ(name(Dtype::bool_), "bool");
  EXPECT_EQ(name(Dtype::uint8), "uint8");
  EXPECT_EQ(name(Dtype::int32), "int32");
  EXPECT_EQ(name(Dtype::int64), "int64");
  EXPECT_EQ(name(Dtype::float32), "float32");
  EXPECT_EQ(name(Dtype::float64), "float64");
}

TEST(Dtype, SizesAreThoseOfTheTypes) {
  for (Dtype d :
       {Dtype::bool_, Dtype::uint8, Dtype::int32, Dtype::int64, Dtype::float32, Dtype::float64})
    visit(d, [&]<class T>(std::type_identity<T>) {
      EXPECT_EQ(item_size(d), sizeof(T));
      EXPECT_EQ(dtype_of<T>, d);
      EXPECT_EQ(is_float(d), std::is_floating_point_v<T>);
      EXPECT_EQ(is_integer(d), (std::is_integral_v<T> && !std::is_same_v<T, bool>));
    });
}

}  // namespace
}  // namespace autograd
