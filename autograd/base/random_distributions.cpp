// Sources: W. Hörmann, "The transformed rejection method for generating Poisson random variables",
// Insurance: Mathematics and Economics 12 (1993), for large means; V. Kachitvichyanukul and B. W.
// Schmeiser, "Binomial random variate generation", CACM 31 (1988), for BTPE, whose regions keep
// their names here; E. Stadlober, "The ratio of uniforms approach for generating discrete random
// variates", J. Comp. Appl. Math. 31 (1990), for HRUA; A. W. Kemp, "Efficient generation of
// logarithmically distributed pseudo-random variables", Applied Statistics 30 (1981); L. Devroye,
// "Non-uniform random variate generation" (1986), for zipf; D. J. Best and N. I. Fisher, "Efficient
// simulation of the von Mises distribution", Applied Statistics 28 (1979); J. R. Michael, W. R.
// Schucany and R. W. Haas, "Generating random variates using transformations with multiple roots",
// The American Statistician 30 (1976), for wald. The order of draws and of roundings is that of
// NumPy's RandomState, so the build keeps fused multiply-adds away from this file.
#include "autograd/base/random_distributions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <string_view>

#include "autograd/base/error.h"

namespace autograd::random {
namespace {

constexpr double kPi = std::numbers::pi;

void require(bool holds, std::string_view op, std::string_view rule, double fact) {
  if (!holds) throw Error(fmt::format("{}: {}, but it is {}", op, rule, fact));
}
void require_positive(std::string_view op, std::string_view name, double x) {
  require(x > 0, op, fmt::format("{} must be positive", name), x);
}
void require_not_negative(std::string_view op, std::string_view name, double x) {
  require(x >= 0 && !(x == 0 && std::signbit(x)), op, fmt::format("{} must not be negative", name),
          x);
}

// The whole number, or the end of the range of int64 that it lies beyond.
std::int64_t whole(double x) {
  constexpr double end = 9223372036854775808.0;
  if (x >= end) return std::numeric_limits<std::int64_t>::max();
  if (!(x >= -end)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(x);
}

double of(std::int64_t n) { return static_cast<double>(n); }

// log(gamma(x)), x > 0, by Stirling's series beyond 7. Its last bits decide which draws are
// rejected, so the C library's, which differ, will not do.
double log_gamma(double x) {
  if (x == 1.0 || x == 2.0) return 0.0;
  // B(2k) / (2k (2k - 1))
  constexpr std::array<double, 10> kSeries = {
      8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
      8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
      1.796443723688307e-01, -1.39243221690590e+00};
  const std::int64_t steps = x < 7.0 ? static_cast<std::int64_t>(7 - x) : 0;
  double far = x + of(steps);
  const double inverse_square = (1.0 / far) * (1.0 / far);
  double sum = kSeries.back();
  for (std::size_t k = kSeries.size() - 1; k-- > 0;) sum = sum * inverse_square + kSeries[k];
  double value = sum / far + 0.5 * 1.8378770664093453e+00 + (far - 0.5) * std::log(far) - far;
  for (std::int64_t k = 0; k < steps; ++k) {
    value -= std::log(far - 1.0);
    far -= 1.0;
  }
  return value;
}

// Multiplies uniform numbers until the product falls below e^-lam.
std::int64_t poisson_by_products(double lam, Generator& g) {
  const double end = std::exp(-lam);
  double product = 1.0;
  for (std::int64_t k = 0;; ++k) {
    product *= g.rand();
    if (!(product > end)) return k;
  }
}

// Hörmann's PTRS, for a mean of at least 10.
std::int64_t poisson_by_rejection(double lam, Generator& g) {
  const double root = std::sqrt(lam), log_lam = std::log(lam);
  const double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = g.rand() - 0.5, v = g.rand();
    const double us = 0.5 - std::fabs(u);
    const std::int64_t k = whole(std::floor((2 * a / us + b) * u + lam + 0.43));
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <=
        -lam + of(k) * log_lam - log_gamma(of(k) + 1))
      return k;
  }
}

// Walks up the probabilities from 0 until they exceed a uniform number. p <= 1/2.
std::int64_t binomial_by_inversion(std::int64_t n, double p, Generator& g) {
  const double q = 1.0 - p, none = std::exp(of(n) * std::log(q)), mean = of(n) * p;
  const std::int64_t bound = whole(std::min(of(n), mean + 10.0 * std::sqrt(mean * q + 1)));
  std::int64_t k = 0;
  double probability = none, u = g.rand();
  while (u > probability) {
    if (++k > bound) {
      k = 0;
      probability = none;
      u = g.rand();
    } else {
      u -= probability;
      probability = (of(n - k + 1) * p * probability) / (of(k) * q);
    }
  }
  return k;
}

// The error of Stirling's formula for the factorial, times 166320.
double stirling_error(double x, double square) {
  return (13680. - (462. - (132. - (99. - 140. / square) / square) / square) / square) / x /
         166320.;
}

// BTPE: a triangle, two parallelograms and two exponential tails lie over the probabilities.
// n min(p, 1 - p) must exceed 30.
class Btpe {
 public:
  Btpe(std::int64_t n, double p)
      : n_(n), r_(std::min(p, 1.0 - p)), q_(1.0 - r_), mean_(of(n) * r_ + r_) {
    mode_ = whole(std::floor(mean_));
    p1_ = std::floor(2.195 * std::sqrt(of(n) * r_ * q_) - 4.6 * q_) + 0.5;
    centre_ = of(mode_) + 0.5;
    left_ = centre_ - p1_;
    right_ = centre_ + p1_;
    c_ = 0.134 + 20.5 / (15.3 + of(mode_));
    const double a = (mean_ - left_) / (mean_ - left_ * r_);
    slope_left_ = a * (1.0 + a / 2.0);
    const double b = (right_ - mean_) / (right_ * q_);
    slope_right_ = b * (1.0 + b / 2.0);
    p2_ = p1_ * (1.0 + 2.0 * c_);
    p3_ = p2_ + c_ / slope_left_;
    p4_ = p3_ + c_ / slope_right_;
  }

