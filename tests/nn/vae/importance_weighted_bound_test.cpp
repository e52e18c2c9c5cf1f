#include "nn/vae/importance_weighted_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/base/error.h"
#include "autograd/functions/functions.h"
#include "autograd/graph/config.h"
#include "autograd/memory/blocks.h"
#include "tests/message.h"

namespace nn::vae {
namespace {

namespace F = autograd;
using autograd::Array;
using autograd::Dtype;
using autograd::Shape;
using autograd::Variable;
using autograd::random::Generator;

constexpr std::int64_t kUnits = 2, kPixels = 4;
constexpr double kSigma2 = 0.3;

// x = W z + b + noise of variance sigma^2, z ~ N(0, 1). The columns of W are orthogonal, so that
// the posterior is a diagonal Gaussian, too, and everything about the model is known.
struct LinearGaussian {
  Array W = Array::of<double>({0.9, 0.8, 1.2, -0.6, 0, 0.5, 0, 0.5}, Shape{4, 2});
  Array b = Array::of<double>({0.1, -0.4, 0.3, 0.2});
  double lengths[kUnits] = {2.25, 1.5};  // squared, of the columns

  Variable mean(const Variable& z) const { return F::matmul(z, W, false, true) + Variable(b); }

  Variable log_likelihood(const Variable& x, const Variable& z) const {
    const double normaliser = kPixels * std::log(2 * std::numbers::pi * kSigma2) / 2;
    return -F::sum(F::square(x - mean(z)), 1) / (2 * kSigma2) - normaliser;
  }

  // The posterior's variances l = sigma^2 / (sigma^2 + |w|^2), and its means.
  std::vector<double> variances() const {
    return {kSigma2 / (kSigma2 + lengths[0]), kSigma2 / (kSigma2 + lengths[1])};
  }
  std::pair<Variable, Variable> posterior(const Variable& x) const {
    const auto v = variances();
    const Array variance = Array::from(std::span<const double>(v));
    const Variable mu = F::matmul(x - Variable(b), W) * Variable(variance) / kSigma2;
    return {mu, F::broadcast_to(F::log(Variable(variance)), mu.shape())};
  }

