#pragma once

#include <functional>
#include <string_view>
#include <typeindex>

#include "autograd/base/random.h"
#include "autograd/graph/variable.h"

// Probability distributions; Chainer's chainer.distributions and chainer.distribution. They are
// plain values.
//
//   namespace D = nn::distributions;
//   const D::Normal q({.loc = mu, .log_scale = ln_sigma});
//   const Variable z = q.sample();
//   const Variable kl = D::kl_divergence(q, D::Normal({.loc = zeros, .scale = ones}));
namespace nn::distributions {

using autograd::Array;
using autograd::Shape;
using autograd::Variable;

// What all of them have. batch_shape: independent variables of the same kind, each with its
// parameters; event_shape: one draw of one of them. Results are differentiable with respect to the
// parameters, and to x unless the distribution says otherwise. What a distribution does not define
// throws Error.
class Distribution {
 public:
  virtual ~Distribution() = default;

  // "Normal", for messages.
  virtual std::string_view name() const = 0;
  virtual Shape batch_shape() const = 0;
  virtual Shape event_shape() const { return {}; }

  // log p(x) and p(x): of a density, or of a probability where x is discrete. x may have sample
  // axes in front.
  virtual Variable log_prob(const Variable& x) const;
  virtual Variable prob(const Variable& x) const;
  // The probability of a value up to x, its logarithm, its inverse; the probability of a value
  // above x, its logarithm.
  virtual Variable cdf(const Variable& x) const;
  virtual Variable log_cdf(const Variable& x) const;
  virtual Variable icdf(const Variable& x) const;
  virtual Variable survival_function(const Variable& x) const;
  virtual Variable log_survival_function(const Variable& x) const;

  // In nats; a property in Chainer, as the next four.
  virtual Variable entropy() const;
  virtual Variable mean() const;
  virtual Variable mode() const;
  virtual Variable variance() const;
  virtual Variable stddev() const;

  // n draws, (n,) + batch_shape + event_shape, in NumPy's order. Continuous ones but Beta's are
  // differentiable with respect to the parameters.
  virtual Variable sample_n(
      std::int64_t n, autograd::random::Generator& generator = autograd::random::generator()) const;
  // One draw without a sample axis; n draws; draws of the shape sample_shape + batch_shape +
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

// KL(p || q), the sum or integral of p log(p / q). There are rules for two distributions of one
// kind: Bernoulli, Beta, Categorical, Exponential, Gamma, Independent, Laplace, Normal, Uniform;
// others can be added. Throws Error where there is none.
Variable kl_divergence(const Distribution& p, const Distribution& q);

// The entropy of p plus KL(p || q).
Variable cross_entropy(const Distribution& p, const Distribution& q);

// Adds, or replaces, the rule for a pair of kinds: register_kl<Mine, Normal>([](const Mine& p,
// const Normal& q) {...}). Not to be called while another thread computes a divergence.
using KlRule = std::function<Variable(const Distribution&, const Distribution&)>;
void register_kl(std::type_index p, std::type_index q, KlRule rule);
template <class P, class Q, class Rule>
void register_kl(Rule rule) {
  register_kl(typeid(P), typeid(Q), [rule](const Distribution& p, const Distribution& q) {
    return rule(static_cast<const P&>(p), static_cast<const Q&>(q));
  });
}

}  // namespace nn::distributions
