#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

// What a row of the table of elementwise ops states.
namespace autograd::cases {

// References are computed in long double: 64 bits of mantissa on x86-64, 11 more than a float64
// has.
using R = long double;

struct Range {
  double low, high;
};

// Error bounds in units in the last place of `scale` (see Row).
struct Ulps {
  double f32, f64;
};

// An op's row is a class of static members. Each has
//
//   ops()                  the op, with each set of parameters worth a test
//   value(op, x...)        what value() must give, for infinities and NaN too
//   slope(op, kept...)     what slope() must give from what the op keeps; or slope_a, slope_b,
//                          slope_c, of an input each
//
// and, where an error is not measured by the number itself but by the largest of the terms that
// are added, as rounding one of them is an error of that size however much of them cancels,
//
//   scale(op, x...)        that of the value
//   slope_scale(op, kept...), slope_scale_a, ...    those of the slopes
//
// and what differs from these defaults:
struct Defaults {
  // Largest errors. One rounded operation costs half an ulp.
  static constexpr Ulps value_ulps{0.5, 0.5}, slope_ulps{0.5, 0.5};
  // Where values are drawn, uniformly, for each input; besides them come the tails: magnitudes
  // drawn uniformly in their logarithm over all that the type holds, both signs.
  static std::vector<std::vector<Range>> ranges() { return {{{-3, 3}, {-30, 30}}}; }
  // Where the op is smooth enough for differences: the gradient checks draw from here, one range
  // for each input.
  static std::vector<Range> smooth() { return {{0.3, 2}}; }
  // Inputs that the op gives no gradient.
  static std::vector<bool> no_grads() { return {}; }
  // Whether results below twice the smallest normal number may come out as any of that size, 0
  // among them.
  static constexpr bool flushes = false, slope_flushes = false;
  // Whether any magnitude may be given. If not, only the ranges and the mild special values are:
  // those of which no intermediate result overflows or vanishes where the final one does not.
  static constexpr bool tails = true, slope_tails = true;
};

template <class Op>
struct Row;  // one specialisation for each op; a missing one does not compile

inline bool is_nan(R x) { return x != x; }

}  // namespace autograd::cases
