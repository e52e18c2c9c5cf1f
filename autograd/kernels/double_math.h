#pragma once

#include <cstdint>

#include "autograd/kernels/isa.h"
#include "autograd/kernels/polynomial.h"

// Functions of floats, computed in registers of doubles D (kernels/pack.h), so that the only
// noticeable error is the rounding of the result to float. The arguments are widened floats: none
// is subnormal, and their squares are exact. Polynomials have an error of about 1e-11, far below
// the 6e-8 of a float; they interpolate at the zeros of a Chebyshev polynomial.
namespace autograd::kernels::double_math {

// The bits of doubles, as whole numbers.
template <class D>
using Bits = xsimd::batch<std::uint64_t, typename D::Batch::arch_type>;
template <class D>
Bits<D> bits(D x) {
  return xsimd::bitwise_cast<Bits<D>>(x.v);
}
template <class D>
D from_bits(Bits<D> b) {
  return D(xsimd::bitwise_cast<typename D::Batch>(b));
}

// e^x, with x clipped to [-700, 700], beyond which a float is 0 or infinite. With n = x / log(2),
// rounded, it is 2^n e^r, |r| <= log(2) / 2.
template <class D>
D exp_for_float(D x) {
  static constexpr double kExp[] = {
      0.9999999999595618,   0.999999999995509,    0.5000000107729166,    0.16666666786308587,
      0.041666218319291945, 0.008333283538708528, 0.0013948578326459795, 0.00019907569310848288};
  constexpr double kWhole = 6755399441055744;  // 3 2^51: what is added to it is rounded
  // NaN stays NaN: for a NaN, x86's min and max return their second operand.
  x = xsimd::min(D(700).v, xsimd::max(D(-700).v, x.v));
  const D n = fma(x, 1.4426950408889634, kWhole);
  const D r = fma(n - kWhole, -0.6931471805599453, x);
  return from_bits<D>(bits(polynomial(r, kExp)) + (bits(n) << 52));
}

// log(x) of a normal number x > 0, accurate near 1, too. With x = 2^n m, m within a factor of
// sqrt(2) of 1, it is n log(2) + 2 artanh((m - 1) / (m + 1)).
template <class D>
D log_for_float(D x) {
  static constexpr double kArtanh[] = {1.9999999999999472, 0.6666666667957926,
                                       0.3999999489183238, 0.28572166145875727,
                                       0.2217424991007749, 0.19608095639753054};
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd, kMantissa = 0xfffffffffffff;
  constexpr double kWhole = 4503599627370496;  // 2^52: its lowest bits count
  const Bits<D> above = bits(x) - Bits<D>(kSqrtHalf);
  const Bits<D> n_plus_2048 = (above + Bits<D>(std::uint64_t{1} << 63)) >> 52;
  const D n = from_bits<D>(n_plus_2048 | bits(D(kWhole))) - (kWhole + 2048);
  const D m = from_bits<D>((above & Bits<D>(kMantissa)) + Bits<D>(kSqrtHalf));
  const D s = (m - 1) / (m + 1);
  return fma(n, 0.6931471805599453, s * polynomial(s * s, kArtanh));
}

// a^b = e^(b log a). If the result is a float, |b log a| is below 104, so its error is far below
// that of a float.
template <class D>
D pow(D a, D b) {
  const D size = absolute(a);
  D log_size = log_for_float(size);
  const bool usual = all(a > 0 && a < __builtin_inf() && absolute(b) < __builtin_inf());
  if (!usual) {
    log_size = select(size > 0, log_size, -__builtin_inf());
    log_size = select(size < __builtin_inf(), log_size, size);  // also of NaN
  }
  const D power = exp_for_float(b * log_size);
  if (usual) return power;
  const auto one = b == 0 || a == 1 || (a == -1 && b == b);
  const auto whole = fix(b) == b, odd = whole && !(fix(b * 0.5) * 2 == b);
  const D y = select(one, 1, power);
  // For negative a, and for -0, the sign is that of (-1)^b; a fractional b gives NaN.
  const D with_sign = select(odd, copysign(y, a), y);
  return select(a < 0 && !whole && size < __builtin_inf(), __builtin_nan(""), with_sign);
}

}  // namespace autograd::kernels::double_math
