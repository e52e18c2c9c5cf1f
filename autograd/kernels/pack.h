#pragma once

#include "autograd/kernels/double_math.h"
#include "autograd/kernels/double_special.h"
#include "autograd/kernels/isa.h"
#include "autograd/kernels/polynomial.h"
#include "autograd/kernels/special.h"

// A SIMD register with the functions that op declarations use, under Chainer's names. The same
// expressions compile for Variable, so an op's derivative is written once for both. Plain numbers
// convert to registers.
namespace autograd::kernels {

template <class T, class Isa>
struct Pack {
  using Batch = xsimd::batch<T, typename Isa::Arch>;
  static constexpr int size = static_cast<int>(Batch::size);
  // Whether fma() rounds once: with AVX2 and later instruction sets.
  static constexpr bool has_fma = size * sizeof(T) >= 32;
  Batch v;

  Pack() = default;
  Pack(Batch b) : v(b) {}                   // NOLINT(google-explicit-constructor)
  Pack(double c) : v(static_cast<T>(c)) {}  // NOLINT(google-explicit-constructor)
  Pack(int c) : v(static_cast<T>(c)) {}     // NOLINT(google-explicit-constructor)
  Pack(float c) : v(static_cast<T>(c)) {}   // NOLINT(google-explicit-constructor)

  // What a comparison gives: true or false in each lane.
  struct Mask {
    xsimd::batch_bool<T, typename Isa::Arch> bits;
    // NOLINTNEXTLINE(google-explicit-constructor)
    Mask(xsimd::batch_bool<T, typename Isa::Arch> b) : bits(b) {}
    friend Mask operator&&(Mask a, Mask b) { return a.bits & b.bits; }
    friend Mask operator||(Mask a, Mask b) { return a.bits | b.bits; }
    friend Mask operator!(Mask a) { return ~a.bits; }
    friend bool any(Mask a) { return xsimd::any(a.bits); }
    friend bool all(Mask a) { return xsimd::all(a.bits); }
  };

  static Pack load(const T* p) { return Batch::load_unaligned(p); }
  void store(T* p) const { v.store_unaligned(p); }
  // Loads the first `count` lanes only; the others are 1, a valid argument of every function here.
  static Pack load(const T* p, int count) {
    if constexpr (kAvx512) {
      if constexpr (sizeof(T) == 4)
        return Batch(_mm512_mask_loadu_ps(Batch(T(1)), first(count), p));
      else
        return Batch(_mm512_mask_loadu_pd(Batch(T(1)), first(count), p));
    }
    T lanes[size];
    for (int i = 0; i < size; ++i) lanes[i] = i < count ? p[i] : T(1);
    return load(lanes);
  }
  void store(T* p, int count) const {
    if constexpr (kAvx512) {
      if constexpr (sizeof(T) == 4)
        return _mm512_mask_storeu_ps(p, first(count), v);
      else
        return _mm512_mask_storeu_pd(p, first(count), v);
    }
    T lanes[size];
    store(lanes);
    for (int i = 0; i < size; ++i)  // not to count: g++ would see a reach beyond the lanes
      if (i < count) p[i] = lanes[i];
  }

  friend Pack operator+(Pack a, Pack b) { return a.v + b.v; }
  friend Pack operator-(Pack a, Pack b) { return a.v - b.v; }
  friend Pack operator*(Pack a, Pack b) { return a.v * b.v; }
  friend Pack operator/(Pack a, Pack b) { return a.v / b.v; }
  friend Pack operator-(Pack a) { return -a.v; }
  // a b + c, with one rounding if the processor can. With AVX-512 xsimd multiplies and then adds;
  // g++ fuses this into one instruction, clang does not.
  friend Pack fma(Pack a, Pack b, Pack c) {
    if constexpr (!kAvx512)
      return xsimd::fma(a.v, b.v, c.v);
    else if constexpr (sizeof(T) == 4)
      return Batch(_mm512_fmadd_ps(a.v, b.v, c.v));
    else
      return Batch(_mm512_fmadd_pd(a.v, b.v, c.v));
  }

