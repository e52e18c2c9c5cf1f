#include "examples/pictures/axis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace pictures {
namespace {

using Labels = std::vector<std::string>;

Labels labels(const Axis& axis) {
  Labels result;
  for (const Tick& tick : axis.ticks) result.push_back(tick.label);
  return result;
}

TEST(Axis, TicksAreRoundNumbers) {
  EXPECT_EQ(labels(make_axis(79.2, 139.4, {})),
            (Labels{"80", "90", "100", "110", "120", "130", "140"}));
  EXPECT_EQ(labels(make_axis(0, 1, {})), (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels(make_axis(0, 1, {.most_ticks = 5})),
            (Labels{"0.00", "0.25", "0.50", "0.75", "1.00"}));
  EXPECT_EQ(labels(make_axis(-113.6, -47.9, {.most_ticks = 5})), (Labels{"−100", "−80", "−60"}));
  EXPECT_EQ(labels(make_axis(-1, 1, {.most_ticks = 3})), (Labels{"−1", "0", "1"}));
}

TEST(Axis, EpochsAreWholeNumbers) {
  EXPECT_EQ(labels(make_axis(1, 2, {.whole_numbers = true})), (Labels{"1", "2"}));
  EXPECT_EQ(labels(make_axis(1, 100, {.whole_numbers = true})),
            (Labels{"0", "20", "40", "60", "80", "100"}));
  EXPECT_EQ(labels(make_axis(1, 12, {.whole_numbers = true, .most_ticks = 5})),
            (Labels{"5", "10"}));
  EXPECT_EQ(labels(make_axis(1, 1, {.whole_numbers = true})), (Labels{"1"}));
}

TEST(Axis, LargeAndSmallNumbersShareAPowerOfTen) {
  const Axis large = make_axis(-3e8, 2e8, {.most_ticks = 6});
  EXPECT_EQ(labels(large), (Labels{"−3", "−2", "−1", "0", "1", "2"}));
  EXPECT_EQ(large.unit, "×10⁸");
  const Axis small = make_axis(0, 2e-7, {.most_ticks = 5});
  EXPECT_EQ(labels(small), (Labels{"0.0", "0.5", "1.0", "1.5", "2.0"}));
  EXPECT_EQ(small.unit, "×10⁻⁷");
  EXPECT_EQ(make_axis(0, 100000, {}).unit, "");
}

TEST(Axis, SmallRangeOnALargeNumberSharesASummand) {
  const Axis axis = make_axis(1000000, 1000000.003, {.most_ticks = 4});
  EXPECT_EQ(labels(axis), (Labels{"0.000", "0.001", "0.002", "0.003"}));
  EXPECT_EQ(axis.unit, "+ 1000000");
}

TEST(Axis, EqualValuesGetARangeAroundThem) {
  const Axis axis = make_axis(107.58, 107.58, {});
  EXPECT_LT(axis.low, 97);
  EXPECT_GT(axis.high, 118);
  EXPECT_NEAR(axis.fraction(107.58), .5, 1e-12);
  EXPECT_NEAR(make_axis(0, 0, {}).fraction(0), .5, 1e-12);
  EXPECT_NEAR(make_axis(5, 5, {.log = true}).fraction(5), .5, 1e-12);
}

TEST(Axis, LogarithmicTicksAreDecades) {
  const Axis axis = make_axis(.01, 22, {.log = true});
  EXPECT_EQ(labels(axis), (Labels{"0.01", "0.1", "1", "10"}));
  EXPECT_NEAR(axis.fraction(1) - axis.fraction(.1), axis.fraction(10) - axis.fraction(1), 1e-12);
  EXPECT_GT(axis.minor_ticks.size(), 20u);
  EXPECT_EQ(labels(make_axis(1e-6, 1e6, {.log = true, .most_ticks = 8})),
            (Labels{"10⁻⁶", "10⁻⁴", "10⁻²", "10⁰", "10²", "10⁴", "10⁶"}));
  EXPECT_EQ(labels(make_axis(.8, 40, {.log = true})), (Labels{"1", "2", "5", "10", "20"}));
  EXPECT_EQ(labels(make_axis(83, 97, {.log = true, .most_ticks = 4})), (Labels{"85", "90", "95"}));
}

TEST(Axis, SaysWhatItCanShow) {
  EXPECT_TRUE(can_show(-1, false));
  EXPECT_TRUE(can_show(0, false));
  EXPECT_FALSE(can_show(0, true));
  EXPECT_FALSE(can_show(-1, true));
  for (const bool log : {false, true}) {
    EXPECT_TRUE(can_show(1e250, log));
    EXPECT_FALSE(can_show(1e251, log));
    EXPECT_FALSE(can_show(NAN, log));
    EXPECT_FALSE(can_show(INFINITY, log));
    EXPECT_FALSE(can_show(-INFINITY, log));
  }
}

// Whatever the range: the values lie inside, ticks lie inside, rise, are not too many, and no two
// have one label.
void expect_sound(double low, double high, const AxisRule& rule) {
  SCOPED_TRACE(testing::Message() << low << " to " << high << ", " << rule.most_ticks
                                  << (rule.log ? " log" : "")
                                  << (rule.whole_numbers ? " whole" : ""));
  const Axis axis = make_axis(low, high, rule);
  ASSERT_LT(axis.low, axis.high);
  ASSERT_LE(axis.low, low);
  ASSERT_GE(axis.high, high);
  ASSERT_LE(axis.ticks.size(), std::size_t(rule.most_ticks));
  std::set<std::string> seen;
  double last = -INFINITY;
  for (const Tick& tick : axis.ticks) {
    ASSERT_GT(tick.at, last);
    ASSERT_GT(axis.fraction(tick.at), -1e-6);
    ASSERT_LT(axis.fraction(tick.at), 1 + 1e-6);
    ASSERT_LE(tick.label.size(), 24u);
    ASSERT_TRUE(seen.insert(tick.label).second) << tick.label;
    last = tick.at;
  }
}

TEST(Axis, IsSoundForEveryRange) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(-240, 240);
  std::uniform_real_distribution<double> mantissa(-10, 10);
  for (int i = 0; i < 3000; ++i) {
    const double size = std::pow(10., i % 2 == 0 ? exponent(random) : mantissa(random));
    const double a = mantissa(random) * size;
    const double near = a + mantissa(random) * size * std::pow(10., -12 * (i % 7) / 6.);
    for (const int most : {2, 3, 5, 9}) {
      expect_sound(std::min(a, near), std::max(a, near), {.most_ticks = most});
      const double whole = std::floor(mantissa(random) * std::pow(10., i % 9));
      expect_sound(whole, whole + i % 50, {.whole_numbers = true, .most_ticks = most});
      const double c = std::pow(10., exponent(random) * (i % 3 == 0 ? .02 : 1));
      const double d = c * std::pow(10., std::abs(mantissa(random)) * (i % 5) / 4.);
      if (can_show(d, true)) expect_sound(c, d, {.log = true, .most_ticks = most});
    }
  }
  expect_sound(-1e250, 1e250, {});
  expect_sound(0, 5e-324, {});
  expect_sound(1e-250, 1e250, {.log = true});
}

}  // namespace
}  // namespace pictures
