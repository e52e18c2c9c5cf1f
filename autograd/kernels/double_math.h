#pragma once

// Functions of floats, computed in registers of doubles D (kernels/pack.h): with twice the digits
// in between, a float comes out right but for its own rounding. The arguments are floats, widened.
namespace autograd::kernels::double_math {

// c[0] + c[1] x + ..., N even: two chains, of which each waits for half as many results.
template <class D, int N>
D polynomial(D x, const double (&c)[N]) {
  static_assert(N % 2 == 0);
  const D x2 = x * x;
  D even = c[N - 2], odd = c[N - 1];
  for (int i = N - 4; i >= 0; i -= 2) even = even * x2 + c[i], odd = odd * x2 + c[i + 1];
  return even + x * odd;
}

// (1 + 2 x) e^(x^2) erfc(x) is smooth in (x - 3.75) / (x + 3.75), where x >= 0: M. M. Shepherd and
// J. G. Laframboise, Mathematics of Computation 36 (1981). The coefficients interpolate it at the
// zeros of a Chebyshev polynomial, within 1e-11. The square of a float is exact.
template <class D>
D erfc(D x) {
  static constexpr double kSmooth[] = {
      1.2375126308071391,     -0.14024059858572127,  0.0035854194180316976,
      0.08227673851211012,    -0.1088040132020334,   0.0923043207359042,
      -0.05869272662880936,   0.028362280234667626,  -0.009749269540440022,
      0.0017556187138696323,  0.0002996347778954181, -0.00029015332160598915,
      4.425238467474947e-05,  2.241560132465326e-05, -6.344495523498326e-06,
      -1.0383432432734145e-06};
  const D a = minimum(absolute(x), 30);  // where a float's erfc is 0
  const D both = 1 / ((a + 3.75) * (1 + 2 * a));
  const D t = (a - 3.75) * (1 + 2 * a) * both;
  const D y = polynomial(t, kSmooth) * exp(-a * a) * ((a + 3.75) * both);
  return select(x < 0, 2 - y, y);
}

// a^b = e^(b log a). Where that is a float, |b log a| is below 104, and so its error far below a
// float's.
template <class D>
D pow(D a, D b) {
  const D size = absolute(a), power = exp(b * log(size));
  const auto usual = a > 0 && a < __builtin_inf() && absolute(b) < __builtin_inf();
  if (!any(!usual)) return power;
  const auto one = b == 0 || a == 1 || (a == -1 && b == b);
  const auto whole = fix(b) == b, odd = whole && !(fix(b * 0.5) * 2 == b);
  const D y = select(one, 1, power);
  // Below 0, and for -0, the sign is that of (-1)^b; a fraction has no power there.
  const D with_sign = select(odd, copysign(y, a), y);
  return select(a < 0 && !whole && size < __builtin_inf(), __builtin_nan(""), with_sign);
}

// The remainder of a / b. Up to quotients of 2^28, quotient and product are exact in a double; the
// others are left to the C library's function, lane by lane.
template <class D>
D fmod(D a, D b) {
  const D quotient = fix(a / b);
  const D y = copysign(a - quotient * b, a);
  const auto exact = absolute(quotient) < 268435456.0 && absolute(b) < __builtin_inf();
  if (!any(!exact)) return y;
  return select(exact, y, D::each([](double u, double v) { return __builtin_fmod(u, v); }, a, b));
}

}  // namespace autograd::kernels::double_math
