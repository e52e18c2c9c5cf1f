// Sources: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 6.3.7 and 6.3.18
// (digamma), 7.1.23 (erfc's asymptotic series), 23.2.9 and its Euler and Maclaurin form (the
// Hurwitz zeta function), 26.2.23 (a start for the inverse of the normal distribution).
#include "autograd/kernels/special.h"

#include <math.h>

#include <limits>

#include "autograd/kernels/zeta.h"

namespace autograd::kernels::special {
namespace {

constexpr double kPi = 3.141592653589793, kSqrt2 = 1.4142135623730951,
                 kTwoOverSqrtPi = 1.1283791670955126;
constexpr double kInf = std::numeric_limits<double>::infinity(),
                 kNan = std::numeric_limits<double>::quiet_NaN();

// One step of Halley's method for f = erf or erfc, f'' = -2 x f'.
double step(double x, double difference, double slope) {
  const double u = difference / slope;
  return x - u / (1 + x * u);
}

double gauss(double x) { return kTwoOverSqrtPi * exp(-x * x); }

// erfinv for |y| <= 1/2: from the first terms of its series.
double erfinv_middle(double y) {
  const double w = y / kTwoOverSqrtPi, w2 = w * w;
  double x = w * (1 + w2 * (1.0 / 3 + w2 * (7.0 / 30 + w2 * (127.0 / 630))));
  for (int i = 0; i < 2; ++i) x = step(x, erf(x) - y, gauss(x));
  return x;
}

// erfcinv for 0 < y <= 1/2.
double erfcinv_tail(double y) {
  const double t = sqrt(-2 * (log(y) - 0.6931471805599453));
  double x = (t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))) /
             kSqrt2;
  // Newton's method for log(erfc(x)), because erfc(x) itself is subnormal and has lost digits.
  if (y < 1e-300)
    for (int i = 0; i < 3; ++i) x += (log(erfcx(x)) - x * x - log(y)) * erfcx(x) / kTwoOverSqrtPi;
  else
    for (int i = 0; i < 3; ++i) x = step(x, erfc(x) - y, -gauss(x));
  return x;
}

// e^(x^2), with a correction for the rounding error of the square.
double exp_square(double x) {
  const double square = x * x, y = exp(square);
  return isinf(y) ? y : y * (1 + fma(x, x, -square));
}

}  // namespace

double lgamma(double x) {
  int sign;  // the plain lgamma stores the sign in a variable that all threads share
  return lgamma_r(x, &sign);
}

double digamma(double x) {
  if (x <= 0) {
    if (x == 0) return signbit(x) ? kInf : -kInf;
    const double fraction = x - round(x);
    if (fraction == 0 || isinf(x)) return kNan;
    return digamma(1 - x) - kPi / tan(kPi * fraction);
  }
  double shift = 0;
  for (; x < 10; ++x) shift += 1 / x;
  const double u = 1 / (x * x);
  const double series =
      u * (1.0 / 12 - u * (1.0 / 120 -
                           u * (1.0 / 252 -
                                u * (1.0 / 240 - u * (1.0 / 132 - u * (691.0 / 32760 - u / 12))))));
  return log(x) - 0.5 / x - series - shift;
}

double zeta(double s, double q) {
  if (!(s > 1)) return s == 1 ? kInf : kNan;
  if (q < 0) {
    // The terms left of 0 are the difference of two sums that run to the right.
    const double fraction = q - floor(q);
    if (fraction == 0) return kInf;
    if (s != floor(s)) return kNan;
    if (q > -1) return pow(q, -s) + zeta(s, 1 + q);
    const double left = zeta(s, 1 - fraction) - zeta(s, 1 - q);
    return zeta(s, fraction) + (fmod(s, 2) == 0 ? left : -left);
  }
  double sum = 0;
  for (; q < s + 10; ++q) {
    const double term = pow(q, -s);
    sum += term;
    if (term * q <= sum * 1e-18) return sum;  // what follows is less than term q / (s - 1)
  }
  if (isinf(q)) return sum;
  const double power = pow(q, -s);
  sum += power * q / (s - 1) + power / 2;
  // B_2j / (2j)! for j = 1, 2, ...
  constexpr double kCoefficients[] = {1.0 / 12,          -1.0 / 720,
                                      1.0 / 30240,       -1.0 / 1209600,
                                      1.0 / 47900160,    -691.0 / 1307674368000,
                                      1.0 / 74724249600, -3617.0 / 10670622842880000};
  double term = power * s / q, next = s + 1;
  for (double c : kCoefficients) {
    sum += c * term;
    term *= next * (next + 1) / (q * q);
    next += 2;
  }
  return sum;
}

double polygamma(int n, double x) {
  if (n == 0) return digamma(x);
  const double value = tgamma(n + 1.0) * zeta(n + 1, x);
  return n % 2 == 0 ? -value : value;
}

double erfcx(double x) {
  if (x < 10) return exp_square(x) * erfc(x);
  const double u = 0.5 / (x * x);
  double series = 1;
  for (int k = 25; k >= 1; k -= 2) series = 1 - k * u * series;
  return 0.5 * kTwoOverSqrtPi / x * series;
}

double erfinv(double y) {
  if (!(y >= -1 && y <= 1)) return kNan;
  if (fabs(y) <= 0.5) return erfinv_middle(y);
  return copysign(erfcinv(1 - fabs(y)), y);
}

double erfcinv(double y) {
  if (!(y >= 0 && y <= 2)) return kNan;
  if (y == 0) return kInf;
  if (y == 2) return -kInf;
  if (y < 0.5) return erfcinv_tail(y);
  if (y > 1.5) return -erfcinv_tail(2 - y);
  return erfinv_middle(1 - y);
}

double ndtr(double x) {
  // In the left tail, the rounding error of x / sqrt(2) would be multiplied by x^2, so it is
  // corrected.
  constexpr double kInverse = 0.7071067811865476,
                   kRest = -4.833646656726457e-17;  // together 1 / sqrt(2)
  const double t = -x * kInverse;
  const double error = fma(-x, kInverse, -t) - x * kRest;
  return 0.5 * (isinf(x) ? erfc(t) : erfc(t) - gauss(t) * error);
}

double ndtri(double p) { return -kSqrt2 * erfcinv(2 * p); }

double log_ndtr(double x) {
  if (x > -1) return log1p(-ndtr(-x));
  return log(0.5 * erfcx(-x / kSqrt2)) - 0.5 * x * x;
}

}  // namespace autograd::kernels::special
