#!/usr/bin/python3
"""Writes tests/ranges/cases.txt.gz: the values of functions and their derivatives near the limits of a dtype.

Needs mpmath. Every number is computed in arbitrary precision with unbounded exponents, and then rounded to
float32 or float64. An infinite argument means a limit. It is replaced by several finite numbers far beyond
the range. If their results do not agree, there is no limit, and the result is written as '?'.

Each number has a bound of its error (class Num). Each operation adds half a unit in the last place of the
dtype to this bound. So the final bound is the error that a good program may make. It is the tolerance of the
test. The first and second derivatives are computed together with the value (class Jet).
"""
import gzip
import itertools
import math
import os
import struct
import sys

from mpmath import mp, mpf

mp.prec = 2400
ZERO, ONE = mpf(0), mpf(1)


class NoLimit(Exception):
    pass


class Num:
    """A number, and a bound of its error in units of the dtype's rounding error."""
    __slots__ = ('v', 'e')

    def __init__(self, v, e=ZERO):
        self.v, self.e = mpf(v), e

    def rounded(self):
        return Num(self.v, self.e + abs(self.v))

    def __add__(self, o):
        o = num(o)
        if self.v == 0 and self.e == 0: return o
        if o.v == 0 and o.e == 0: return self
        return Num(self.v + o.v, self.e + o.e).rounded()
    __radd__ = __add__

    def __neg__(self): return Num(-self.v, self.e)
    def __sub__(self, o): return self + (-num(o))
    def __rsub__(self, o): return num(o) + (-self)

    def __mul__(self, o):
        o = num(o)
        if (self.v == 0 and self.e == 0) or (o.v == 0 and o.e == 0): return Num(0)
        if o.e == 0 and abs(o.v) == 1: return Num(self.v * o.v, self.e)
        if self.e == 0 and abs(self.v) == 1: return Num(self.v * o.v, o.e)
        return Num(self.v * o.v, abs(self.v) * o.e + abs(o.v) * self.e).rounded()
    __rmul__ = __mul__

    def __truediv__(self, o):
        o = num(o)
        if o.v == 0: raise ZeroDivisionError
        q = self.v / o.v
        return Num(q, self.e / abs(o.v) + abs(q / o.v) * o.e).rounded()
    def __rtruediv__(self, o): return num(o) / self


EPS = mpf(2) ** -24  # what an error unit is, for functions of numbers that carry an error


def num(x): return x if isinstance(x, Num) else Num(x)


def call(f, x):
    """f(x), the error of x carried through f."""
    v = f(x.v)
    e = ZERO
    if x.e != 0:
        d = x.e * EPS
        for moved in (x.v + d, x.v - d):
            try:
                e = max(e, abs(f(moved) - v) / EPS)
            except (ZeroDivisionError, ValueError):
                pass
    return Num(v, e).rounded()


class Jet:
    """A number with its first and second derivatives by n variables."""
    __slots__ = ('v', 'g', 'h', 'n')

    def __init__(self, v, g, h):
        self.v, self.g, self.h, self.n = v, g, h, len(g)

    @staticmethod
    def of(c, n):
        return Jet(num(c), [Num(0)] * n, {(i, j): Num(0) for i in range(n) for j in range(i, n)})

    @staticmethod
    def variable(x, k, n):
        j = Jet.of(x, n)
        j.g = [Num(1 if i == k else 0) for i in range(n)]
        return j

    def lift(self, o): return o if isinstance(o, Jet) else Jet.of(o, self.n)

    def combine(self, f):
        return Jet(f(self.v), [f(x) for x in self.g], {k: f(x) for k, x in self.h.items()})

    def __neg__(self): return self.combine(lambda x: -x)

    def __add__(self, o):
        o = self.lift(o)
        return Jet(self.v + o.v, [a + b for a, b in zip(self.g, o.g)],
                   {k: a + o.h[k] for k, a in self.h.items()})
    __radd__ = __add__
    def __sub__(self, o): return self + (-self.lift(o))
    def __rsub__(self, o): return self.lift(o) + (-self)

    def __mul__(self, o):
        if not isinstance(o, Jet): return self.combine(lambda x: x * num(o))
        return Jet(self.v * o.v, [a * o.v + self.v * b for a, b in zip(self.g, o.g)],
                   {(i, j): a * o.v + self.v * o.h[i, j] + self.g[i] * o.g[j] + self.g[j] * o.g[i]
                    for (i, j), a in self.h.items()})
    __rmul__ = __mul__

    def __truediv__(self, o):
        if not isinstance(o, Jet): return self.combine(lambda x: x / num(o))
        return self * o.apply(lambda x: 1 / x, lambda x: -1 / x**2, lambda x: 2 / x**3)
    def __rtruediv__(self, o): return self.lift(o) / self

    def apply(self, f, d1, d2, errors=None):
        """f(self), from f and its first two derivatives, and what their errors have besides."""
        y, s, c = (call(k, self.v) if k else Num(0) for k in (f, d1, d2))
        if errors:
            for number, error in zip((y, s, c), errors(self.v.v, y.v, s.v, c.v)): number.e += error
        return Jet(y, [s * a for a in self.g],
                   {(i, j): s * a + c * (self.g[i] * self.g[j]) for (i, j), a in self.h.items()})


