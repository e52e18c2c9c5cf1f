#pragma once

#include "autograd/kernels/double_math.h"
#include "autograd/kernels/special.h"

// Special functions of floats in registers of doubles; see kernels/double_math.h. Sources: M.
// Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 6.1.15 to 6.1.17, 6.1.40,
// 6.3.5 to 6.3.7, 6.3.18, 6.4.6, 6.4.7 and 6.4.12.
//
// Calls here to a function that D has, too, must name the namespace: otherwise the compiler would
// choose D's own, which computes lane by lane.
namespace autograd::kernels::double_math {

// e^(x^2) erfc(x) for x >= 0. (1 + 2 x) times it is smooth in (x - 3.75) / (x + 3.75): M. M.
// Shepherd and J. G. Laframboise, Mathematics of Computation 36 (1981).
template <class D>
D erfcx_right(D x) {
  static constexpr double kSmooth[] = {
      1.2375126308071391,     -0.14024059858572127,  0.0035854194180316976,
      0.08227673851211012,    -0.1088040132020334,   0.0923043207359042,
      -0.05869272662880936,   0.028362280234667626,  -0.009749269540440022,
      0.0017556187138696323,  0.0002996347778954181, -0.00029015332160598915,
      4.425238467474947e-05,  2.241560132465326e-05, -6.344495523498326e-06,
      -1.0383432432734145e-06};
  const D left = 1 + 2 * x, right = x + 3.75, both = 1 / (left * right);
  return polynomial((x - 3.75) * (left * both), kSmooth) * (right * both);
}

// e^(-x^2); of a float it is 0 where x is above 11.
template <class D>
D gauss(D x) {
  return exp_for_float(-x * x);
}

template <class D>
D erfc(D x) {
  const D a = minimum(absolute(x), 30), y = erfcx_right(a) * gauss(a);
  return select(x < 0, 2 - y, y);
}

template <class D>
D erfcx(D x) {
  const D y = erfcx_right(minimum(absolute(x), 1e60));
  return select(x < 0, 2 * exp_for_float(x * x) - y, y);
}

template <class D>
D ndtr(D x) {
  return 0.5 * double_math::erfc(-0.7071067811865476 * x);
}

// For x < 0: log(erfcx(-x / sqrt(2)) / 2) - x^2 / 2. For x >= 0: log(1 - q) with q = ndtr(-x),
// computed from the rounded 1 - q with a correction for its rounding error.
template <class D>
D log_ndtr(D x) {
  const D a = minimum(0.7071067811865476 * absolute(x), 1e60), left = 0.5 * erfcx_right(a);
  const D q = left * gauss(a), p = 1 - q;
  const auto negative = x < 0;
  return log_for_float(select(negative, left, p)) + select(negative, -0.5 * x * x, (1 - p) - q);
}

// erfinv(y) / y as a function of w = -log(1 - y^2), M. Giles, "Approximating the erfinv function",
// GPU Computing Gems, Jade Edition (2011): here a quotient of polynomials for 0 <= w <= 16, where
// every float |y| < 1 lies. It equals the function at w = 40 (1 + t) / (1 - t), t the zeros of a
// Chebyshev polynomial.
template <class D>
D erfinv_of_w(D w) {
  static constexpr double kOver[] = {
      0.8862269254041454,    0.24954452922704123,   0.04658142610411772,    0.006212521931523221,
      0.0005907130024524087, 4.326829148583231e-05, 3.0970509654417114e-06, 2.713812235862331e-07,
      5.573970224729893e-10, 1.4434515946232668e-12};
  static constexpr double kUnder[] = {1.0,
                                      0.019781457486884767,
                                      0.0343507228522996,
                                      0.00039409841385140357,
                                      0.00031243265912777153,
                                      2.5532772152448842e-06,
                                      1.505086854495683e-06,
                                      2.20755646037831e-08};
  return polynomial(w, kOver) / polynomial(w, kUnder);
}

template <class D>
D erfinv(D y) {
  const D rest = 1 - y * y;
  const D x = y * erfinv_of_w(-log_for_float(rest));
  return select(rest > 0, x, y * select(rest == 0, __builtin_inf(), __builtin_nan("")));
}

// The same with 1 - y in the place of y. Below 1e-7 there are floats with w above 16: for these
// few, and 0, 2 and beyond, the function in double is called.
template <class D>
D erfcinv(D y) {
  const D rest = y * (2 - y);
  const D x = (1 - y) * erfinv_of_w(-log_for_float(rest));
  const auto usual = rest > 1.2e-7;
  return all(usual) ? x : select(usual, x, D::each(special::erfcinv, y));
}

template <class D>
D ndtri(D p) {
  return -1.4142135623730951 * double_math::erfcinv(2 * p);
}

// x minus the nearest integer.
template <class D>
D off_whole(D x) {
  const D rest = x - fix(x);
  return rest - fix(2 * rest);
}

// sin(pi x) for |x| <= 1 / 2.
template <class D>
D sine_of_pi(D x) {
  static constexpr double kSine[] = {
      3.1415926535897927,  -5.1677127800497855,    2.5501640398618677,    -0.599264528825224,
      0.08214587881631043, -0.0073703643265304155, 0.0004659870158043378, -2.113362735205297e-05};
  return x * polynomial(x * x, kSine);
}

// log(gamma(x)) for x >= 0: from 2.5 on (x - 1/2) log(x) - x + log(2 pi) / 2 and a series in 1 /
// x^2; below it log(gamma(y)) / (y - 2) is a polynomial in y - 2, with y = x, x + 1 or x + 2
// between 1.5 and 2.5, and gamma(x + 1) = x gamma(x). Either way there is one logarithm, and no
// digit is lost near 1 and 2.
template <class D>
D lgamma_right(D x) {
  static constexpr double kNear[] = {
      0.4227843350997953,     0.3224670334234966,     -0.06735230143541507,
      0.020580808605237744,   -0.007385533261288008,  0.0028905020821439896,
      -0.0011930547050406706, 0.0005098091580313527,  -0.00022086982602425632,
      9.839697643190869e-05,  -5.278721858454867e-05, 2.4154595381278688e-05};
  static constexpr double kFar[] = {
      0.08333333333319239,   -0.002777777664357704, 0.0007936354605354852, -0.0005944254988312451,
      0.0008196822566927878, -0.001566877711180605, 0.002825830321774403,  -0.0028705513280526907};
  const auto far = x >= 2.5, first = x < 0.5, second = x < 1.5;
  const D product = select(first, x * (x + 1), select(second, x, 1));
  const D t = select(first, x, select(second, x - 1, x - 2));
  const D log_of = log_for_float(select(far, x, product)), r = 1 / x;
  return select(far, fma(x - 0.5, log_of, 0.9189385332046728 - x) + r * polynomial(r * r, kFar),
                t * polynomial(t, kNear) - log_of);
}

// Left of 0, gamma(x) gamma(1 - x) = pi / sin(pi x).
template <class D>
D lgamma(D x) {
  const auto negative = x < 0;
  D y = lgamma_right(select(negative, 1 - x, x));
  auto infinite = x == 0 || absolute(x) == __builtin_inf();
  if (any(negative)) {
    const D sine = absolute(sine_of_pi(off_whole(x))), log_of_pi = 1.1447298858494002;
    y = select(negative, log_of_pi - log_for_float(sine) - y, y);
    infinite = infinite || (negative && sine == 0);
  }
  return select(infinite, __builtin_inf(), y);
}

// The derivative of lgamma_right: from 2.4 on log(x) - 1 / (2 x) and a series in 1 / x^2; below it
// digamma(y) / (y - y0), y0 the zero, is a polynomial in y - 1.9, with y = x, x + 1 or x + 2
// between 1.4 and 2.4, and digamma(x + 1) = digamma(x) + 1 / x.
template <class D>
D digamma_right(D x) {
  static constexpr double kNear[] = {
      0.8125234482072287,   -0.28412528097918305,  0.12539440102870383,   -0.06018525886101208,
      0.03005536213161702,  -0.015330423779095118, 0.007920316739057746,  -0.004118708060388381,
      0.002108693700904838, -0.00110434561627058,  0.0007307510482194266, -0.0003839165059166711};
  static constexpr double kFar[] = {-0.08333333313814671,  0.00833325168281991,
                                    -0.003962519613319106, 0.004012037511061614,
                                    -0.005511495322723847, 0.005357501719674822};
  constexpr double kZero = 1.4616321449683622, kRest = 9.549995429965697e-17;  // together y0
  const auto far = x >= 2.4, first = x < 0.4, second = x < 1.4;
  const D r = 1 / select(first, x * (x + 1), x);
  const D shift = select(first, (2 * x + 1) * r, select(second, r, 0));
  const D y = select(first, x + 2, select(second, x + 1, x));
  return select(far, log_for_float(x) + r * (r * polynomial(r * r, kFar) - 0.5),
                ((y - kZero) - kRest) * polynomial(y - 1.9, kNear) - shift);
}

// Left of 0, digamma(x) = digamma(1 - x) - pi / tan(pi x).
template <class D>
D digamma(D x) {
  // Of (1 / t - pi / tan(pi t)) / t, in t^2.
  static constexpr double kCotangent[] = {
      3.2898681336963778, 2.1646464675086525, 2.034686107571901,  2.0081559267574627,
      2.0019428925008724, 2.0015261697325797, 1.9855746418274127, 2.133424680678217,
      1.196435936786177,  5.115764334803305,  -5.28078656784381,  10.561574186034125};
  const auto negative = x < 0;
  D y = digamma_right(select(negative, 1 - x, x));
  if (any(negative)) {
    const D t = off_whole(x);
    const D reflected = y - (1 / t - t * polynomial(t * t, kCotangent));
    y = select(negative, select(t == 0, __builtin_nan(""), reflected), y);
  }
  return select(x == __builtin_inf(), x, y);
}

// The derivative of digamma_right: from 3 on 1 / x + 1 / (2 x^2) and a series; below it a
// polynomial in y - 2.5, with y = x, x + 1 or x + 2 between 2 and 3.
template <class D>
D trigamma_right(D x) {
  static constexpr double kNear[] = {
      0.49035775609540494,   -0.23620405163965477,   0.1119529257987543,     -0.05229266718099506,
      0.024106984447896683,  -0.010983356481980623,  0.00495281316417185,    -0.0022119843973901526,
      0.0009710871999966232, -0.0004269450055803475, 0.00021683713270062474, -9.39752080293793e-05};
  static constexpr double kFar[] = {0.16666666640299396,  -0.03333316129245041,
                                    0.023790811589677042, -0.03255971270458313,
                                    0.06023131283915643,  -0.08311092095301627};
  const auto far = x >= 3, first = x < 1, second = x < 2;
  const D r = 1 / select(first, x * (x + 1), x), r2 = r * r;
  const D shift = select(first, (2 * x * (x + 1) + 1) * r2, select(second, r2, 0));
  const D t = x - select(first, 0.5, select(second, 1.5, 2.5));
  return select(far, fma(r2, fma(r, polynomial(r2, kFar), 0.5), r), polynomial(t, kNear) + shift);
}

// Left of 0, trigamma(x) = (pi / sin(pi x))^2 - trigamma(1 - x).
template <class D>
D trigamma(D x) {
  const auto negative = x < 0;
  const D y = trigamma_right(select(negative, 1 - x, x));
  if (!any(negative)) return y;
  const D s = 3.141592653589793 / sine_of_pi(off_whole(x));
  return select(negative, s * s - y, y);
}

}  // namespace autograd::kernels::double_math
