#include <fmt/format.h>

#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "autograd/functions/activation.h"
#include "autograd/functions/basic_math.h"
#include "autograd/functions/reduction.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/normal.h"

namespace nn::distributions {

namespace F = autograd;

namespace {

Variable of_normals(const Normal& p, const Normal& q) {
  return q.log_scale() - p.log_scale() + 0.5 * (p.variance() + F::square(p.loc() - q.loc())) / q.variance() - 0.5;
}

// softplus(-logit) = log(1 + e^-logit), without overflow.
Variable of_bernoullis(const Bernoulli& p, const Bernoulli& q) {
  return (p.logit() - q.logit()) * (p.p() - 1) - F::softplus(-p.logit()) + F::softplus(-q.logit());
}

Variable of_independents(const Independent& p, const Independent& q) {
  if (p.event_shape() != q.event_shape())
    throw F::Error(fmt::format("kl_divergence: the event shapes must be equal, but they are {} and {}",
                               to_string(p.event_shape()), to_string(q.event_shape())));
  const Shape inner = p.distribution().event_shape();
  if (inner != q.distribution().event_shape())
    throw F::Error(fmt::format("kl_divergence: the event shapes inside of two Independents must be equal, but they are {} and {}",
                               to_string(inner), to_string(q.distribution().event_shape())));
  const Variable each = kl_divergence(p.distribution(), q.distribution());
  if (p.reinterpreted_batch_ndims() == 0) return each;
  std::vector<int> axes(static_cast<std::size_t>(p.reinterpreted_batch_ndims()));
  std::iota(axes.begin(), axes.end(), -p.reinterpreted_batch_ndims());
  return F::sum(each, F::Axes(axes));
}

using Rules = std::map<std::pair<std::type_index, std::type_index>, KlRule>;

template <class D>
void add(Rules& rules, Variable (*rule)(const D&, const D&)) {
  rules[{typeid(D), typeid(D)}] = [rule](const Distribution& p, const Distribution& q) {
    return rule(static_cast<const D&>(p), static_cast<const D&>(q));
  };
}

Rules& rules() {
  static Rules all = [] {
    Rules r;
    add(r, of_normals);
    add(r, of_bernoullis);
    add(r, of_independents);
    return r;
  }();
  return all;
}

}  // namespace

void register_kl(std::type_index p, std::type_index q, KlRule rule) { rules()[{p, q}] = std::move(rule); }

Variable kl_divergence(const Distribution& p, const Distribution& q) {
  const auto rule = rules().find({typeid(p), typeid(q)});
  if (rule == rules().end())
    throw F::Error(fmt::format("kl_divergence: there must be a rule for the two kinds, but they are {} and {}", p.name(),
                               q.name()));
  return rule->second(p, q);
}

}  // namespace nn::distributions