  friend Mask operator>(Pack a, Pack b) { return a.v > b.v; }
  friend Mask operator>=(Pack a, Pack b) { return a.v >= b.v; }
  friend Mask operator<(Pack a, Pack b) { return a.v < b.v; }
  friend Mask operator<=(Pack a, Pack b) { return a.v <= b.v; }
  friend Mask operator==(Pack a, Pack b) { return a.v == b.v; }
  // Not a != a: for registers of AVX and wider, xsimd 8's != is false where either side is NaN.
  friend Mask isnan(Pack a) { return ~(a.v == a.v); }
  friend Pack select(Mask m, Pack a, Pack b) { return xsimd::select(m.bits, a.v, b.v); }

  // NaN if either is NaN, as in NumPy; a if they are equal. x86's instructions return their second
  // operand if either is NaN or both are equal, and so lose a NaN in the first.
  friend Pack maximum(Pack a, Pack b) {
#ifdef __x86_64__
    return select(isnan(b), b, xsimd::max(b.v, a.v));
#else
    return select(a >= b || isnan(a), a, b);
#endif
  }
  friend Pack minimum(Pack a, Pack b) {
#ifdef __x86_64__
    return select(isnan(b), b, xsimd::min(b.v, a.v));
#else
    return select(a <= b || isnan(a), a, b);
#endif
  }
  // w x, and 0 where w is 0, whatever x is.
  friend Pack weighted(Pack w, Pack x) { return w * select(w == 0, 0, x.v); }
  friend Pack constant(Pack a) { return a; }
  // 1 - x^2, accurate near 1.
  friend Pack one_minus_square(Pack a) { return (1 - a) * (1 + a); }
  friend Pack copysign(Pack a, Pack b) { return xsimd::copysign(a.v, b.v); }
  friend Pack absolute(Pack a) { return xsimd::abs(a.v); }
  friend Pack sign(Pack a) { return select(isnan(a), a, select(a > 0, 1, select(a < 0, -1, 0))); }
  friend Pack floor(Pack a) { return xsimd::floor(a.v); }
  friend Pack ceil(Pack a) { return xsimd::ceil(a.v); }
  friend Pack fix(Pack a) { return xsimd::trunc(a.v); }

  friend Pack sqrt(Pack a) { return xsimd::sqrt(a.v); }
  friend Pack exp(Pack a) { return xsimd::exp(a.v); }
  friend Pack expm1(Pack a) { return xsimd::expm1(a.v); }
  friend Pack log(Pack a) {
    return scaled(a, 0.6931471805599453, [](Pack x) { return xsimd::log(x.v); });
  }
  friend Pack log1p(Pack a) { return xsimd::log1p(a.v); }
  friend Pack log2(Pack a) {
    return scaled(a, 1, [](Pack x) { return xsimd::log2(x.v); });
  }
  friend Pack log10(Pack a) {
    return scaled(a, 0.30102999566398120, [](Pack x) { return xsimd::log10(x.v); });
  }
  friend Pack tanh(Pack a) { return xsimd::tanh(a.v); }
  friend Pack sinh(Pack a) { return xsimd::sinh(a.v); }
  friend Pack cosh(Pack a) { return xsimd::cosh(a.v); }
  friend Pack sin(Pack a) {
    return called([](Batch x) { return xsimd::sin(x); }, a.v);
  }
  friend Pack cos(Pack a) {
    return called([](Batch x) { return xsimd::cos(x); }, a.v);
  }
  friend Pack tan(Pack a) {
    return called([](Batch x) { return xsimd::tan(x); }, a.v);
  }
  friend Pack arcsin(Pack a) {
    return called([](Batch x) { return xsimd::asin(x); }, a.v);
  }
  friend Pack arccos(Pack a) {
    return called([](Batch x) { return xsimd::acos(x); }, a.v);
  }
  friend Pack arctan(Pack a) {
    return called([](Batch x) { return xsimd::atan(x); }, a.v);
  }
  friend Pack arctanh(Pack a) {
    return called([](Batch x) { return xsimd::atanh(x); }, a.v);
  }
  friend Pack arctan2(Pack a, Pack b) {
    // Where a / b would be 0 / 0 or inf / inf, the signs alone decide.
    const Pack inf = __builtin_inf();
    const Mask zeros = a == 0 && b == 0, infinite = absolute(a) == inf && absolute(b) == inf;
    b = select(zeros || infinite, xsimd::copysign(Batch(T(1)), b.v), b);
    a = select(infinite, xsimd::copysign(Batch(T(1)), a.v), a);
    return called([](Batch y, Batch x) { return xsimd::atan2(y, x); }, a.v, b.v);
  }

