// NumPy's other legacy distributions, drawn from a Generator bit for bit: `numpy.random.f(...)`
// gives after `numpy.random.seed(s)` what `random::f(...)` gives after `random::seed(s)`. Only
// where two C libraries round log, exp or pow differently can the last bit differ.
//
// Every function draws one number (or one vector) and throws Error, in one sentence, for arguments
// that NumPy refuses. Whole numbers are int64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "autograd/base/random.h"

namespace autograd::random {

// A generator that starts like `numpy.random.RandomState([1, 2, 3])`: seeded by several words.
// Throws if there are none.
Generator seeded(std::span<const std::uint32_t> words);

// loc + scale x, where x has the density e^-|x| / 2, e^-(x + e^-x) or e^-x / (1 + e^-x)^2. The scale
// must not be negative.
double laplace(double loc, double scale, Generator& g = generator());
double gumbel(double loc, double scale, Generator& g = generator());
double logistic(double loc, double scale, Generator& g = generator());

// e^(mean + sigma z), z from the standard normal distribution.
double lognormal(double mean, double sigma, Generator& g = generator());
// scale times a standard exponential or standard gamma number.
double exponential(double scale, Generator& g = generator());
double gamma(double shape, double scale, Generator& g = generator());
// The sum of the squares of df normal numbers with variance 1, whose squared means sum to nonc;
// without `nonc` they are 0. df must be positive.
double chisquare(double df, Generator& g = generator());
double noncentral_chisquare(double df, double nonc, Generator& g = generator());
// The quotient of two such numbers, each divided by its degrees of freedom.
double f(double dfnum, double dfden, Generator& g = generator());
double noncentral_f(double dfnum, double dfden, double nonc, Generator& g = generator());
// Student's t: a normal number over the root of a chi-square number divided by df.
double standard_t(double df, Generator& g = generator());
// The quotient of two normal numbers; density 1 / (pi (1 + x^2)).
double standard_cauchy(Generator& g = generator());

// Density a / (1 + x)^(a + 1), x >= 0: the Lomax distribution, as numpy.random.pareto.
double pareto(double a, Generator& g = generator());
// Density a x^(a - 1) e^-(x^a), x >= 0.
double weibull(double a, Generator& g = generator());
// Density a x^(a - 1), 0 <= x <= 1.
double power(double a, Generator& g = generator());
// Density x / scale^2 e^-(x^2 / (2 scale^2)), x >= 0.
double rayleigh(double scale, Generator& g = generator());
// A triangle over [left, right] with its tip at `mode`.
double triangular(double left, double mode, double right, Generator& g = generator());
// Density proportional to e^(kappa cos(x - mu)), x in [-pi, pi].
double vonmises(double mu, double kappa, Generator& g = generator());
// The inverse Gaussian distribution.
double wald(double mean, double scale, Generator& g = generator());

// e^-lam lam^k / k!.
std::int64_t poisson(double lam, Generator& g = generator());
// How many of n trials succeed, each with probability p.
std::int64_t binomial(std::int64_t n, double p, Generator& g = generator());
// How many trials fail before n succeed.
std::int64_t negative_binomial(double n, double p, Generator& g = generator());
// How many trials there are up to the first that succeeds: at least 1.
std::int64_t geometric(double p, Generator& g = generator());
// How many good ones there are among nsample that are drawn from ngood + nbad.
std::int64_t hypergeometric(std::int64_t ngood, std::int64_t nbad, std::int64_t nsample,
                            Generator& g = generator());
// Probabilities proportional to k^-a and to p^k / k, k >= 1.
std::int64_t zipf(double a, Generator& g = generator());
std::int64_t logseries(double p, Generator& g = generator());

// How often each of the outcomes comes in n experiments; what the probabilities lack of 1 belongs
// to the last one.
std::vector<std::int64_t> multinomial(std::int64_t n, std::span<const double> pvals,
                                      Generator& g = generator());
// Probabilities that sum to 1, with a density proportional to the product of x_i^(alpha_i - 1).
std::vector<double> dirichlet(std::span<const double> alpha, Generator& g = generator());

// `size` of the numbers 0, ..., p.size() - 1, where i has probability p[i]; without `replace` no
// number comes twice. numpy.random.choice(len(p), size, replace, p). The sum of p may differ from 1
// by `slack`: for NumPy the root of the precision of p's dtype.
inline constexpr double kSlack64 = 1.5e-8, kSlack32 = 3.5e-4;
std::vector<std::int64_t> choice(std::span<const double> p, std::int64_t size, bool replace = true,
                                 Generator& g = generator(), double slack = kSlack64);

// numpy.random.randint with a narrow dtype, whose numbers share the words of the generator: four
// bytes, or 32 bools, are taken from one word. low, ..., high - 1 must lie in the range of the type.
void randint(std::int64_t low, std::int64_t high, std::span<std::int32_t> out,
             Generator& g = generator());
void randint(std::int64_t low, std::int64_t high, std::span<std::uint8_t> out,
             Generator& g = generator());
void randint(std::int64_t low, std::int64_t high, std::span<bool> out, Generator& g = generator());

// n bytes.
std::vector<std::byte> bytes(std::int64_t n, Generator& g = generator());

}  // namespace autograd::random
