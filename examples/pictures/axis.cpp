#include "examples/pictures/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace pictures {
namespace {

// 10^exponent as written on an axis. Digits are those of Unicode's superscripts.
std::string power_of_ten(int exponent) {
  constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += kDigits[digit - '0'];
  return text;
}

// A number with this many decimals and a real minus sign.
std::string number(double value, int decimals) {
  const std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? "−" + digits : digits;
}

int exponent_of(double value) { return int(std::floor(std::log10(value))); }

// A step between ticks: mantissa * 10^exponent. Kept apart so that the number of decimals is exact.
struct Step {
  double mantissa;
  int exponent;

  double value() const { return mantissa * std::pow(10., exponent); }
  // Of its multiples, divided by 10^factor.
  int decimals(int factor = 0) const {
    return std::max(0, (mantissa == 2.5 ? 1 : 0) - exponent + factor);
  }
};

// The smallest round step that is at least this large.
Step round_step(double least, bool whole_numbers) {
  const int exponent = exponent_of(least);
  for (const double mantissa : {1., 2., 2.5, 5.}) {
    const Step step{mantissa, exponent};
    if (step.value() < least * (1 - 1e-9)) continue;
    if (whole_numbers && step.decimals() > 0) continue;
    return step;
  }
  return whole_numbers && exponent < 0 ? Step{1, 0} : Step{1, exponent + 1};
}

std::vector<double> multiples(const Step& step, double low, double high) {
  std::vector<double> values;
  const double size = step.value();
  const double slack = 1e-9 * (high - low) / size;
  const double last = std::floor(high / size + slack);
  for (double i = std::ceil(low / size - slack); i <= last; ++i) values.push_back(i * size);
  return values;
}

// The smallest round step that leaves at most most_ticks ticks.
Step linear_step(const Axis& axis, const AxisRule& rule) {
  double least = (axis.high - axis.low) / (rule.most_ticks + 1);
  for (;;) {
    const Step step = round_step(least, rule.whole_numbers);
    if (multiples(step, axis.low, axis.high).size() <= std::size_t(rule.most_ticks)) return step;
    least = step.value() * 1.01;
  }
}

// Labels of few digits: a common factor or a common summand goes into the axis's unit.
void add_linear_ticks(Axis& axis, const AxisRule& rule) {
  const Step step = linear_step(axis, rule);
  const std::vector<double> values = multiples(step, axis.low, axis.high);
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  const int top = largest > 0 ? exponent_of(largest * (1 + 1e-9)) : step.exponent;

  int factor = 0;
  double summand = 0;
  if (top - step.exponent >= 6) {
    const double unit = std::pow(10., step.exponent + 2);
    summand = std::floor(values.front() / unit) * unit;
    if (step.exponent > 5 || step.exponent < -5) factor = step.exponent;
  } else if (top >= 6 || top <= -4) {
    factor = top;
  }
  for (const double value : values) {
    axis.ticks.push_back(
        {value, number((value - summand) / std::pow(10., factor), step.decimals(factor))});
  }
  if (factor != 0) axis.unit = "×" + power_of_ten(factor);
  if (summand != 0) {
    axis.unit += fmt::format("{}{} {:.12g}", factor != 0 ? " " : "", summand < 0 ? "−" : "+",
                             std::abs(summand));
  }
}

std::string decade_label(int exponent, bool plain) {
  if (!plain) return power_of_ten(exponent);
  return number(std::pow(10., exponent), std::max(0, -exponent));
}

// Every how many decades there is a label.
int round_stride(int least) {
  for (const int stride : {1, 2, 5, 10, 20, 50, 100}) {
    if (stride >= least) return stride;
  }
  return 200;
}

void add_log_ticks(Axis& axis, const AxisRule& rule) {
  const int first = int(std::ceil(std::log10(axis.low) - 1e-9));
  const int last = int(std::floor(std::log10(axis.high) + 1e-9));
  const bool plain = first >= -4 && last <= 4;
  const auto inside = [&](double v) {
    return v >= axis.low * (1 - 1e-9) && v <= axis.high * (1 + 1e-9);
  };
  const int decades = last - first + 1;

  if (decades >= 3 || (decades == 2 && rule.most_ticks < 4)) {
    const int stride = round_stride((decades + rule.most_ticks - 1) / rule.most_ticks);
    for (int e = first; e <= last; ++e) {
      if (e % stride == 0) {
        axis.ticks.push_back({std::pow(10., e), decade_label(e, plain)});
      } else if (stride <= 5) {
        axis.minor_ticks.push_back(std::pow(10., e));
      }
    }
    if (stride > 1) return;
  }
  const bool few_decades = axis.ticks.empty();
  for (int e = first - 1; e <= last; ++e) {
    for (int m = 1; m < 10; ++m) {
      const double value = m * std::pow(10., e);
      if (!inside(value) || (m == 1 && !few_decades)) continue;
      if (few_decades && (m == 1 || m == 2 || m == 5)) {
        const std::string label =
            plain ? number(value, std::max(0, -e))
                  : (m == 1 ? power_of_ten(e) : fmt::format("{}·{}", m, power_of_ten(e)));
        axis.ticks.push_back({value, label});
      } else {
        axis.minor_ticks.push_back(value);
      }
    }
  }
  if (few_decades && (axis.ticks.size() < 3 || int(axis.ticks.size()) > rule.most_ticks)) {
    axis.ticks.clear();
    axis.minor_ticks.clear();
    add_linear_ticks(axis, rule);
  }
}

}  // namespace

double Axis::fraction(double value) const {
  if (!log) return (value - low) / (high - low);
  return (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low));
}

bool can_show(double value, bool log) {
  if (!(std::abs(value) <= 1e250)) return false;  // NaN and the infinities too
  return !log || value >= 1e-250;
}

Axis make_axis(double low, double high, AxisRule rule) {
  rule.most_ticks = std::max(rule.most_ticks, 2);
  Axis axis;
  axis.log = rule.log;
  if (rule.log) {
    double decades = std::log10(high) - std::log10(low);
    if (decades < 1e-9) {  // equal values
      low /= 2;
      high *= 2;
      decades = 0;
    }
    const double free = std::pow(10., decades * rule.margin);
    axis.low = low / free;
    axis.high = high * free;
    add_log_ticks(axis, rule);
    return axis;
  }
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= std::max(1e-290, 1e-11 * size)) {  // equal values, as far as can be drawn
    const double half = rule.whole_numbers ? std::max(0.5, 1e-10 * size)
                        : size > 1e-280    ? 0.1 * size
                                           : 1;
    low -= half;
    high += half;
  }
  const double free = rule.margin * (high - low);
  axis.low = low - free;
  axis.high = high + free;
  add_linear_ticks(axis, rule);
  return axis;
}

}  // namespace pictures