  std::int64_t draw(Generator& g) const {
    while (true) {
      const double u = g.rand() * p4_;
      double v = g.rand();
      std::int64_t y = 0;
      if (u <= p1_) return whole(std::floor(centre_ - p1_ * v + u));  // the triangle
      if (u <= p2_) {                                                 // the parallelograms
        const double x = left_ + (u - p1_) / c_;
        v = v * c_ + 1.0 - std::fabs(of(mode_) - x + 0.5) / p1_;
        if (v > 1.0) continue;
        y = whole(std::floor(x));
      } else if (u <= p3_) {  // the left tail
        y = whole(std::floor(left_ + std::log(v) / slope_left_));
        if (y < 0 || v == 0.0) continue;
        v = v * (u - p2_) * slope_left_;
      } else {  // the right tail
        y = whole(std::floor(right_ - std::log(v) / slope_right_));
        if (y > n_ || v == 0.0) continue;
        v = v * (u - p3_) * slope_right_;
      }
      if (accepted(y, v)) return y;
    }
  }

 private:
  // Whether v lies below the quotient of the probabilities of y and of the mode.
  bool accepted(std::int64_t y, double v) const {
    const double variance = of(n_) * r_ * q_;
    const std::int64_t k = y > mode_ ? y - mode_ : mode_ - y;
    if (!(k > 20 && of(k) < variance / 2.0 - 1)) {
      const double s = r_ / q_, a = s * of(n_ + 1);
      double quotient = 1.0;
      for (std::int64_t i = mode_ + 1; i <= y; ++i) quotient *= a / of(i) - s;
      for (std::int64_t i = y + 1; i <= mode_; ++i) quotient /= a / of(i) - s;
      return v <= quotient;
    }
    const double rho = (of(k) / variance) *
                       ((of(k) * (of(k) / 3.0 + 0.625) + 0.16666666666666666) / variance + 0.5);
    const double t = of(-k * k) / (2 * variance), log_v = std::log(v);
    if (log_v < t - rho) return true;
    if (log_v > t + rho) return false;
    const double x1 = of(y + 1), f1 = of(mode_ + 1), z = of(n_ + 1 - mode_), w = of(n_ - y + 1);
    return log_v <= centre_ * std::log(f1 / x1) + (of(n_ - mode_) + 0.5) * std::log(z / w) +
                        of(y - mode_) * std::log(w * r_ / (x1 * q_)) + stirling_error(f1, f1 * f1) +
                        stirling_error(z, z * z) + stirling_error(x1, x1 * x1) +
                        stirling_error(w, w * w);
  }