# ---- functions, of jets

rt = mp.sqrt
def rec(x): return 1 / x


def safe_exp(x):
    # Exponents beyond these are 0 and infinite in every dtype; their sizes would fill the memory.
    return mp.exp(max(min(x, mpf(10)**9), -mpf(10)**9))


def exp(x): return x.apply(safe_exp, safe_exp, safe_exp)
def expm1(x): return x.apply(mexpm1, safe_exp, safe_exp)
def mexpm1(x): return mp.expm1(x) if abs(x) < 1000 else safe_exp(x) - 1
def log(x): return x.apply(mlog, rec, lambda x: -1 / x**2)


def mlog(x):
    if x == 0: raise ZeroDivisionError
    if x < 0: raise ValueError
    return mp.log(x)


def mlog1p(x):
    if x == -1: raise ZeroDivisionError
    if x < -1: raise ValueError
    return mp.log1p(x) if abs(x) > mpf(2)**-1200 else x - x * x / 2


def log1p(x): return x.apply(mlog1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x)**2)
def logb(b):
    l = mp.log(b)
    return lambda x: x.apply(lambda x: mlog(x) / l, lambda x: 1 / x / l, lambda x: -1 / x**2 / l)
def msqrt(x):
    if x < 0: raise ValueError
    return mp.sqrt(x)
def sqrt(x): return x.apply(msqrt, lambda x: 1 / (2 * msqrt(x)), lambda x: -1 / (4 * msqrt(x)**3))
def rsqrt(x):
    return x.apply(lambda x: 1 / msqrt(x), lambda x: -1 / (2 * msqrt(x)**3),
                   lambda x: 3 / (4 * msqrt(x)**5))
def square(x): return x * x
def fsig(x):
    e = safe_exp(-abs(x))
    return e / (1 + e) if x < 0 else 1 / (1 + e)
def sigmoid(x):
    # 1 - 2 y cancels about 0.
    return x.apply(fsig, lambda x: fsig(x) * fsig(-x),
                   lambda x: fsig(x) * fsig(-x) * (fsig(-x) - fsig(x)),
                   lambda x, y, s, c: (0, 0, abs(s)))
def fsoft(x): return max(x, ZERO) + mlog1p(safe_exp(-abs(x)))
def softplus(x, beta=1):
    b = mpf(beta)
    return x.apply(lambda x: fsoft(b * x) / b, lambda x: fsig(b * x),
                   lambda x: b * fsig(b * x) * fsig(-b * x))
def mtanh(x): return 1 - 2 * fsig(-2 * x) if x > 1 else -mtanh(-x) if x < -1 else mp.tanh(x)
def sech2(x): return 4 * fsig(2 * x) * fsig(-2 * x)
def tanh(x): return x.apply(mtanh, sech2, lambda x: -2 * mtanh(x) * sech2(x))
def msinh(x): return mp.sinh(x) if abs(x) < 1000 else mp.sign(x) * safe_exp(abs(x)) / 2
def mcosh(x): return mp.cosh(x) if abs(x) < 1000 else safe_exp(abs(x)) / 2
def sinh(x): return x.apply(msinh, mcosh, msinh)
def cosh(x): return x.apply(mcosh, msinh, mcosh)
C2 = 2 / mp.sqrt(mp.pi)
def gauss(x): return C2 * safe_exp(-x * x)
def gauss_errors(x, y, s, c):
    """Rounding x^2 moves e^(-x^2) by as many units as x^2."""
    return (0, abs(s) * x * x, abs(c) * x * x) if abs(x) < 10**6 else (0, 0, 0)
def low(f, digits=60):
    """f in a lower working precision: of functions whose time grows with it; relative precision stays."""
    def g(x):
        with mp.workprec(digits * 4):
            return f(x)
    return g
def merf(x): return mp.sign(x) if abs(x) > 200 else mp.erf(x)
def merfc(x):
    if x < -200: return mpf(2)
    if x < 200: return mp.erfc(x)
    return safe_exp(-x * x) * ferfcx(x)
def ferfcx(x):
    if x < -200: return 2 * safe_exp(x * x)
    if x < 200: return mp.exp(x * x) * mp.erfc(x)
    f = x  # its continued fraction, 7.1.14 of Abramowitz and Stegun
    for k in range(40, 0, -1): f = x + mpf(k) / 2 / f
    return 1 / f / mp.sqrt(mp.pi)
def derfcx(x):
    if x < 50: return 2 * x * ferfcx(x) - C2
    f = x
    for k in range(60, 1, -1): f = x + mpf(k) / 2 / f
    return -ferfcx(x) / f
def d2erfcx(x):
    # With more digits, as they cancel: 2 erfcx + 2 x erfcx' is 2 (1 - C x^2 + ...) small on the right.
    if x < 1e6: return 2 * ferfcx(x) + 2 * x * derfcx(x)
    return C2 / x**3 * (1 - 3 / x**2)
