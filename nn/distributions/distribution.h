#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <typeindex>

#include "autograd/base/random.h"
#include "autograd/graph/variable.h"

// Probability distributions; Chainer's chainer.distributions and chainer.distribution. They are
// value types.
//
//   namespace D = nn::distributions;
//   const D::Normal q({.loc = mu, .log_scale = ln_sigma});
//   const Variable z = q.sample();
//   const Variable kl = D::kl_divergence(q, D::Normal({.loc = zeros, .scale = ones}));
namespace nn::distributions {

using autograd::Array;
using autograd::Shape;
using autograd::Variable;

// The interface of all distributions. batch_shape is the shape of independent variables, each with
// its own parameters; event_shape is the shape of a sample of one variable. Results are
// differentiable with respect to the parameters, and to x unless the distribution says otherwise.
// Functions that a distribution does not define throw Error.
class Distribution {
 public:
  virtual ~Distribution() = default;

  // "Normal", for messages.
  virtual std::string_view name() const = 0;
  virtual Shape batch_shape() const = 0;
  virtual Shape event_shape() const { return {}; }
  // The values that x can have, in words: "real", "positive", "[0, 1]".
  virtual std::string_view support() const;
  // The parameters as they were given, by name.
  virtual std::map<std::string, Variable> params() const;

  // log p(x) and p(x), where p is a density, or a probability if x is discrete. x may have leading
  // sample axes.
  virtual Variable log_prob(const Variable& x) const;
  virtual Variable prob(const Variable& x) const;
  // The cumulative distribution function, its logarithm, its inverse; the survival function (the
  // probability of a value above x), its logarithm.
  virtual Variable cdf(const Variable& x) const;
  virtual Variable log_cdf(const Variable& x) const;
  virtual Variable icdf(const Variable& x) const;
  virtual Variable survival_function(const Variable& x) const;
  virtual Variable log_survival_function(const Variable& x) const;
  // Chainer names it and has no distribution that defines it; for distributions of your own.
  virtual Variable perplexity(const Variable& x) const;

  // In nats. A property in Chainer, like the next five.
  virtual Variable entropy() const;
  virtual Variable mean() const;
  virtual Variable mode() const;
  virtual Variable variance() const;
  virtual Variable stddev() const;
  // batch_shape + (d, d), where an event has d elements.
  virtual Variable covariance() const;

  // n samples, (n,) + batch_shape + event_shape, drawn in NumPy's order. Samples of continuous
  // distributions except Beta, Chisquare and Dirichlet are differentiable with respect to the
  // parameters, those of Gamma and Pareto to the scale alone.
  virtual Variable sample_n(
      std::int64_t n, autograd::random::Generator& generator = autograd::random::generator()) const;
  // One sample without a sample axis; n samples; samples of the shape sample_shape + batch_shape +
  // event_shape.
  Variable sample(autograd::random::Generator& generator = autograd::random::generator()) const;
  Variable sample(std::int64_t n,
                  autograd::random::Generator& generator = autograd::random::generator()) const;
  Variable sample(const Shape& sample_shape,
                  autograd::random::Generator& generator = autograd::random::generator()) const;

 protected:
  Distribution() = default;
  Distribution(const Distribution&) = default;
  Distribution& operator=(const Distribution&) = default;

 private:
  [[noreturn]] void undefined(std::string_view what) const;
};

// KL(p || q), the sum or integral of p log(p / q). There are rules for two distributions of the
// same class: all but Cauchy and Chisquare. register_kl adds others. Throws Error if there is no
// rule.
Variable kl_divergence(const Distribution& p, const Distribution& q);

// The entropy of p plus KL(p || q).
Variable cross_entropy(const Distribution& p, const Distribution& q);

// Adds or replaces the rule for a pair of classes: register_kl<Mine, Normal>([](const Mine& p,
// const Normal& q) {...}). Must not be called while another thread computes a divergence.
using KlRule = std::function<Variable(const Distribution&, const Distribution&)>;
void register_kl(std::type_index p, std::type_index q, KlRule rule);
template <class P, class Q, class Rule>
void register_kl(Rule rule) {
  register_kl(typeid(P), typeid(Q), [rule](const Distribution& p, const Distribution& q) {
    return rule(static_cast<const P&>(p), static_cast<const Q&>(q));
  });
}

}  // namespace nn::distributions