  std::int64_t n_, mode_;
  double r_, q_, mean_, p1_, centre_, left_, right_, c_, slope_left_, slope_right_, p2_, p3_, p4_;
};

std::int64_t next_binomial(std::int64_t n, double p, Generator& g) {
  const double least = p <= 0.5 ? p : 1.0 - p;
  const std::int64_t k =
      least * of(n) <= 30.0 ? binomial_by_inversion(n, least, g) : Btpe(n, least).draw(g);
  return p <= 0.5 ? k : n - k;
}

// Draws one after another.
std::int64_t hypergeometric_by_draws(std::int64_t good, std::int64_t bad, std::int64_t sample,
                                     Generator& g) {
  const std::int64_t rest = bad + good - sample;
  const double fewer = of(std::min(bad, good));
  double left = fewer;
  for (std::int64_t k = sample; left > 0.0 && k > 0; --k) {
    const double u = g.rand();
    left -= std::floor(u + left / of(rest + k));
  }
  const std::int64_t drawn = whole(fewer - left);
  return good > bad ? sample - drawn : drawn;
}

// Stadlober's HRUA, a ratio of uniform numbers.
std::int64_t hypergeometric_by_rejection(std::int64_t good, std::int64_t bad, std::int64_t sample,
                                         Generator& g) {
  const std::int64_t fewer = std::min(good, bad), more = std::max(good, bad), all = good + bad;
  const std::int64_t m = std::min(sample, all - sample);
  const double share = of(fewer) / of(all), rest = 1.0 - share;
  const double centre = of(m) * share + 0.5;
  const double spread = std::sqrt(of(all - m) * of(sample) * share * rest / of(all - 1) + 0.5);
  const double width = 1.7155277699214135 * spread + 0.8989161620588988;
  const std::int64_t mode = whole(std::floor(of(m + 1) * of(fewer + 1) / of(all + 2)));
  const auto log_factorials = [&](std::int64_t k) {
    return log_gamma(of(k + 1)) + log_gamma(of(fewer - k + 1)) + log_gamma(of(m - k + 1)) +
           log_gamma(of(more - m + k + 1));
  };
  const double at_mode = log_factorials(mode);
  const double end = std::min(of(std::min(m, fewer)) + 1.0, std::floor(centre + 16 * spread));
  std::int64_t k = 0;
  while (true) {
    const double x = g.rand(), y = g.rand();
    const double w = centre + width * (y - 0.5) / x;
    if (!(w >= 0.0 && w < end)) continue;
    k = whole(std::floor(w));
    const double t = at_mode - log_factorials(k);
    if (x * (4.0 - x) - 3.0 <= t) break;
    if (x * (x - t) >= 1) continue;
    if (2.0 * std::log(x) <= t) break;
  }
  if (good > bad) k = m - k;
  return m < sample ? good - k : k;
}

// Sums of the probabilities, the last of which is 1.
std::vector<double> cumulated(std::span<const double> p) {
  std::vector<double> sums;
  double sum = 0;
  for (const double x : p) sums.push_back(sum += x);
  for (double& s : sums) s /= sum;
  return sums;
}
std::int64_t place_of(double u, const std::vector<double>& sums) {
  return std::upper_bound(sums.begin(), sums.end(), u) - sums.begin();
}

// Fills `out` with low, ..., high - 1, each from so many bits of a word; a word is used up from its
// low end.
template <class T>
void narrow_randint(std::int64_t low, std::int64_t high, std::span<T> out, int bits, Generator& g) {
  constexpr auto least = static_cast<std::int64_t>(std::numeric_limits<T>::min()),
                 most = static_cast<std::int64_t>(std::numeric_limits<T>::max());
  if (low >= high || low < least || high - 1 > most)
    throw Error(fmt::format(
        "randint: low must be less than high and both in the range of the dtype, but low is {} and "
        "high is {}",
        low, high));
  const Generator::Hold hold(g);
  const auto range = static_cast<std::uint32_t>(high - 1 - low);
  const std::uint32_t mask = range == 0 ? 0 : ~std::uint32_t{0} >> std::countl_zero(range);
  std::uint32_t word = 0;
  int left = 0;
  for (T& value : out) {
    std::uint32_t drawn = 0;
    if (range != 0) {
      do {
        if (left == 0) {
          word = static_cast<std::uint32_t>(g.interval(0xffffffffU));
          left = 32;
        } else {
          word >>= bits;
        }
        left -= bits;
        drawn = word & mask;
      } while (drawn > range);
    }
    value = static_cast<T>(low + static_cast<std::int64_t>(drawn));
  }
}

double next_chisquare(double df, Generator& g) { return 2.0 * g.standard_gamma(df / 2.0); }

double next_noncentral_chisquare(double df, double nonc, Generator& g) {
  if (nonc == 0) return next_chisquare(df, g);
  if (df > 1) {
    const double rest = next_chisquare(df - 1, g);
    const double n = g.standard_normal() + std::sqrt(nonc);
    return rest + n * n;
  }
  const std::int64_t i = poisson(nonc / 2.0, g);
  return next_chisquare(df + of(2 * i), g);
}

}  // namespace