def erf(x): return x.apply(low(merf), gauss, lambda x: -2 * x * gauss(x), gauss_errors)
def erfc(x): return x.apply(low(merfc), lambda x: -gauss(x), lambda x: 2 * x * gauss(x), gauss_errors)
def erfcx_errors(x, y, s, c):
    """Up to 4 the slope is the difference 2 x erfcx(x) - 2 / sqrt(pi), beyond a continued fraction."""
    if x > 4: return (0, 0, 6 * abs(c))
    first = 2 * abs(x) * y + C2
    return (0, first, 2 * y + 2 * abs(x) * first)
def erfcx(x): return x.apply(low(ferfcx), low(derfcx, 120), low(d2erfcx, 300), erfcx_errors)
def phi(x): return safe_exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
def mndtr(x): return merfc(-x / mp.sqrt(2)) / 2
def ndtr(x): return x.apply(low(mndtr), phi, lambda x: -x * phi(x), gauss_errors)
def mlog_ndtr(x):
    t = -x / mp.sqrt(2)
    if t < 0: return mlog1p(-merfc(-t) / 2)
    return mp.log(ferfcx(t) / 2) - t * t
def slog_ndtr(x): return mp.sqrt(2 / mp.pi) / ferfcx(-x / mp.sqrt(2))
def clog_ndtr(x):
    s = slog_ndtr(x)
    if x > -1e10: return -s * (x + s)
    return -1 + 1 / x**2
def log_ndtr_errors(x, y, s, c):
    """From -6 on the slope is a quotient of e^(-x^2 / 2)."""
    return (0, abs(s) * x * x, abs(c) * x * x) if -6 < x < 10**6 else (0, 0, 4 * abs(c))
def log_ndtr(x):
    return x.apply(low(mlog_ndtr), low(slog_ndtr), low(clog_ndtr, 100), log_ndtr_errors)
def merfinv(y):
    if abs(y) == 1: raise ZeroDivisionError
    if abs(y) > 1: raise ValueError
    return mp.erfinv(y) if abs(y) > mpf(10)**-30 else y / C2 * (1 + mp.pi * y * y / 12)
def merfcinv(y):
    if y in (0, 2): raise ZeroDivisionError
    if y < 0 or y > 2: raise ValueError
    if abs(1 - y) < mpf(10)**-30: return merfinv(1 - y)
    if y > 1: return -merfcinv(2 - y)
    x = mp.sqrt(max(-mp.log(y * mp.sqrt(mp.pi)), mpf('0.1')))
    for _ in range(60):  # Newton's method for log(erfc(x)) = log(y)
        e = mp.erfc(x)
        step = (mp.log(e) - mp.log(y)) * e / (-C2 * mp.exp(-x * x))
        x -= step
        if abs(step) < abs(x) * mpf(2)**-200: break
    return x
def inverse_errors(p, x, s, c):
    """The roundings of x and x^2 move e^(x^2)."""
    return (0, 2 * abs(s) * x * x, 4 * abs(c) * x * x)
def erfinv(y):
    m = low(merfinv)
    return y.apply(m, lambda y: mp.exp(m(y)**2) / C2, lambda y: 2 * m(y) * mp.exp(2 * m(y)**2) / C2**2,
                   inverse_errors)
def erfcinv(y):
    m = low(merfcinv)
    return y.apply(m, lambda y: -mp.exp(m(y)**2) / C2, lambda y: 2 * m(y) * mp.exp(2 * m(y)**2) / C2**2,
                   inverse_errors)
def ndtri(p):
    def m(p): return -mp.sqrt(2) * low(merfcinv)(2 * p)
    return p.apply(m, lambda p: 1 / phi(m(p)), lambda p: m(p) / phi(m(p))**2, inverse_errors)
def pole(x):
    if x == 0: raise ZeroDivisionError
    if x < 0 and x == mp.floor(x): raise NoLimit
def mlgamma(x):
    pole(x)
    if x < -1000: raise NoLimit
    return mp.re(mp.loggamma(x))
def psi(n):
    def f(x):
        pole(x)
        if x < -1000: raise NoLimit
        if x < mpf(10)**-30 and x > 0 or -mpf(10)**-30 < x < 0:
            return psi(n)(1 + x) - (-1)**n * mp.factorial(n) / x**(n + 1)
        if x > mpf(10)**30:
            if n == 0: return mp.log(x)
            return (-1)**(n + 1) * mp.factorial(n - 1) / x**n
        return mp.psi(n, x)
    return f
def series_errors(n):
    """Sums of some ten terms of about 1; left of 0 of terms m! / d^(m + 1) besides, of either sign, d the
    distance of the nearest pole."""
    def errors(x, *outputs):
        if abs(x) < mpf('0.01'): return (0, 0, 0)
        if x > 0: return (1, 1, 1)
        d = abs(x - mp.nint(x))
        return tuple(4 + 2 * mp.factorial(max(m, 0)) / d**(m + 1) for m in (n, n + 1, n + 2))
    return errors
def lgamma(x): return x.apply(low(mlgamma), low(psi(0)), low(psi(1)), series_errors(-1))
def digamma(x): return x.apply(low(psi(0)), low(psi(1)), low(psi(2)), series_errors(0))
def polygamma(n):
    return lambda x: x.apply(low(psi(n)), low(psi(n + 1)), low(psi(n + 2)), series_errors(n))
