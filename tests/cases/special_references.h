#pragma once

#include "tests/cases/row.h"

// Special functions in long double by methods that are plain rather than fast, for the table's
// references.
namespace autograd::cases {

// B_2j / (2j)!
inline constexpr R kBernoulli[] = {1 / 12.0L,       -1 / 720.0L,     1 / 30240.0L,
                                   -1 / 1209600.0L, 1 / 47900160.0L, -691 / 1307674368000.0L};

// The n-th derivative of digamma for n >= 1: (-1)^(n+1) n! times the sum of (x + k)^(-n-1) over k
// >= 0, by Euler's and Maclaurin's formula from the 60th term right of 0 on.
inline R polygamma(int n, R x) {
  const R s = n + 1, factor = (n % 2 ? 1 : -1) * std::tgamma(s);
  if (std::isinf(x) && x < 0) return NAN;
  if (x < 0)
    return x == std::floor(x) ? factor * INFINITY : factor * std::pow(x, -s) + polygamma(n, x + 1);
  R sum = std::pow(x, -s);
  for (int k = 1; k < 60; ++k) sum += std::pow(x + k, -s);
  const R y = x + 60;
  if (std::isinf(y)) return factor * 0;
  sum += std::pow(y, 1 - s) / (s - 1) + std::pow(y, -s) / 2;
  R rising = s * std::pow(y, -s - 1);
  for (int j = 0; j < 6; ++j) {
    sum += kBernoulli[j] * rising;
    rising *= (s + 2 * j + 1) * (s + 2 * j + 2) / (y * y);
  }
  return factor * sum;
}

// What rounding the terms of that sum costs left of 0, where they cancel for some n.
inline R polygamma_scale(int n, R x) {
  if (!(x < 0) || std::isinf(x)) return std::abs(polygamma(n, x));
  return std::tgamma(n + 1.0L) * std::abs(std::pow(x, -n - 1.0L)) + polygamma_scale(n, x + 1);
}

inline R digamma(R x) {
  if (x == 0) return std::copysign(static_cast<R>(INFINITY), -x);
  if (x < 0) return x == std::floor(x) ? NAN : digamma(x + 1) - 1 / x;
  if (std::isinf(x)) return x;
  R sum = 0;
  for (int k = 0; k < 60; ++k) sum -= 1 / (x + k);
  const R y = x + 60;
  sum += std::log(y) - 1 / (2 * y);
  R factorial = 1, power = 1 / (y * y);  // B_2j / (2j y^2j)
  for (int j = 0; j < 6; ++j) {
    sum -= kBernoulli[j] * factorial * power;
    factorial *= (2 * j + 2) * (2 * j + 3);
    power /= y * y;
  }
  return sum;
}

// e^(x^2) erfc(x); beyond 50 by its asymptotic series.
inline R erfcx(R x) {
  if (x < 50) return std::exp(x * x) * std::erfc(x);
  R term = 1, sum = 1;
  for (int k = 1; k < 12; ++k) sum += term *= -(2 * k - 1) / (2 * x * x);
  return sum / (x * std::sqrt(std::numbers::pi_v<R>));
}

// The inverses of erf and erfc, by Newton's method on the one of the two that is small.
inline R erfcinv(R y);
inline R erfinv(R y) {
  if (std::abs(y) > 0.5L) return std::copysign(erfcinv(1 - std::abs(y)), y);
  R x = y;
  for (int i = 0; i < 50 && y == y; ++i)
    x -= (std::erf(x) - y) * std::exp(x * x) * std::sqrt(std::numbers::pi_v<R>) / 2;
  return x;
}
inline R erfcinv(R y) {
  if (y == 0) return INFINITY;
  if (y == 2) return -INFINITY;
  if (!(y > 0 && y < 2)) return NAN;
  if (y > 0.5L && y < 1.5L) return erfinv(1 - y);
  if (y > 1) return -erfcinv(2 - y);
  R x = 0;
  for (int i = 0; i < 200; ++i) {
    const R step = (std::erfc(x) - y) * std::exp(x * x) * std::sqrt(std::numbers::pi_v<R>) / 2;
    if (x + step == x) break;
    x += step;
  }
  return x;
}

inline R ndtr(R x) { return std::erfc(-x * std::sqrt(0.5L)) / 2; }
inline R log_ndtr(R x) {
  if (x > 0) return std::log1p(-std::erfc(x * std::sqrt(0.5L)) / 2);
  return -x * x / 2 + std::log(erfcx(-x * std::sqrt(0.5L)) / 2);
}
inline R ndtri(R p) { return -std::sqrt(2.0L) * erfcinv(2 * p); }

}  // namespace autograd::cases