Generator seeded(std::span<const std::uint32_t> words) {
  if (words.empty()) throw Error("seeded: there must be a word, but there is none");
  Generator generator(19650218U);
  State state = generator.state();
  auto& x = state.key;
  constexpr std::size_t n = State::kWords;
  std::size_t i = 1, j = 0;
  // Each word is made of the one before it, which wraps around.
  const auto mixed = [&](std::uint32_t factor) {
    return x[i] ^ ((x[i - 1] ^ (x[i - 1] >> 30)) * factor);
  };
  const auto advance = [&] {
    if (++i < n) return;
    x[0] = x[n - 1];
    i = 1;
  };
  for (std::size_t k = std::max(n, words.size()); k > 0; --k) {
    x[i] = mixed(1664525U) + words[j] + static_cast<std::uint32_t>(j);
    advance();
    j = (j + 1) % words.size();
  }
  for (std::size_t k = n - 1; k > 0; --k) {
    x[i] = mixed(1566083941U) - static_cast<std::uint32_t>(i);
    advance();
  }
  x[0] = 0x80000000U;
  generator.set_state(state);
  return generator;
}

double laplace(double loc, double scale, Generator& g) {
  require_not_negative("laplace", "scale", scale);
  return loc + scale * g.laplace();
}

double gumbel(double loc, double scale, Generator& g) {
  require_not_negative("gumbel", "scale", scale);
  return loc + scale * g.gumbel();
}

double logistic(double loc, double scale, Generator& g) {
  require_not_negative("logistic", "scale", scale);
  const Generator::Hold hold(g);
  double u = 0;
  do u = g.rand();
  while (u == 0);
  return loc + scale * std::log(u / (1.0 - u));
}

double lognormal(double mean, double sigma, Generator& g) {
  require_not_negative("lognormal", "sigma", sigma);
  return std::exp(g.normal(mean, sigma));
}

double exponential(double scale, Generator& g) {
  require_not_negative("exponential", "scale", scale);
  return scale * g.standard_exponential();
}

double gamma(double shape, double scale, Generator& g) {
  require_not_negative("gamma", "shape", shape);
  require_not_negative("gamma", "scale", scale);
  return scale * g.standard_gamma(shape);
}

double chisquare(double df, Generator& g) {
  require_positive("chisquare", "df", df);
  return next_chisquare(df, g);
}