def hurwitz(s):
    # The sum of (q + k)^-s over k >= 0; for whole s also left of 0, where terms have either sign.
    def zeta(s):
        if s == int(s): return lambda q: psi(int(s) - 1)(q) * (-1)**int(s) / mp.factorial(int(s) - 1)
        def f(q):
            pole(q)
            if q < mpf(10)**-30: return q**-s + f(1 + q)
            if q > mpf(10)**30: return q**(1 - s) / (s - 1)
            with mp.workprec(400): return mp.zeta(s, q)
        return f
    s = mpf(s)
    return lambda q: q.apply(low(zeta(s)), low(lambda q: -s * zeta(s + 1)(q)),
                             low(lambda q: s * (s + 1) * zeta(s + 2)(q)), series_errors(int(s) - 1))
def big_trig(f):
    def g(x):
        if abs(x) > mpf(10)**600: raise NoLimit
        return f(x)
    return g
msin, mcos = big_trig(mp.sin), big_trig(mp.cos)
def sin(x): return x.apply(msin, mcos, lambda x: -msin(x))
def cos(x): return x.apply(mcos, lambda x: -msin(x), lambda x: -mcos(x))
def mtan(x): return msin(x) / mcos(x)
def tan(x):
    return x.apply(mtan, lambda x: 1 / mcos(x)**2, lambda x: 2 * mtan(x) / mcos(x)**2)
def unit(f):
    def g(x):
        if abs(x) > 1: raise ValueError
        return f(x)
    return g
def arcsin(x):
    return x.apply(unit(mp.asin), unit(lambda x: 1 / mp.sqrt(1 - x * x)),
                   unit(lambda x: x / mp.sqrt(1 - x * x)**3))
def arccos(x):
    return x.apply(unit(mp.acos), unit(lambda x: -1 / mp.sqrt(1 - x * x)),
                   unit(lambda x: -x / mp.sqrt(1 - x * x)**3))
def arctan(x):
    return x.apply(lambda x: mp.atan(x), lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x)**2)
def arctanh(x):
    def m(x):
        if abs(x) == 1: raise ZeroDivisionError
        return mp.atanh(x) if abs(x) > mpf(10)**-300 else x
    return x.apply(unit(m), unit(lambda x: 1 / (1 - x * x)), unit(lambda x: 2 * x / (1 - x * x)**2))


def steps(f, d1=None):
    return lambda x: x.apply(f, d1, None)
def msign(x): return mpf((x > 0) - (x < 0))
def piece(test, d):
    """A slope by pieces."""
    return lambda x: mpf(d if test(x) else 0)


def arctan2(a, b):
    if a.v.v == 0 and b.v.v <= 0: raise NoLimit
    r2 = square(a) + square(b)
    y = Jet.of(Num(mp.atan2(a.v.v, b.v.v)).rounded(), a.n)
    ga, gb = b / r2, -a / r2
    y.g = [ga.v, gb.v]
    y.h = {(0, 0): ga.g[0], (0, 1): ga.g[1], (1, 1): gb.g[1]}
    return y


def mpow(a, b):
    if a == 0:
        if b == 0: return ONE
        if b < 0: raise ZeroDivisionError
        return ZERO
    if b == mp.floor(b) and abs(b) < mpf(2)**70:
        sign = -1 if a < 0 and int(b) % 2 else 1
    elif a < 0:
        raise NoLimit
    else:
        sign = 1
    return sign * safe_exp(b * mp.log(abs(a)))


def pow_(a, b):
    """a^b from its derivatives; the error of b - 1 and b - 2 is theirs."""
    A, B = a.v.v, b.v.v
    n = a.n
    def p(k, factor):
        if factor == 0: return Num(0)
        try:
            v = factor * mpow(A, B - k)
        except ZeroDivisionError:
            return None
        # a^(b-1) with b - 1 rounded; and two more operations.
        e = abs(v) * (2 + (abs((B - k) * mp.log(abs(A))) if A != 0 and k else 0))
        return Num(v, e)
    v = p(0, ONE)
    if A < 0:  # only derivatives by a
        nan = None
        return (v, p(1, B), nan, p(2, B * (B - 1)), nan, nan)
    if A == 0:
        if B == 0: db, dbb, dab = 'inf-', 'inf+', None
        else:
            db = dbb = Num(0) if B > 0 else None
            dab = Num(0) if B > 1 else None
        return (v, p(1, B), db, p(2, B * (B - 1)), dab, dbb)
    l = mp.log(A)
    db, dbb = v.v * l, v.v * l * l
    dab = mpow(A, B - 1) * (1 + B * l)
    return (v, p(1, B), Num(db, 4 * abs(db)), p(2, B * (B - 1)),
            Num(dab, mpow(A, B - 1) * (1 + abs(B * l)) * (4 + abs((B - 1) * l))), Num(dbb, 6 * abs(dbb)))


def pow_c(c):
    c = mpf(c)
    def d(k):
        factor = ONE
        for i in range(k): factor *= c - i
        def f(x):
            if factor == 0: return ZERO
            return factor * mpow(x, c - k)
        return f
    return lambda x: x.apply(d(0), d(1), d(2))
def c_pow(c):
    c = mpf(c)
    def f(k):
        def g(x):
            if c == 0:
                if x < mpf(10)**-1000: raise NoLimit
                return ZERO
            return mp.log(c)**k * mpow(c, x)
        return g
    return lambda x: x.apply(f(0), f(1), f(2))


