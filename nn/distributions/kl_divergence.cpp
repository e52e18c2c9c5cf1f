#include <fmt/format.h>

#include <limits>
#include <map>
#include <mutex>
#include <numbers>
#include <numeric>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/dirichlet.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/geometric.h"
#include "nn/distributions/gumbel.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/laplace.h"
#include "nn/distributions/log_normal.h"
#include "nn/distributions/multivariate_normal.h"
#include "nn/distributions/normal.h"
#include "nn/distributions/one_hot_categorical.h"
#include "nn/distributions/pareto.h"
#include "nn/distributions/poisson.h"
#include "nn/distributions/uniform.h"

namespace nn::distributions {

namespace F = autograd;

namespace {

Variable of_normals(const Normal& p, const Normal& q) {
  // Does not compute the squares of the scales. If the logarithms are given, it does not compute
  // the scales either. They may overflow or underflow although their quotient does not.
  const Variable log_ratio = p.log_scale() - q.log_scale(), distance = p.loc() - q.loc();
  const Variable ratio =
      p.has_log_scale() && q.has_log_scale() ? F::exp(log_ratio) : p.scale() / q.scale();
  const Variable z =
      q.has_log_scale() ? F::weighted(distance, F::exp(-q.log_scale())) : distance / q.scale();
  return 0.5 * (F::square(ratio) + F::square(z)) - 0.5 - log_ratio;
}

// Values that p never draws do not count: 0 log(0 / q) is 0.
Variable of_bernoullis(const Bernoulli& p, const Bernoulli& q) {
  const auto log_ratio = [&](double x) {
    const Variable value = F::as_variable(Array::full({}, x, p.p().dtype()));
    return p.log_prob(value) - q.log_prob(value);
  };
  const Variable rest = p.has_logit() ? F::sigmoid(-p.logit()) : 1 - p.p();
  return F::weighted(p.p(), log_ratio(1)) + F::weighted(rest, log_ratio(0));
}

Variable of_independents(const Independent& p, const Independent& q) {
  if (p.event_shape() != q.event_shape())
    throw F::Error(
        fmt::format("kl_divergence: the event shapes must be equal, but they are {} and {}",
                    to_string(p.event_shape()), to_string(q.event_shape())));
  const Shape inner = p.distribution().event_shape();
  if (inner != q.distribution().event_shape())
    throw F::Error(
        fmt::format("kl_divergence: the event shapes inside of two Independents must be equal, but "
                    "they are {} and {}",
                    to_string(inner), to_string(q.distribution().event_shape())));
  const Variable each = kl_divergence(p.distribution(), q.distribution());
  if (p.reinterpreted_batch_ndims() == 0) return each;
  std::vector<int> axes(static_cast<std::size_t>(p.reinterpreted_batch_ndims()));
  std::iota(axes.begin(), axes.end(), -p.reinterpreted_batch_ndims());
  return F::sum(each, F::Axes(axes));
}

Variable of_categoricals(const Categorical& p, const Categorical& q) {
  return F::sum(F::weighted(p.p(), p.log_p() - q.log_p()), -1);
}

// Infinite if the support of p is not contained in the support of q.
Variable of_uniforms(const Uniform& p, const Uniform& q) {
  const Variable inside = F::log(q.scale()) - F::log(p.scale());
  return F::select(p.high() <= q.high() && p.low() >= q.low(), inside,
                   std::numeric_limits<double>::infinity());
}

Variable of_laplaces(const Laplace& p, const Laplace& q) {
  const Variable d = F::absolute(p.loc() - q.loc());
  return F::log(q.scale()) - F::log(p.scale()) + d / q.scale() +
         p.scale() / q.scale() * F::exp(-d / p.scale()) - 1;
}

Variable of_exponentials(const Exponential& p, const Exponential& q) {
  return F::log(p.lam()) - F::log(q.lam()) + q.lam() / p.lam() - 1;
}

Variable of_gammas(const Gamma& p, const Gamma& q) {
  return (p.k() - q.k()) * F::digamma(p.k()) - (F::lgamma(p.k()) - F::lgamma(q.k())) +
         q.k() * (F::log(q.theta()) - F::log(p.theta())) + p.k() * (p.theta() / q.theta() - 1);
}

Variable of_betas(const Beta& p, const Beta& q) {
  const Variable sum_p = p.a() + p.b(), sum_q = q.a() + q.b();
  return log_beta(q.a(), q.b()) - log_beta(p.a(), p.b()) + (p.a() - q.a()) * F::digamma(p.a()) +
         (p.b() - q.b()) * F::digamma(p.b()) + (sum_q - sum_p) * F::digamma(sum_p);
}

Variable of_dirichlets(const Dirichlet& p, const Dirichlet& q) {
  const Variable mean_log =
      F::digamma(p.alpha()) - F::digamma(F::sum(p.alpha(), -1, true));  // of log x under p
  return log_multivariate_beta(q.alpha()) - log_multivariate_beta(p.alpha()) +
         F::sum((p.alpha() - q.alpha()) * mean_log, -1);
}

// Trials beyond the first do not count where p never needs them.
Variable of_geometrics(const Geometric& p, const Geometric& q) {
  return F::weighted(1 / p.p() - 1, F::log1p(-p.p()) - F::log1p(-q.p())) + F::log(p.p()) -
         F::log(q.p());
}

Variable of_gumbels(const Gumbel& p, const Gumbel& q) {
  const Variable ratio = p.scale() / q.scale(), distance = (p.loc() - q.loc()) / q.scale();
  return F::log(q.scale()) - F::log(p.scale()) + std::numbers::egamma * (ratio - 1) +
         F::exp(F::lgamma(ratio + 1) - distance) - 1 + distance;
}

// The logarithm maps both to normal distributions, and changes no divergence.
Variable of_log_normals(const LogNormal& p, const LogNormal& q) {
  return kl_divergence(Normal(p.mu(), p.sigma()), Normal(q.mu(), q.sigma()));
}

Variable of_multivariate_normals(const MultivariateNormal& p, const MultivariateNormal& q) {
  if (p.event_shape() != q.event_shape())
    throw F::Error(
        fmt::format("kl_divergence: the event shapes must be equal, but they are {} and {}",
                    to_string(p.event_shape()), to_string(q.event_shape())));
  const Variable inverse = q.inverse_scale();
  const Variable ratio = F::matmul(inverse, p.scale_tril()),
                 distance = F::matmul(inverse, F::expand_dims(p.loc() - q.loc(), -1));
  return q.log_det_scale() - p.log_det_scale() +
         0.5 * (F::sum(F::square(ratio), {-2, -1}) + F::sum(F::square(distance), {-2, -1})) -
         0.5 * static_cast<double>(p.event_shape()[0]);
}

Variable of_one_hot_categoricals(const OneHotCategorical& p, const OneHotCategorical& q) {
  return F::sum(F::weighted(p.p(), p.log_p() - q.log_p()), -1);
}

// Infinite where p reaches below q.
Variable of_paretos(const Pareto& p, const Pareto& q) {
  const Variable inside = q.alpha() * (F::log(p.scale()) - F::log(q.scale())) + F::log(p.alpha()) -
                          F::log(q.alpha()) + (q.alpha() - p.alpha()) / p.alpha();
  return F::select(p.scale() >= q.scale(), inside, std::numeric_limits<double>::infinity());
}

Variable of_poissons(const Poisson& p, const Poisson& q) {
  return F::weighted(p.lam(), F::log(p.lam()) - F::log(q.lam())) - p.lam() + q.lam();
}

using Rules = std::map<std::pair<std::type_index, std::type_index>, KlRule>;

template <class D>
void add(Rules& rules, Variable (*rule)(const D&, const D&)) {
  rules[{typeid(D), typeid(D)}] = [rule](const Distribution& p, const Distribution& q) {
    return rule(static_cast<const D&>(p), static_cast<const D&>(q));
  };
}

// Never destroyed, because destructors of objects with static lifetime may use it.
struct Table {
  std::shared_mutex mutex;
  Rules rules;
};
Table& table() {
  static Table* const all = [] {
    auto* const made = new Table;
    Rules& r = made->rules;
    add(r, of_normals);
    add(r, of_bernoullis);
    add(r, of_independents);
    add(r, of_categoricals);
    add(r, of_uniforms);
    add(r, of_laplaces);
    add(r, of_exponentials);
    add(r, of_gammas);
    add(r, of_betas);
    add(r, of_dirichlets);
    add(r, of_geometrics);
    add(r, of_gumbels);
    add(r, of_log_normals);
    add(r, of_multivariate_normals);
    add(r, of_one_hot_categoricals);
    add(r, of_paretos);
    add(r, of_poissons);
    return made;
  }();
  return *all;
}

// Returns a copy of the function, or nothing if none is registered. The copy may call this function
// again, and stays valid if another function is registered.
KlRule find_rule(std::type_index p, std::type_index q) {
  Table& t = table();
  const std::shared_lock lock(t.mutex);
  const auto found = t.rules.find({p, q});
  return found == t.rules.end() ? KlRule() : found->second;
}

}  // namespace

void register_kl(std::type_index p, std::type_index q, KlRule rule) {
  Table& t = table();
  const std::unique_lock lock(t.mutex);
  t.rules[{p, q}] = std::move(rule);
}

Variable kl_divergence(const Distribution& p, const Distribution& q) {
  const KlRule rule = find_rule(typeid(p), typeid(q));
  if (!rule)
    throw F::Error(fmt::format(
        "kl_divergence: there must be a rule for the two classes, but they are {} and {}", p.name(),
        q.name()));
  return rule(p, q);
}

}  // namespace nn::distributions
