#include "autograd/machine/cpu.h"

#include <gtest/gtest.h>

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "autograd/base/dtype.h"
#include "tests/folder.h"

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

// A folder with the files that processors_of_quota() looks for.
class Quota : public ::testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file(folder_ / path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  // In the group /a/b of version 2; or of version 1, with the controllers that share a folder.
  void write_version_2(const std::string& cpu_max) {
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/b/cpu.max", cpu_max);
  }
  void write_version_1(const std::string& quota, const std::string& period) {
    write("proc/self/cgroup", "12:pids:/a\n4:cpu,cpuacct:/a/b\n0::/a/b\n");
    write("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", quota);
    write("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", period);
  }
  std::optional<int> processors() const { return cpu::processors_of_quota(folder_ / "."); }

  const Folder folder_;
};

TEST_F(Quota, IsRoundedUp) {
  for (const auto& [cpu_max, n] : std::map<std::string, int>{{"100000 100000\n", 1},
                                                             {"100001 100000\n", 2},
                                                             {"150000 100000\n", 2},
                                                             {"1000 100000\n", 1},
                                                             {"800000 100000\n", 8},
                                                             {"50000 10000\n", 5},
                                                             {"200000 100000", 2}}) {
    write_version_2(cpu_max);
    EXPECT_EQ(processors(), n) << cpu_max;
  }
  write_version_2("");
  for (const auto& [quota, n] :
       std::map<std::string, int>{{"100000\n", 1}, {"250000\n", 3}, {"1\n", 1}}) {
    write_version_1(quota, "100000\n");
    EXPECT_EQ(processors(), n) << quota;
  }
}

TEST_F(Quota, IsTheLeastOfTheGroupAndThoseAboveIt) {
  write_version_2("400000 100000\n");
  write("sys/fs/cgroup/a/cpu.max", "200000 100000\n");
  EXPECT_EQ(processors(), 2);
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(processors(), 2);
  write("sys/fs/cgroup/cpu.max", "90000 100000\n");
  EXPECT_EQ(processors(), 1);
}

// A container sees its own group at the top, but may be told the host's name of it.
TEST_F(Quota, IsFoundAtTheTopWhereTheGroupIsNot) {
  write("proc/self/cgroup", "0::/docker/0123456789abcdef\n");
  write("sys/fs/cgroup/cpu.max", "300000 100000\n");
  EXPECT_EQ(processors(), 3);
  write("proc/self/cgroup", "1:cpu:/docker/0123456789abcdef\n");
  write("sys/fs/cgroup/cpu.max", "");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "500000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(processors(), 5);
}

TEST_F(Quota, WhatMakesNoSenseSaysNothing) {
  EXPECT_EQ(processors(), std::nullopt);  // no files
  for (const std::string text :
       {"", "\n", "max 100000\n", "max", "100000", "100000 \n", " 100000\n", "0 100000\n",
        "100000 0\n", "-1 100000\n", "100000 -1\n", "1e5 100000\n", "100000 100000 7\n",
        "99999999999999999999 100000\n", "a line\nand another\n"}) {
    write_version_2(text);
    EXPECT_EQ(processors(), std::nullopt) << text;
  }
  write_version_2(std::string("\0\xff\x80 \0", 5));
  EXPECT_EQ(processors(), std::nullopt);
  write_version_2(std::string(std::size_t{1} << 20, '1'));
  EXPECT_EQ(processors(), std::nullopt);
  write_version_2("");
  for (const std::string quota : {"-1\n", "0\n", "", "max\n", "1 2\n"}) {
    write_version_1(quota, "100000\n");
    EXPECT_EQ(processors(), std::nullopt) << quota;
  }
  write_version_1("100000\n", "0\n");
  EXPECT_EQ(processors(), std::nullopt);
  for (const std::string groups :
       {"::::\n", "0::", "cpu", ":cpu:\n", "1:cpu:../../..\n", "\n\n\n"}) {
    write("proc/self/cgroup", groups);
    EXPECT_EQ(processors(), std::nullopt) << groups;
  }
  write_version_2("9223372036854775807 1\n");
  EXPECT_EQ(processors(), std::numeric_limits<int>::max());
}

#ifdef __linux__
TEST(Cpu, ProcessorsAreThoseOfTheAffinityMask) {
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_GE(cpu::processors(), 1);
  EXPECT_LE(cpu::processors(), CPU_COUNT(&before));
  CPU_ZERO(&one);
  for (int i = 0; CPU_COUNT(&one) == 0; ++i)
    if (CPU_ISSET(i, &before)) CPU_SET(i, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(cpu::processors(), 1);
  sched_setaffinity(0, sizeof before, &before);
}
#endif

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