def xlogx(x):
    def value(x): return x * mp.log(x) if x > 0 else ZERO
    return x.apply(value, lambda x: 1 + mp.log(x) if x > 0 else ZERO,
                   lambda x: 1 / x if x > 0 else ZERO)


def swish(x, beta): return x * sigmoid(beta * x)


def bernoulli(x, y):
    """softplus(y) - x y: right of 0 softplus(-y) + (1 - x) y."""
    if y.v.v > 0: return softplus(-y) + (1 - x) * y
    return softplus(y) - x * y


HALF_LOG_2PI = mp.log(2 * mp.pi) / 2


def gaussian_nll(x, m, s):
    z = (x - m) * exp(s * mpf('-0.5'))
    return square(z) * mpf('0.5') + s * mpf('0.5') + HALF_LOG_2PI


def gaussian_kl(m, s): return (square(m) + (expm1(s) - s)) * mpf('0.5')
def gaussian(m, s, e): return m + exp(s * mpf('0.5')) * e


def log_softmax(*xs):
    m = max(xs, key=lambda x: x.v.v)
    rest = [x - m for x in xs]
    total = rest[0] * 0
    for r in rest: total = total + exp(r)
    return of_probabilities(rest[0] - log(total))


def of_probabilities(y):
    """Derivatives that are taken from probabilities whose sum is 1 have an error of a unit of that."""
    for d in list(y.g) + list(y.h.values()): d.e += 1
    return y


def logsumexp(*xs):
    m = max(xs, key=lambda x: x.v.v)
    total = xs[0] * 0
    for x in xs: total = total + exp(x - m)
    y = m + log(total)
    for d in y.h.values(): d.e += 1
    return y


def total_of(*xs):
    y = xs[0]
    for x in xs[1:]: y = y + x
    return y
def mean(*xs): return total_of(*xs) / len(xs)
def average(a, b, v, w):
    return (a * v + b * w) / (v + w)
def normalize(a, b):
    return a / sqrt(square(a) + square(b))


# Distributions: the arguments are x or an argument, then the parameters.
def normal_log_prob(x, loc, s):
    log_s = log(s)  # which the library goes through
    return -gaussian_nll(x, loc, log_s * 2)
def log_beta(a, b): return lgamma(a) + lgamma(b) - lgamma(a + b)


def beta_log_prob(x, a, b):
    lb = log_beta(a, b)
    return -lb + xlogy(a - 1, x, log) + xlogy(b - 1, -x, log1p)


def xlogy(w, x, f):
    """w f(x), f a logarithm. Where it is 0 times infinity only the value is 0."""
    try:
        return w * f(x)
    except ZeroDivisionError:
        if w.v.v == 0 and getattr(x, 'order', 2) == 0: return w * 0
        raise


def gamma_log_prob(x, k, t):
    return -(x / t) - lgamma(k) - k * log(t) + xlogy(k - 1, x, log)


def laplace_log_prob(x, loc, s):
    d = x - loc
    sign = msign(d.v.v)
    return -(log(s) + mp.log(2)) - d * sign / s


def kl_normal(p, a, q, b):
    r = a / b
    return -log(r) + (square(r) + square((p - q) / b)) * mpf('0.5') - mpf('0.5')


def xlog(w, x, y):
    """w log(x / y)"""
    if w.v.v == 0 and getattr(w, 'order', 2) == 0: return w * 0
    if w.v.v == 0: raise ZeroDivisionError
    return w * (log(x) - log(y))


def kl_bernoulli(p, q): return xlog(p, p, q) + xlog(1 - p, 1 - p, 1 - q)
def kl_exponential(p, q): return log(p) - log(q) + q / p - 1


class Function:
    """A function of jets, and for each argument the list that its numbers are from. Joint: beside an
    infinite argument a 0 is a limit, too, so that their product has none."""
    def __init__(self, name, f, numbers, joint=False):
        self.name, self.f, self.numbers, self.joint = name, f, numbers, joint


ENDS = {
    'f': ['0', '-0', '1.401298464324817e-45', '1.1754943508222875e-38', '3.4028234663852886e+38', '5.877471754111438e-39'],
    'd': ['0', '-0', '5e-324', '2.2250738585072014e-308', '1.7976931348623157e+308', '1.1125369292536007e-308'],
}