  // log N(x; b, W W^T + sigma^2 I), whose eigenvalues are sigma^2 + |w|^2 along the columns of W
  // and sigma^2 across them.
  std::vector<double> evidence(const Array& x) const {
    const std::vector<double> xs = x.to_vector<double>(), w = W.to_vector<double>(),
                              centre = b.to_vector<double>();
    std::vector<double> result;
    for (std::size_t i = 0; i < xs.size(); i += kPixels) {
      double along[kUnits] = {0, 0}, square = 0;
      for (std::size_t d = 0; d < kPixels; ++d) {
        const double r = xs[i + d] - centre[d];
        square += r * r;
        for (std::size_t u = 0; u < kUnits; ++u) along[u] += r * w[d * kUnits + u];
      }
      double quadratic = square / kSigma2, ln_det = kPixels * std::log(kSigma2);
      for (std::size_t u = 0; u < kUnits; ++u) {
        const double in_direction = along[u] * along[u] / lengths[u];
        quadratic += in_direction / (kSigma2 + lengths[u]) - in_direction / kSigma2;
        ln_det += std::log(kSigma2 + lengths[u]) - std::log(kSigma2);
      }
      result.push_back(-(quadratic + ln_det + kPixels * std::log(2 * std::numbers::pi)) / 2);
    }
    return result;
  }
};

Array some_data(std::int64_t n) {
  Generator generator(7);
  return F::array::standard_normal({n, kPixels}, Dtype::float64, generator);
}

const auto kLikelihood = [](const Variable& x, const Variable& z) {
  return LinearGaussian().log_likelihood(x, z);
};

// Means that are off by `shift` standard deviations, and variances that are `wide` times too large.
auto wrong_posterior(double shift, double wide) {
  return [=](const Variable& x) -> std::pair<Variable, Variable> {
    const auto [mu, ln_var] = LinearGaussian().posterior(x);
    return {mu + shift * F::exp(ln_var / 2), ln_var + std::log(wide)};
  };
}

TEST(ImportanceWeightedBound, IsTheEvidenceForEveryKWithTheExactPosterior) {
  const Array x = some_data(5);
  const std::vector<double> evidence = LinearGaussian().evidence(x);
  for (const std::int64_t K : {1, 2, 7, 50}) {
    Generator generator(1);
    const Array bound = importance_weighted_bound(x, K, wrong_posterior(0, 1), kLikelihood,
                                                  {.chunk = 3}, generator);
    EXPECT_EQ(describe(bound), "float64(5)");
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_NEAR(bound.to_vector<double>()[i], evidence[i], 1e-12) << K;  // 50 roundings
  }
}

// The n-th moment under q of the weight w = p / q, for one unit: p is N(0, 1), q is N(shift, wide).
double moment(int n, double shift, double wide) {
  const double a = n - (n - 1) / wide;
  return std::pow(wide, (n - 1) / 2.0) / std::sqrt(a) *
         std::exp(n * shift * shift / 2 * (n / a - 1));
}

// One example many times over: the mean is an estimate of L_K.
TEST(ImportanceWeightedBound, ConvergesToTheEvidenceFromBelow) {
  const double shift = 0.8, wide = 2;
  constexpr std::int64_t kCopies = 4000;
  const Array one = some_data(1);
  const Array x = one.broadcast_to({kCopies, kPixels}).contiguous();
  const double evidence = LinearGaussian().evidence(one)[0];
  Generator generator(3);
  const auto mean_bound = [&](std::int64_t K) {
    const Array bound =
        importance_weighted_bound(x, K, wrong_posterior(shift, wide), kLikelihood, {}, generator);
    return F::mean(Variable(bound)).item();
  };
  constexpr double kDeviations = 4;

  // The gap of the evidence lower bound is KL(q || p) = (v + s^2 - 1 - ln v) / 2 for each unit; and
  // log w is (e^2 - (s + sqrt(v) e)^2) / 2 but for a constant, with e ~ N(0, 1).
  const double gap_1 = kUnits * (wide + shift * shift - 1 - std::log(wide)) / 2;
  const double variance_1 = kUnits * ((wide - 1) * (wide - 1) / 2 + shift * shift * wide);
  EXPECT_NEAR(mean_bound(1), evidence - gap_1, kDeviations * std::sqrt(variance_1 / kCopies));

  const double m2 = std::pow(moment(2, shift, wide), kUnits),
               m3 = std::pow(moment(3, shift, wide), kUnits);
  const double variance = m2 - 1, skew = m3 - 3 * m2 + 2;  // central moments: the mean is 1
  double last = evidence - gap_1;
  for (const std::int64_t K : {10, 100, 1000}) {
    // log(1 + d) = d - d^2 / 2 + d^3 / 3 - d^4 / 4 + ... of the average's error d, whose squares,
    // cubes and fourth powers average to variance / K, skew / K^2 and 3 variance^2 / K^2 + ...
    const double k = static_cast<double>(K), bound = mean_bound(K);
    const double noise = kDeviations * std::sqrt(variance / k / kCopies),
                 second_order = (std::abs(skew) / 3 + 3 * variance * variance / 4) / (k * k);
    EXPECT_NEAR(bound, evidence - variance / (2 * k), noise + second_order) << K;
    EXPECT_LT(bound, evidence + noise) << K;
    EXPECT_GT(bound, last) << K;
    last = bound;
  }
}

// With one draw it is log p(x | z) + log p(z) - log q(z | x), whose densities are written out here.
TEST(ImportanceWeightedBound, IsTheEvidenceLowerBoundOfTheSameDrawForOne) {
  const Array x = some_data(6);
  const auto encode = wrong_posterior(0.3, 2);
  Generator generator(5), again(5);
  const Array bound = importance_weighted_bound(x, 1, encode, kLikelihood, {}, generator);
  const auto [mu, ln_var] = encode(x);
  const Variable z = F::gaussian(mu, ln_var, {}, again);
  const Array zeros = Array::zeros(mu.shape(), Dtype::float64);
  const Variable ln_p_z = -F::sum(F::gaussian_nll(z, zeros, zeros, F::Reduce::no), 1),
                 ln_q_z = -F::sum(F::gaussian_nll(z, mu, ln_var, F::Reduce::no), 1);
  const Array elbo = (kLikelihood(x, z) + ln_p_z - ln_q_z).array();
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(bound.to_vector<double>()[i], elbo.to_vector<double>()[i], 1e-12);
}

TEST(ImportanceWeightedBound, IsTheSameWithChunksOfEverySize) {
  const Array x = some_data(5);
  const auto bound = [&](std::int64_t chunk) {
    Generator generator(2);
    return importance_weighted_bound(x, 11, wrong_posterior(0.3, 2), kLikelihood,
                                     {.batch_size = 2, .chunk = chunk}, generator)
        .to_vector<double>();
  };
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(bound(4)[i], bound(1)[i], 1e-12);  // the sum is scaled in another order
    EXPECT_NEAR(bound(100)[i], bound(1)[i], 1e-12);
  }
}

TEST(ImportanceWeightedBound, NeedsTheSameMemoryForEveryK) {
  const Array x = some_data(40);
  const auto most = [&](std::int64_t K) {
    std::size_t peak = 0;
    const auto watched = [&](const Variable& rows, const Variable& z) {
      const Variable y = kLikelihood(rows, z);
      peak = std::max(peak, F::memory::stats().in_use);
      return y;
    };
    Generator generator(2);
    importance_weighted_bound(x, K, wrong_posterior(0.3, 2), watched,
                              {.batch_size = 20, .chunk = 10}, generator);
    return peak;
  };
  const std::size_t of_50 = most(50);
  EXPECT_GT(of_50, F::memory::stats().in_use);
  EXPECT_EQ(most(5000), of_50);
  EXPECT_EQ(most(5001), of_50);  // the last chunk has one draw
}

// The likelihoods of images are far below the smallest double.
TEST(ImportanceWeightedBound, TakesWeightsOfAnySize) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Array x = some_data(1);
  const auto of = [&](std::vector<double> ln_p) {
    std::size_t k = 0;
    const auto given = [&](const Variable&, const Variable&) {
      return Variable(Array::of<double>({ln_p[k++]}));
    };
    const auto prior = [](const Variable&) {  // the weights are p(x | z) alone
      const Array zero = Array::zeros({1, 1}, Dtype::float64);
      return std::pair(Variable(zero), Variable(zero));
    };
    Generator generator(2);
    return importance_weighted_bound(x, std::int64_t(ln_p.size()), prior, given, {.chunk = 1},
                                     generator)
        .item();
  };
  EXPECT_NEAR(of({-5000, -5000 + std::log(3.0)}), -5000 + std::log(2.0), 1e-11);
  EXPECT_NEAR(of({5000, 4000}), 5000 - std::log(2.0), 1e-11);
  EXPECT_NEAR(of({-kInfinity, -5000}), -5000 - std::log(2.0), 1e-11);
  EXPECT_EQ(of({-kInfinity, -kInfinity}), -kInfinity);
  EXPECT_TRUE(std::isnan(of({-1, std::nan(""), -1})));
}

