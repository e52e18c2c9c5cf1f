#include "nn/distributions/distribution.h"

#include <fmt/format.h>

#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"

namespace nn::distributions {

namespace F = autograd;

void Distribution::undefined(std::string_view what) const {
  throw F::Error(
      fmt::format("{}.{}: the distribution must define it, but {} does not", name(), what, name()));
}

std::string_view Distribution::support() const { undefined("support"); }
std::map<std::string, Variable> Distribution::params() const { undefined("params"); }
Variable Distribution::perplexity(const Variable&) const { undefined("perplexity"); }
Variable Distribution::covariance() const { undefined("covariance"); }
Variable Distribution::log_prob(const Variable&) const { undefined("log_prob"); }
Variable Distribution::prob(const Variable& x) const { return F::exp(log_prob(x)); }
Variable Distribution::cdf(const Variable&) const { undefined("cdf"); }
Variable Distribution::log_cdf(const Variable& x) const { return F::log(cdf(x)); }
Variable Distribution::icdf(const Variable&) const { undefined("icdf"); }
Variable Distribution::survival_function(const Variable& x) const { return 1 - cdf(x); }
Variable Distribution::log_survival_function(const Variable& x) const {
  return F::log(survival_function(x));
}
Variable Distribution::entropy() const { undefined("entropy"); }
Variable Distribution::mean() const { undefined("mean"); }
Variable Distribution::mode() const { undefined("mode"); }
Variable Distribution::variance() const { undefined("variance"); }
Variable Distribution::stddev() const { return F::sqrt(variance()); }
Variable Distribution::sample_n(std::int64_t, F::random::Generator&) const {
  undefined("sample_n");
}

Variable Distribution::sample(F::random::Generator& generator) const {
  return sample(Shape{}, generator);
}
Variable Distribution::sample(std::int64_t n, F::random::Generator& generator) const {
  return sample(Shape{n}, generator);
}
Variable Distribution::sample(const Shape& sample_shape, F::random::Generator& generator) const {
  for (std::int64_t n : sample_shape)
    if (n < 0)
      throw F::Error(
          fmt::format("{}.sample: lengths must not be negative, but there is {}", name(), n));
  Shape shape = sample_shape;
  for (std::int64_t n : batch_shape()) shape.push_back(n);
  for (std::int64_t n : event_shape()) shape.push_back(n);
  return F::reshape(sample_n(sample_shape.elements(), generator), shape);
}

Variable cross_entropy(const Distribution& p, const Distribution& q) {
  return p.entropy() + kl_divergence(p, q);
}

}  // namespace nn::distributions