def numbers(kind, dtype):
    ends = [float(e) for e in ENDS[dtype]]
    tiny, small, big = ends[2], ends[3], ends[4]
    middle = [1e-30, 1e-10, 1e-3, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 90.0, 110.0, 1e3, 1e4,
              1e8, 1e20, 1e30]
    if dtype == 'd': middle += [1e-200, 700.0, 750.0, 1e150, 1e200]
    inf = math.inf
    both = lambda xs: [s * x for x in xs for s in (1, -1)]
    few = [1e-30, 0.5, 1.0, 3.0, 20.0, 100.0, 1e4, 1e20]
    if dtype == 'd': few += [1e160]
    table = {
        'all': both([0.0, tiny, ends[5], small] + middle + [big, inf]),
        'positive': [0.0, tiny, small] + middle + [big, inf],
        'pair': both([0.0, tiny, small] + few + [big, inf]),
        'pair+': [0.0, tiny, small] + few + [big, inf],
        'some': both([0.0, 1e-30, 0.5, 1.0, 20.0, 100.0, 1e20, inf]),
        'some+': [0.0, 1e-30, 0.5, 1.0, 20.0, 1e20, inf],
        'scale': [small, 1e-25, 0.5, 1.0, 20.0, 1e20, big],
        'loc': [0.0, 1e-30, 1e-25, 1.0, 3.0, 1e20, -1e20],
        'unit': both([0.0, tiny, small, 1e-30, 1e-3, 0.25, 0.5, 0.75, 1 - 2.0**-20, 1.0]),
        'share': [0.0, tiny, 1e-30, 0.25, 0.5, 0.75, 1 - 2.0**-20, 1.0],
        'two': [0.0, tiny, small, 1e-30, 1e-3, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2 - 2.0**-20, 2.0],
        'where': [0.0, 1.0, -3.0, 1e20],
        'weight': [1e-30, 1.0, 3.0, 1e20, big],
        'label': [0.0, 1.0],
        'log': both([0.0, 1e-3, 1.0, 20.0, 60.0, 100.0, 200.0]),
        'logit': both([0.0, 1.0, 10.0, 100.0, 1000.0, 1e8, 1e20, inf]) + [9991.0, 990.0],
        'shape': [0.5, 1.0, 2.0, 20.0],
        'exponent': both([0.0, 0.5, 1.0, 2.0, 3.0, 20.0, 100.0, 1e4, 1e20, inf]),
        'gamma': [0.0, -0.0, tiny, -tiny, small, 1e-30, -1e-30, 1e-3, -1e-3, 0.5, -0.5, 1.0, 1.5, -1.5, 2.0, 3.0,
                  10.0, 100.0, 1e8, 1e20, 1e30, big, inf],
    }
    out = []
    for x in table[kind]:
        if dtype == 'f' and math.isfinite(x): x = struct.unpack('f', struct.pack('f', x))[0]
        if not any(x == y and math.copysign(1, x) == math.copysign(1, y) for y in out): out.append(x)
    return out