TEST(ImportanceWeightedBound, RunsTheModelInTestModeAndTellsHowFarItIs) {
  std::vector<double> done;
  const auto watched = [&](const Variable& x, const Variable& z) {
    EXPECT_FALSE(F::config().train);
    EXPECT_FALSE(F::config().enable_backprop);
    return kLikelihood(x, z);
  };
  importance_weighted_bound(
      some_data(3), 4, wrong_posterior(0, 1), watched,
      {.batch_size = 2, .chunk = 3, .progress = [&](double part) { done.push_back(part); }});
  const std::vector<double> parts{6.0 / 12, 8.0 / 12, 11.0 / 12, 1};
  EXPECT_EQ(done, parts);
  EXPECT_TRUE(F::config().train);
}

TEST(ImportanceWeightedBound, NamesWhatIsWrong) {
  const Array x = some_data(3);
  const auto encode = wrong_posterior(0, 1);
  const auto of = [&](const Array& data, std::int64_t K, const auto& q, const auto& p,
                      const ImportanceWeightedBoundOptions& options = {}) {
    return message_of([&] { importance_weighted_bound(data, K, q, p, options); });
  };
  EXPECT_EQ(of(x.slice(0, 0, 0), 1, encode, kLikelihood),
            "importance_weighted_bound: x must have at least one example, but x is float64(0, 4)");
  EXPECT_EQ(of(x, 0, encode, kLikelihood),
            "importance_weighted_bound: K must be at least 1, but it is 0");
  EXPECT_EQ(of(x, 1, encode, kLikelihood, {.batch_size = 0}),
            "importance_weighted_bound: batch_size must be at least 1, but it is 0");
  EXPECT_EQ(of(x, 1, encode, kLikelihood, {.chunk = -1}),
            "importance_weighted_bound: chunk must be at least 1, but it is -1");
  const auto lopsided = [&](const Variable& batch) {
    return std::pair(encode(batch).first, Variable(Array::zeros({3, 1}, Dtype::float64)));
  };
  EXPECT_EQ(of(x, 1, lopsided, kLikelihood),
            "importance_weighted_bound: mu and ln_var must have the same shape (n, units) and the "
            "same dtype, but x is float64(3, 4), mu is float64(3, 2) and ln_var is float64(3, 1)");
  const auto summed = [&](const Variable& batch, const Variable& z) {
    return F::sum(kLikelihood(batch, z));
  };
  EXPECT_EQ(
      of(x, 2, encode, summed),
      "importance_weighted_bound: log_likelihood must be a number for each row of z, but z is "
      "float64(6, 2) and log_likelihood is float64()");
}

}  // namespace
}  // namespace nn::vae