double noncentral_chisquare(double df, double nonc, Generator& g) {
  require_positive("noncentral_chisquare", "df", df);
  require_not_negative("noncentral_chisquare", "nonc", nonc);
  const Generator::Hold hold(g);
  return next_noncentral_chisquare(df, nonc, g);
}

double f(double dfnum, double dfden, Generator& g) {
  require_positive("f", "dfnum", dfnum);
  require_positive("f", "dfden", dfden);
  const Generator::Hold hold(g);
  const double numerator = next_chisquare(dfnum, g) * dfden;
  return numerator / (next_chisquare(dfden, g) * dfnum);
}

double noncentral_f(double dfnum, double dfden, double nonc, Generator& g) {
  require_positive("noncentral_f", "dfnum", dfnum);
  require_positive("noncentral_f", "dfden", dfden);
  require_not_negative("noncentral_f", "nonc", nonc);
  const Generator::Hold hold(g);
  const double numerator = next_noncentral_chisquare(dfnum, nonc, g) * dfden;
  return numerator / (next_chisquare(dfden, g) * dfnum);
}

double standard_t(double df, Generator& g) {
  require_positive("standard_t", "df", df);
  const Generator::Hold hold(g);
  const double numerator = g.standard_normal(), denominator = g.standard_gamma(df / 2);
  return std::sqrt(df / 2) * numerator / std::sqrt(denominator);
}

double standard_cauchy(Generator& g) {
  const Generator::Hold hold(g);
  const double numerator = g.standard_normal();
  return numerator / g.standard_normal();
}

double pareto(double a, Generator& g) {
  require_positive("pareto", "a", a);
  return std::exp(g.standard_exponential() / a) - 1;
}

double weibull(double a, Generator& g) {
  require_not_negative("weibull", "a", a);
  return a == 0 ? 0 : std::pow(g.standard_exponential(), 1. / a);
}

double power(double a, Generator& g) {
  require_positive("power", "a", a);
  return std::pow(1 - std::exp(-g.standard_exponential()), 1. / a);
}

double rayleigh(double scale, Generator& g) {
  require_not_negative("rayleigh", "scale", scale);
  return scale * std::sqrt(-2.0 * std::log1p(-g.rand()));
}

double triangular(double left, double mode, double right, Generator& g) {
  if (!(left <= mode && mode <= right && left < right))
    throw Error(fmt::format(
        "triangular: left <= mode <= right must hold and left < right, but they are {}, {} and {}",
        left, mode, right));
  const double base = right - left, left_base = mode - left;
  const double ratio = left_base / base, left_product = left_base * base,
               right_product = (right - mode) * base;
  const double u = g.rand();
  return u <= ratio ? left + std::sqrt(u * left_product)
                    : right - std::sqrt((1.0 - u) * right_product);
}

double vonmises(double mu, double kappa, Generator& g) {
  require_not_negative("vonmises", "kappa", kappa);
  const Generator::Hold hold(g);
  if (kappa < 1e-8) return kPi * (2 * g.rand() - 1);
  double s = 1. / kappa + kappa;  // the first terms of the series around kappa = 0
  if (!(kappa < 1e-5)) {
    const double r = 1 + std::sqrt(1 + 4 * kappa * kappa);
    const double rho = (r - std::sqrt(2 * r)) / (2 * kappa);
    s = (1 + rho * rho) / (2 * rho);
  }
  double w = 0;
  while (true) {
    const double z = std::cos(kPi * g.rand());
    w = (1 + s * z) / (s + z);
    const double y = kappa * (s - w), v = g.rand();
    if (y * (2 - y) - v >= 0 || std::log(y / v) + 1 - y >= 0) break;
  }
  const double sign = g.rand() < 0.5 ? -1 : 1;
  const double angle = sign * std::acos(w) + mu;
  const double size = std::fmod(std::fabs(angle) + kPi, 2 * kPi) - kPi;
  return angle < 0 ? -size : size;
}