  // f(x...) for a long f: inlined into loops over floats, but a function call in loops over
  // doubles, which are used less.
  template <class F, class... X>
  static Pack called(const F& f, X... x) {
    if constexpr (sizeof(T) == 4)
      return f(x...);
    else
      return not_inlined(f, x...);
  }
  template <class F, class... X>
  [[gnu::noinline]] static Pack not_inlined(const F& f, X... x) {
    return f(x...);
  }

  // f(x...) lane by lane, in double.
  template <class F, class... P>
  static Pack each(const F& f, P... x) {
    T lanes[sizeof...(P)][size];
    int k = 0;
    (x.store(lanes[k++]), ...);
    for (int i = 0; i < size; ++i) {
      if constexpr (sizeof...(P) == 1)
        lanes[0][i] = static_cast<T>(f(static_cast<double>(lanes[0][i])));
      else
        lanes[0][i] =
            static_cast<T>(f(static_cast<double>(lanes[0][i]), static_cast<double>(lanes[1][i])));
    }
    return load(lanes[0]);
  }
  // For floats, wide(x...) in registers of doubles if a register holds at least four doubles.
  // Otherwise, and for doubles, f(x...) lane by lane.
  template <class Wide, class F, class... P>
  static Pack in_double(const Wide& wide, const F& f, P... x) {
    if constexpr (sizeof(T) == 8 || Pack<double, Isa>::size < 4) {
      return each(f, x...);
    } else {
      return narrow(wide(widen<0>(x)...), wide(widen<1>(x)...));
    }
  }
  // The lower or the upper half of a register of floats, in doubles; and both halves in floats.
  template <int half>
  static Pack<double, Isa> widen(Pack x) {
    if constexpr (size == 16)
      return Pack<double, Isa>(_mm512_cvtps_pd(_mm512_extractf32x8_ps(x.v, half)));
    else
      return Pack<double, Isa>(_mm256_cvtps_pd(_mm256_extractf128_ps(x.v, half)));
  }
  static Pack narrow(Pack<double, Isa> lower, Pack<double, Isa> upper) {
    if constexpr (size == 16)
      return Batch(_mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(lower.v)),
                                      _mm512_cvtpd_ps(upper.v), 1));
    else
      return Batch(_mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(lower.v)),
                                        _mm256_cvtpd_ps(upper.v), 1));
  }
  // xsimd 8's own functions are inaccurate: erfc and float64 erf (more than 64 ulps, NaN for huge
  // arguments) and pow (errors that grow with the exponent, 0^0 = 0).
  friend Pack erf(Pack a) {
    if constexpr (sizeof(T) == 4)
      return xsimd::erf(a.v);
    else
      return each([](double x) { return __builtin_erf(x); }, a);
  }
  friend Pack erfc(Pack a) {
    return in_double([](auto x) { return double_math::erfc(x); },
                     [](double x) { return __builtin_erfc(x); }, a);
  }
  friend Pack pow(Pack a, Pack b) {
    return in_double([](auto x, auto y) { return double_math::pow(x, y); },
                     [](double x, double y) { return __builtin_pow(x, y); }, a, b);
  }
  // Exact, as C's fmod. For a, b >= 0 the rounded and truncated quotient is the exact integer
  // quotient q or q + 1, and a - q b is exact while q is. Other lanes call C's fmod.
  friend Pack fmod(Pack a, Pack b) {
    const auto c_fmod = [](double x, double y) { return __builtin_fmod(x, y); };
    if constexpr (!has_fma) {
      return each(c_fmod, a, b);
    } else {
      const Pack divisor = absolute(b), quotient = fix(absolute(a) / divisor);
      const Pack rest = fma(-quotient, divisor, absolute(a));
      const Pack y = copysign(select(rest < 0, rest + divisor, rest), a);
      const Mask exact = quotient < (sizeof(T) == 4 ? 0x1p23 : 0x1p52) && divisor < __builtin_inf();
      return all(exact) ? y : select(exact, y, each(c_fmod, a, b));
    }
  }
  friend Pack lgamma(Pack a) {
    return in_double([](auto x) { return double_math::lgamma(x); }, special::lgamma, a);
  }
  friend Pack digamma(Pack a) {
    return in_double([](auto x) { return double_math::digamma(x); }, special::digamma, a);
  }
  friend Pack polygamma(int n, Pack a) {
    const auto any_n = [n](double x) { return special::polygamma(n, x); };
    if (n != 1) return each(any_n, a);
    return in_double([](auto x) { return double_math::trigamma(x); }, any_n, a);
  }
  friend Pack erfinv(Pack a) {
    return in_double([](auto x) { return double_math::erfinv(x); }, special::erfinv, a);
  }
  friend Pack erfcinv(Pack a) {
    return in_double([](auto x) { return double_math::erfcinv(x); }, special::erfcinv, a);
  }
  friend Pack erfcx(Pack a) {
    return in_double([](auto x) { return double_math::erfcx(x); }, special::erfcx, a);
  }
  friend Pack ndtr(Pack a) {
    return in_double([](auto x) { return double_math::ndtr(x); }, special::ndtr, a);
  }
  friend Pack ndtri(Pack a) {
    return in_double([](auto x) { return double_math::ndtri(x); }, special::ndtri, a);
  }
  friend Pack log_ndtr(Pack a) {
    return in_double([](auto x) { return double_math::log_ndtr(x); }, special::log_ndtr, a);
  }

  // 1 / (1 + e^-x) from e^-|x|, so that neither tail loses digits.
  friend Pack sigmoid(Pack a) {
    const Pack e = exp(-absolute(a));
    const Pack s = 1 / (1 + e);
    return select(a < 0, e * s, s);
  }
  // log(1 + e^x), without overflow.
  friend Pack softplus(Pack a) { return maximum(a, 0) + log1p_exp(-absolute(a)); }
  // log(1 + e^x) for x <= 0.
  friend Pack log1p_exp(Pack a) {
    const Pack e = exp(a);
    if constexpr (sizeof(T) == 8) {
      return log1p(e);
    } else {
      // (log(1 + e) - e) / e^2, interpolated at the zeros of a Chebyshev polynomial, in powers of e
      // - kMiddle, where it is -3/8, which is exact in binary.
      constexpr double kMiddle = 0.5176784992218018;
      static constexpr double kRest[] = {
          -0.3750000004995945,   0.17597587914497945, -0.09057389284034414,  0.04908633732882569,
          -0.02752316772424489,  0.01581129074255704, -0.009004386959832487, 0.0051719061956912405,
          -0.004131118582727764, 0.00280164199280335};
      return fma(e * e, polynomial(e - kMiddle, kRest), e);
    }
  }

 private:
  // AVX-512 has instructions that xsimd does not use.
