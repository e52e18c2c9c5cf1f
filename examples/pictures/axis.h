#pragma once

#include <string>
#include <vector>

// Where an axis begins and ends, and its ticks at round numbers.
namespace pictures {

struct Tick {
  double at = 0;
  std::string label;
};

struct Axis {
  double low = 0;   // the values at the two ends of the axis,
  double high = 1;  // low < high
  bool log = false;
  std::vector<Tick> ticks;
  std::vector<double> minor_ticks;  // of a logarithmic axis, without labels
  std::string unit;  // what every label is to be multiplied by or added to: "×10⁵", "+ 1000000", ""

  // Where a value lies: 0 at low, 1 at high.
  double fraction(double value) const;
};

struct AxisRule {
  bool log = false;
  bool whole_numbers = false;  // ticks only at whole numbers: epochs, iterations
  int most_ticks = 7;
  double margin = 0.04;  // of the range of values, left free at either end
};

// Whether an axis can show the value: neither NaN nor beyond 1e250 either way, and on a logarithmic
// axis at least 1e-250.
bool can_show(double value, bool log);

// An axis for values from low to high, which must be such that can_show. Equal values are given a
// range around them. Ticks of a linear axis lie at multiples of 1, 2, 2.5 or 5 times a power of
// ten, the smallest step that gives no more than most_ticks. Ticks of a logarithmic one lie at
// powers of ten, within few decades at 1, 2, 5 times these, and within less than that as on a
// linear axis.
Axis make_axis(double low, double high, AxisRule rule);

}  // namespace pictures