double wald(double mean, double scale, Generator& g) {
  require_positive("wald", "mean", mean);
  require_positive("wald", "scale", scale);
  const Generator::Hold hold(g);
  const double z = g.standard_normal();
  const double y = mean * z * z;
  const double x = mean + mean / (2 * scale) * (y - std::sqrt(4 * scale * y + y * y));
  return g.rand() <= mean / (mean + x) ? x : mean * mean / x;
}

std::int64_t poisson(double lam, Generator& g) {
  constexpr double most = 9.223372006484771e+18;  // so that no draw exceeds an int64
  require(lam >= 0 && lam <= most, "poisson", "lam must lie between 0 and 9.22e18", lam);
  const Generator::Hold hold(g);
  if (lam == 0) return 0;
  return lam >= 10 ? poisson_by_rejection(lam, g) : poisson_by_products(lam, g);
}

std::int64_t binomial(std::int64_t n, double p, Generator& g) {
  require(n >= 0, "binomial", "n must not be negative", of(n));
  require(p >= 0 && p <= 1, "binomial", "p must lie between 0 and 1", p);
  const Generator::Hold hold(g);
  return next_binomial(n, p, g);
}

std::int64_t negative_binomial(double n, double p, Generator& g) {
  require_positive("negative_binomial", "n", n);
  require(p > 0 && p <= 1, "negative_binomial", "p must lie between 0, excluded, and 1", p);
  const Generator::Hold hold(g);
  const double mean = ((1 - p) / p) * g.standard_gamma(n);
  return poisson(mean, g);
}

std::int64_t geometric(double p, Generator& g) {
  require(p > 0 && p <= 1, "geometric", "p must lie between 0, excluded, and 1", p);
  const double u = g.rand();
  if (!(p >= 0.333333333333333333333333)) {
    const double log_q = 1 - p < 1 ? std::log(1 - p) : std::log1p(-p);
    return whole(std::ceil(std::log1p(-u) / log_q));
  }
  std::int64_t k = 1;
  double sum = p, product = p;
  while (u > sum && product > 0) {
    product *= 1.0 - p;
    sum += product;
    ++k;
  }
  return k;
}

std::int64_t hypergeometric(std::int64_t ngood, std::int64_t nbad, std::int64_t nsample,
                            Generator& g) {
  if (ngood < 0 || nbad < 0 || nsample < 0 || nsample - ngood > nbad)
    throw Error(fmt::format(
        "hypergeometric: no count may be negative, nor nsample exceed ngood + nbad, but ngood is "
        "{}, nbad {} and nsample {}",
        ngood, nbad, nsample));
  const Generator::Hold hold(g);
  if (nsample > 10) return hypergeometric_by_rejection(ngood, nbad, nsample, g);
  return nsample > 0 ? hypergeometric_by_draws(ngood, nbad, nsample, g) : 0;
}

std::int64_t zipf(double a, Generator& g) {
  require(a > 1, "zipf", "a must exceed 1", a);
  const Generator::Hold hold(g);
  const double less = a - 1.0, b = std::pow(2.0, less);
  while (true) {
    const double u = 1.0 - g.rand(), v = g.rand();
    const double x = std::floor(std::pow(u, -1.0 / less));
    if (!(x >= 1.0 && x <= 9223372036854775807.0)) continue;
    const double t = std::pow(1.0 + 1.0 / x, less);
    if (v * x * (t - 1.0) / (b - 1.0) <= t / b) return whole(x);
  }
}

std::int64_t logseries(double p, Generator& g) {
  require(p > 0 && p < 1, "logseries", "p must lie between 0 and 1, both excluded", p);
  const Generator::Hold hold(g);
  const double r = std::log1p(-p);
  while (true) {
    const double v = g.rand();
    if (v >= p) return 1;
    const double q = 1.0 - std::exp(r * g.rand());
    if (v <= q * q) {
      const std::int64_t k = whole(std::floor(1 + std::log(v) / std::log(q)));
      if (k >= 1 && v != 0.0) return k;
      continue;
    }
    return v >= q ? 1 : 2;
  }
}