#ifdef __x86_64__
  static constexpr bool kAvx512 = size * sizeof(T) == 64;
#else
  static constexpr bool kAvx512 = false;
#endif
  static auto first(int count) {
    using Bits = typename xsimd::batch_bool<T, typename Isa::Arch>::register_type;
    return static_cast<Bits>((1u << count) - 1);
  }

  // A logarithm of a. For subnormal a, where xsimd 8 is wrong in float64, it is computed from 2^54
  // a.
  template <class F>
  static Pack scaled(Pack a, double log_of_2, const F& log_of) {
    if constexpr (sizeof(T) == 4) {
      return log_of(a);
    } else {
      const Mask tiny = a < 2.2250738585072014e-308;
      return log_of(select(tiny, a * 18014398509481984.0, a)) - select(tiny, 54 * log_of_2, 0);
    }
  }
};

// Calls body(i, count) for each register's worth of [0, n): for whole registers, then once for the
// remainder. The body is passed by value and should capture by value: a store of a register may
// alias any object with an address, so captures by reference would be read again in each iteration.
template <class T, class Isa, class Body>
void for_packs(long n, Body body) {
  constexpr int w = Pack<T, Isa>::size;
  for (long i = 0; i < n; i += w) body(i, n - i < w ? static_cast<int>(n - i) : w);
}

template <class T, class Isa>
Pack<T, Isa> read(const T* p, int count) {
  return count == Pack<T, Isa>::size ? Pack<T, Isa>::load(p) : Pack<T, Isa>::load(p, count);
}
template <class T, class Isa>
void write(Pack<T, Isa> x, T* p, int count) {
  if (count == Pack<T, Isa>::size)
    x.store(p);
  else
    x.store(p, count);
}

}  // namespace autograd::kernels
