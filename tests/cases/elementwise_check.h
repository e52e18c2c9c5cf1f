#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "autograd/base/cpu.h"
#include "autograd/kernels/elementwise.h"
#include "tests/cases/elementwise_cases.h"

// Runs a row of the table: kernels against references, for each instruction set in one process.
namespace autograd::cases {

template <class T>
constexpr double bound_of(Ulps u) {
  return sizeof(T) == 4 ? u.f32 : u.f64;
}

// How far `got` is from `exact`, in units in the last place (of type T) of `scale`. 0 for two NaNs;
// infinite where one is NaN, or infinite by mistake.
template <class T>
double ulps_apart(T got, R exact, R scale, bool flushes) {
  using L = std::numeric_limits<T>;
  if (got != got || exact != exact) return got != got && exact != exact ? 0 : INFINITY;
  const R largest = L::max();
  // What lies beyond the largest number is compared as if it stood one step further.
  const R beyond = std::ldexp(static_cast<R>(1), L::max_exponent);
  const R g = std::isinf(got) ? std::copysign(beyond, static_cast<R>(got)) : static_cast<R>(got);
  const R e = std::abs(exact) > largest ? std::copysign(beyond, exact) : exact;
  if (g == e) return 0;
  int exponent = 0;
  if (scale != scale || std::isinf(scale)) scale = beyond / 2;
  std::frexp(std::fmin(std::fmax(std::abs(scale), std::abs(e)), largest), &exponent);
  R ulp = std::ldexp(static_cast<R>(1), std::max(exponent, L::min_exponent) - L::digits);
  if (flushes && std::abs(e) < 2 * static_cast<R>(L::min())) ulp = 2 * static_cast<R>(L::min());
  return static_cast<double>(std::abs(g - e) / ulp);
}

// 0, subnormal numbers, numbers about 1, about the ends of exp's domain, huge ones, infinities and
// NaN.
template <class T>
std::vector<T> specials(bool tails) {
  using L = std::numeric_limits<T>;
  std::vector<T> list{L::quiet_NaN()};
  const auto both = [&](std::initializer_list<T> values) {
    for (T v : values) list.push_back(v), list.push_back(-v);
  };
  both({T(0), T(0.5), T(1), T(3), L::infinity()});
  if (tails)
    both({L::denorm_min(), L::min() / 2, L::min(), L::epsilon(), T(1) + L::epsilon(),
          T(1) - L::epsilon(), T(2), T(2.5), T(20), T(87), T(89), T(104), T(700), T(710), T(746),
          T(1e6), T(1e9), L::max() / 4, L::max()});
  return list;
}

// Points to try: a column for each input. First every combination of special values, then numbers
// drawn from the row's ranges and from the tails.
template <class T, class Row>
std::vector<std::vector<T>> points(std::size_t inputs, bool tails) {
  using L = std::numeric_limits<T>;
  std::mt19937_64 random(1);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * std::generate_canonical<double, 53>(random);
  };
  std::vector<std::vector<T>> columns(inputs);
  const std::vector<T> special = specials<T>(tails);
  std::size_t combinations = 1;
  for (std::size_t k = 0; k < inputs; ++k) combinations *= special.size();
  for (std::size_t i = 0; i < combinations; ++i)
    for (std::size_t k = 0, rest = i; k < inputs; ++k, rest /= special.size())
      columns[k].push_back(special[rest % special.size()]);
  const auto ranges = Row::ranges();
  for (std::size_t i = 0; i < 20000; ++i)
    for (std::size_t k = 0; k < inputs; ++k) {
      if (tails && (i + k) % 8 == 0) {
        const double tail = std::exp2(uniform(L::min_exponent - L::digits, L::max_exponent));
        columns[k].push_back(static_cast<T>(random() % 2 ? tail : -tail));
      } else {
        const auto& choice = ranges[k % ranges.size()];
        const Range r = choice[random() % choice.size()];
        columns[k].push_back(static_cast<T>(uniform(r.low, r.high)));
      }
    }
  return columns;
}

struct Worst {
  double ulps = 0;
  std::string where;
};

template <class T, class Got, class... X>
std::string show(Got got, R exact, X... x) {
  std::string s = "(";
  char b[64];
  ((std::snprintf(b, sizeof b, "%s%.9g", s.size() > 1 ? ", " : "", static_cast<double>(x)), s += b),
   ...);
  std::snprintf(b, sizeof b, ") gives %.9g, not %.9Lg", static_cast<double>(got), exact);
  return s + b;
}

// Calls f(columns[0][i], ...) as R.
template <int N, class T, class F>
R at(const std::vector<std::vector<T>>& columns, std::size_t i, const F& f) {
  if constexpr (N == 1)
    return f(static_cast<R>(columns[0][i]));
  else if constexpr (N == 2)
    return f(static_cast<R>(columns[0][i]), static_cast<R>(columns[1][i]));
  else
    return f(static_cast<R>(columns[0][i]), static_cast<R>(columns[1][i]),
             static_cast<R>(columns[2][i]));
}

template <class T>
Worst compare(const std::vector<T>& got, const std::vector<R>& exact, const std::vector<R>& scale,
              const std::vector<std::vector<T>>& x, bool flushes) {
  Worst worst;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double u = ulps_apart<T>(got[i], exact[i], scale[i], flushes);
    if (u > worst.ulps) {
      worst.ulps = u;
      worst.where = x.size() == 1   ? show<T>(got[i], exact[i], x[0][i])
                    : x.size() == 2 ? show<T>(got[i], exact[i], x[0][i], x[1][i])
                                    : show<T>(got[i], exact[i], x[0][i], x[1][i], x[2][i]);
    }
  }
  return worst;
}

// Calls f(name, table) with the kernels of each instruction set that this processor runs.
template <class Op, class T, class F>
void for_each_isa(const F& f) {
  for (cpu::Isa isa : cpu::supported()) {
    if (isa == cpu::Isa::baseline)
      f(cpu::name(isa), kernels::elementwise_for<Op, T, kernels::Baseline>());
#ifdef __x86_64__
    if (isa == cpu::Isa::avx2) f(cpu::name(isa), kernels::elementwise_for<Op, T, kernels::Avx2>());
    if (isa == cpu::Isa::avx512)
      f(cpu::name(isa), kernels::elementwise_for<Op, T, kernels::Avx512>());
#endif
  }
}

}  // namespace autograd::cases