std::vector<std::int64_t> multinomial(std::int64_t n, std::span<const double> pvals, Generator& g) {
  require(n >= 0, "multinomial", "n must not be negative", of(n));
  double sum = 0;
  for (std::size_t i = 0; i < pvals.size(); ++i) {
    require(pvals[i] >= 0 && pvals[i] <= 1, "multinomial", "a probability must lie between 0 and 1",
            pvals[i]);
    if (i + 1 < pvals.size()) sum += pvals[i];
  }
  require(!pvals.empty() && sum <= 1 + 1e-12, "multinomial",
          "the probabilities but for the last must sum to 1 at most", sum);
  const Generator::Hold hold(g);
  std::vector<std::int64_t> counts(pvals.size());
  double remaining = 1.0;
  for (std::size_t i = 0; i + 1 < pvals.size() && n > 0; ++i) {
    const double p = std::min(1.0, pvals[i] / remaining);
    counts[i] = p == 0 ? 0 : next_binomial(n, p, g);
    n -= counts[i];
    remaining -= pvals[i];
  }
  counts.back() = n;
  return counts;
}

std::vector<double> dirichlet(std::span<const double> alpha, Generator& g) {
  for (const double a : alpha) require_positive("dirichlet", "alpha", a);
  const Generator::Hold hold(g);
  std::vector<double> x;
  double sum = 0;
  for (const double a : alpha) {
    x.push_back(g.standard_gamma(a));
    sum += x.back();
  }
  const double inverse = 1 / sum;
  for (double& value : x) value *= inverse;
  return x;
}

std::vector<std::int64_t> choice(std::span<const double> p, std::int64_t size, bool replace,
                                 Generator& g, double slack) {
  require(size >= 0, "choice", "size must not be negative", of(size));
  double sum = 0;
  std::int64_t possible = 0;
  for (const double x : p) {
    require(x >= 0, "choice", "a probability must not be negative", x);
    sum += x;
    possible += x > 0;
  }
  require(std::fabs(sum - 1) <= slack, "choice", "the sum of the probabilities must be 1", sum);
  if (!replace)
    require(size <= possible, "choice",
            "without replacement so many probabilities as are chosen must not be 0", of(possible));
  const Generator::Hold hold(g);
  const auto wanted = static_cast<std::size_t>(size);
  std::vector<std::int64_t> chosen;
  if (replace) {
    const std::vector<double> sums = cumulated(p);
    while (chosen.size() < wanted) chosen.push_back(place_of(g.rand(), sums));
    return chosen;
  }
  // Draws as many as are missing, and drops those that came before.
  std::vector<double> left(p.begin(), p.end());
  std::set<std::int64_t> found;
  while (chosen.size() < wanted) {
    for (const std::int64_t i : chosen) left[static_cast<std::size_t>(i)] = 0;
    const std::vector<double> sums = cumulated(left);
    std::vector<double> u(wanted - chosen.size());
    g.rand(u);
    for (const double x : u)
      if (const std::int64_t i = place_of(x, sums); found.insert(i).second) chosen.push_back(i);
  }
  return chosen;
}

void randint(std::int64_t low, std::int64_t high, std::span<std::int32_t> out, Generator& g) {
  narrow_randint(low, high, out, 32, g);
}
void randint(std::int64_t low, std::int64_t high, std::span<std::uint8_t> out, Generator& g) {
  narrow_randint(low, high, out, 8, g);
}
void randint(std::int64_t low, std::int64_t high, std::span<bool> out, Generator& g) {
  narrow_randint(low, high, out, 1, g);
}

std::vector<std::byte> bytes(std::int64_t n, Generator& g) {
  require(n >= 0, "bytes", "n must not be negative", of(n));
  const Generator::Hold hold(g);
  const auto count = static_cast<std::size_t>(n);
  std::vector<std::byte> all;
  while (all.size() < count) {
    const auto word = static_cast<std::uint32_t>(g.interval(0xffffffffU));
    for (int shift = 0; shift < 32 && all.size() < count; shift += 8)
      all.push_back(static_cast<std::byte>(word >> shift & 0xffU));
  }
  return all;
}

}  // namespace autograd::random