A, P, U = 'all', 'pair', 'unit'
FUNCTIONS = [Function(*f) for f in [
    ('exp', exp, [A]), ('expm1', expm1, [A]), ('log', log, ['positive']), ('log1p', log1p, [A]),
    ('log2', logb(2), ['positive']), ('log10', logb(10), ['positive']), ('sqrt', sqrt, ['positive']),
    ('rsqrt', rsqrt, ['positive']), ('sinh', sinh, [A]), ('cosh', cosh, [A]), ('erf', erf, [A]),
    ('erfc', erfc, [A]), ('erfcx', erfcx, [A]), ('ndtr', ndtr, [A]), ('log_ndtr', log_ndtr, [A]),
    ('erfinv', erfinv, [U]), ('erfcinv', erfcinv, ['two']), ('ndtri', ndtri, ['share']),
    ('lgamma', lgamma, ['gamma']), ('digamma', digamma, ['gamma']),
    ('polygamma_1', polygamma(1), ['gamma']), ('polygamma_2', polygamma(2), ['gamma']),
    ('zeta_3', hurwitz(3), ['gamma']), ('zeta_2.5', hurwitz('2.5'), ['positive']),
    ('xlogx', xlogx, [A]), ('sin', sin, [A]), ('cos', cos, [A]), ('tan', tan, [A]),
    ('arcsin', arcsin, [U]), ('arccos', arccos, [U]), ('arctan', arctan, [A]), ('arctanh', arctanh, [U]),
    ('sigmoid', sigmoid, [A]), ('tanh', tanh, [A]), ('softplus', softplus, [A]),
    ('softplus_2', lambda x: softplus(x, 2), [A]),
    ('relu', steps(lambda x: max(x, ZERO), piece(lambda x: x > 0, 1)), [A]),
    ('leaky_relu', steps(lambda x: x if x > 0 else x * mpf('0.25'),
                         lambda x: mpf(1 if x > 0 else 0.25)), [A]),
    ('elu', lambda x: x.apply(lambda x: x if x > 0 else mexpm1(x), lambda x: ONE if x > 0 else safe_exp(x),
                              lambda x: ZERO if x > 0 else safe_exp(x)), [A]),
    ('hard_sigmoid', steps(lambda x: min(max(mpf('0.2') * x + mpf('0.5'), ZERO), ONE),
                           piece(lambda x: -2.5 < x < 2.5, mpf('0.2'))), [A]),
    ('clipped_relu', steps(lambda x: min(max(x, ZERO), mpf(20)), piece(lambda x: 0 < x < 20, 1)), [A]),
    ('swish', swish, [P, P], True),
    ('prelu', lambda x, w: x if x.v.v >= 0 else x * w, [P, P]),
    ('add', lambda a, b: a + b, [P, P]), ('sub', lambda a, b: a - b, [P, P]),
    ('mul', lambda a, b: a * b, [P, P], True), ('div', lambda a, b: a / b, [P, P], True),
    ('two_over', lambda x: 2 / x, [A]), ('third', lambda x: x / 3, [A]),
    ('pow', pow_, [P, 'exponent'], True), ('pow_2', pow_c(2), [A]), ('pow_3', pow_c(3), [A]), ('pow_half', pow_c(0.5), ['positive']),
    ('pow_minus_1', pow_c(-1), [A]), ('pow_minus_2', pow_c(-2), [A]), ('pow_2.5', pow_c(2.5), ['positive']),
    ('two_pow', c_pow(2), [A]), ('zero_pow', c_pow(0), ['positive']),
    ('absolute', steps(abs, msign), [A]), ('square', square, [A]),
    ('maximum', lambda a, b: a if a.v.v >= b.v.v else b, [P, P]),
    ('minimum', lambda a, b: a if a.v.v <= b.v.v else b, [P, P]),
    ('clip', steps(lambda x: min(max(x, -ONE), mpf(2)), piece(lambda x: -1 <= x <= 2, 1)), [A]),
    ('sign', steps(msign), [A]), ('floor', steps(mp.floor), [A]), ('ceil', steps(mp.ceil), [A]),
    ('fix', steps(lambda x: mp.floor(x) if x > 0 else mp.ceil(x)), [A]),
    ('arctan2', arctan2, [P, P], True),
    ('squared_error', lambda a, b: square(a - b), [P, P]),
    ('absolute_error', lambda a, b: (a - b) * msign(a.v.v - b.v.v), [P, P]),
    ('bernoulli_nll', bernoulli, ['share', 'logit']),
    ('sigmoid_cross_entropy', lambda y, t: bernoulli(t, y), ['logit', 'label']),
    ('bernoulli_log_prob', lambda y, x: -bernoulli(x, y), ['logit', 'label']),
    ('gaussian_nll', gaussian_nll, ['loc', 'loc', 'log']),
    ('gaussian_kl_divergence', gaussian_kl, ['some', 'some']),
    ('gaussian', gaussian, ['loc', 'log', 'loc']),
    ('huber_loss', lambda a, b: square(a - b) * mpf('0.5') if abs(a.v.v - b.v.v) <= 0.75 else
     (a - b) * (msign(a.v.v - b.v.v) * mpf('0.75')) - mpf('0.28125'), [P, P]),
    ('log_softmax', log_softmax, ['logit', 'logit']),
    ('softmax', lambda *x: exp(log_softmax(*x)), ['logit', 'logit']),
    ('logsumexp', logsumexp, ['logit', 'logit']),
    ('softmax_cross_entropy', lambda *x: -log_softmax(*x), ['logit', 'logit']),
    ('sum', total_of, ['some', 'some']), ('mean', mean, ['pair', 'pair']),
    ('average', average, ["where", "where", "weight", "weight"]),
    ('normalize', normalize, ['scale', 'scale']),
    ('Normal.log_prob', normal_log_prob, ['loc', 'loc', 'scale']),
    ('Laplace.log_prob', laplace_log_prob, ['loc', 'loc', 'scale']),
    ('Exponential.log_prob', lambda x, l: log(l) - l * x, ['some+', 'scale']),
    ('Beta.log_prob', beta_log_prob, ['share', 'shape', 'shape']),
    ('Gamma.log_prob', gamma_log_prob, ['some+', 'shape', 'scale']),
    ('kl_Normal', kl_normal, ["where", "weight", "where", "weight"]),
    ('kl_Bernoulli', kl_bernoulli, ['share', 'share']),
    ('kl_Exponential', kl_exponential, ['scale', 'scale']),
]]

LIMITS = {'f': (mpf(2)**128 * (1 - mpf(2)**-25), mpf(2)**-149), 'd': (mpf(2)**1024 * (1 - mpf(2)**-54), mpf(2)**-1074)}


def rounded(v, dtype):
    """The nearest number of the dtype, as a float of Python."""
    if v is None: return None
    big, least = LIMITS[dtype]
    if abs(v) >= big: return math.copysign(math.inf, 1 if v > 0 else -1)
    if v == 0: return 0.0
    bits = 24 if dtype == 'f' else 53
    _, e = mp.frexp(v)
    unit = max(mpf(2)**(e - bits), least)
    q = v / unit
    return float(mp.nint(q) * unit)


def outputs(f, x):
    """The value, the first derivatives and the second of f at x: Nums, None where there is none."""
    n = len(x)
    y = f([Jet.variable(v, k, n) for k, v in enumerate(x)])
    if isinstance(y, tuple):
        return [Num(s == 'inf+' and mpf(10)**9999 or -mpf(10)**9999) if isinstance(s, str) else s for s in y]
    return [y.v] + y.g + [y.h[k] for k in sorted(y.h)]


def count(n): return 1 + n + n * (n + 1) // 2


def at(function, x):
    """Like outputs, at numbers of any size. A pole that comes from one side only has an infinite limit."""
    f = lambda jets: function.f(*jets)
    try:
        return outputs(f, x)
    except (ValueError, NoLimit):
        return [None] * count(len(x))
    except (ZeroDivisionError, TypeError):
        return pieces(function, x)


def pieces(function, x):
    """Where a derivative has a pole, the value may be finite: ask for each order alone."""
    n = len(x)
    result = []
    for order in range(3):
        try:
            y = outputs(lambda jets: function.f(*[cut(j, order) for j in jets]), x)
        except (ValueError, NoLimit, ZeroDivisionError, TypeError):
            y = [None] * count(n)
        result += {0: y[:1], 1: y[1:1 + n], 2: y[1 + n:]}[order]
    return result


class CutJet(Jet):
    """A jet up to an order: what is above is not computed."""
    __slots__ = ('order',)

    def apply(self, f, d1, d2, errors=None):
        fs = [f, d1, d2][:self.order + 1] + [None] * (2 - self.order)
        return cut(Jet.apply(self, *fs, errors), self.order)
    def combine(self, f): return cut(Jet.combine(self, f), self.order)
    def __add__(self, o): return cut(Jet.__add__(self, o), self.order)
    __radd__ = __add__
    def __mul__(self, o): return cut(Jet.__mul__(self, o), self.order)
    __rmul__ = __mul__
    def lift(self, o): return o if isinstance(o, Jet) else cut(Jet.of(o, self.n), self.order)
    def __sub__(self, o): return self + (-self.lift(o))
    def __rsub__(self, o): return self.lift(o) + (-self)
    def __truediv__(self, o): return cut(Jet.__truediv__(self, o), self.order)
    def __rtruediv__(self, o): return self.lift(o) / self


def cut(j, order):
    c = CutJet(j.v, j.g, j.h)
    c.order = order
    return c


def limit(found, dtype):
    """What several results, of infinite or vanishing stand-ins of growing size, tend to."""
    if any(v is None for v in found): return None
    r = [rounded(v.v, dtype) for v in found]
    if all(a == r[0] for a in r):
        return (r[0], found[-1])
    if all(v.v > 0 for v in found) or all(v.v < 0 for v in found):
        a, b = abs(found[0].v), abs(found[-1].v)
        if b > a * mpf('1.2') and all(abs(v.v) >= a for v in found):
            return (math.copysign(math.inf, found[0].v), found[-1])
        if b < a * mpf('0.9') and all(abs(v.v) <= a for v in found): return (0.0, Num(0))
    return None


SIZES = [mpf(10)**1500, mpf(10)**8000]


def case(function, x, dtype):
    """The rounded outputs with their errors, in units of the dtype's rounding error."""
    global EPS
    EPS = mpf(2)**(-24 if dtype == 'f' else -53)
    infinite = [k for k, v in enumerate(x) if math.isinf(v)]
    zeros = [k for k, v in enumerate(x) if v == 0]
    exact = [mpf(v) if math.isfinite(v) else None for v in x]

    def with_sizes(places, stand_in):
        sets = []
        for sizes in itertools.product(*[SIZES] * len(places)):
            y = list(exact)
            for k, s in zip(places, sizes): y[k] = stand_in(k, s)
            sets.append(y)
        sets.sort(key=lambda y: sum(abs(mp.log(abs(v))) for v in y if v))
        return sets

    def infinity(k, s): return s if x[k] > 0 else -s
    def place(k, s): return infinity(k, s) if k in infinite else math.copysign(1, x[k]) / s
    if infinite and zeros and function.joint:
        points = with_sizes(infinite + zeros, place)
    else:
        points = with_sizes(infinite, infinity) if infinite else [exact]
    found = [at(function, p) for p in points]
    result = []
    near = None
    for i in range(count(len(x))):
        one = limit([f[i] for f in found], dtype)
        if one is None and zeros:
            # No value at 0 itself: its limit from the side of its sign.
            if near is None:
                near = [at(function, p) for p in with_sizes(infinite + zeros, place)]
            one = limit([f[i] for f in near], dtype)
        result.append(one)
    return result


def show(x):
    if x == 0: return '-0' if math.copysign(1, x) < 0 else '0'
    if math.isinf(x): return 'inf' if x > 0 else '-inf'
    return repr(x)


def show_case(x, result, dtype):
    cells = []
    for one in result:
        if one is None:
            cells.append('?')
            continue
        value, n = one
        cell = '%.9g' % value if dtype == 'f' and math.isfinite(value) else show(value)
        if math.isfinite(value) and n.e != 0:
            # Its error where it is more than that of two operations on the number itself.
            error = n.e * EPS
            if n.e > 2 * abs(n.v) and error > LIMITS[dtype][1]:
                bits = int(mp.ceil(mp.log(error, 2)))
                cell += '~%d' % bits
        cells.append(cell)
    return ' '.join(cells)


def main():
    names = sys.argv[1:]
    lines = []
    for function in FUNCTIONS:
        if names and function.name not in names: continue
        for dtype in 'fd':
            lists = [numbers(kind, dtype) for kind in function.numbers]
            n = len(lists)
            lines.append('%s %s %d' % (function.name, dtype, n))
            for x in itertools.product(*lists):
                result = case(function, x, dtype)
                if all(one is None for one in result): continue
                lines.append(' '.join(show(v) for v in x) + ' : ' + show_case(x, result, dtype))
        print(function.name, len(lines), file=sys.stderr, flush=True)
    text = '\n'.join(lines) + '\n'
    if names:
        print(text, end='')
    else:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cases.txt.gz')
        with open(path, 'wb') as out, gzip.GzipFile(fileobj=out, mode='wb', filename='', mtime=0) as z:
            z.write(text.encode())


main()
