#include <memory>
#include <variant>

#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/laplace.h"
#include "nn/distributions/normal.h"
#include "nn/distributions/uniform.h"
#include "tests/golden_runner/table.h"

// A distribution is made, and asked, as the manifest's call says: "D.Independent(D.Normal(x0,
// scale=x1)).log_prob(x2)".
namespace golden {
namespace {

namespace D = nn::distributions;
using Kind = Expression::Kind;
using Distribution = std::shared_ptr<const D::Distribution>;

class Asked {
 public:
  explicit Asked(const Call& call) : call_(call) {}

  Variable answer(const Expression& e) const {
    if (e.kind == Kind::attribute) return property(*distribution(e.parts.at(0)), e.text);
    if (e.callee() == "kl_divergence")
      return D::kl_divergence(*distribution(e.parts.at(1)), *distribution(e.parts.at(2)));
    return method(*distribution(e.parts.at(0).parts.at(0)), e.callee(), variable(&e.parts.at(1)));
  }

 private:
  static Variable property(const D::Distribution& d, const std::string& name) {
    if (name == "entropy") return d.entropy();
    if (name == "mean") return d.mean();
    if (name == "mode") return d.mode();
    if (name == "variance") return d.variance();
    if (name == "stddev") return d.stddev();
    throw NotBuilt{name};
  }
  static Variable method(const D::Distribution& d, const std::string& name, const Variable& x) {
    if (name == "log_prob") return d.log_prob(x);
    if (name == "prob") return d.prob(x);
    if (name == "cdf") return d.cdf(x);
    if (name == "log_cdf") return d.log_cdf(x);
    if (name == "icdf") return d.icdf(x);
    if (name == "survival_function") return d.survival_function(x);
    if (name == "log_survival_function") return d.log_survival_function(x);
    throw NotBuilt{name};
  }

  Distribution distribution(const Expression& e) const {
    const std::string& name = e.callee();
    const auto argument = [&](std::size_t position, const char* keyword) {
      return variable(e.argument(position, keyword));
    };
    if (name == "Normal")
      return std::make_shared<D::Normal>(
          D::Normal::Parameters{.loc = argument(0, "loc"),
                                .scale = argument(1, "scale"),
                                .log_scale = variable(e.keyword("log_scale"))});
    if (name == "Bernoulli") {
      const Expression* check = e.argument(2, "binary_check");
      return std::make_shared<D::Bernoulli>(
          D::Bernoulli::Parameters{.p = argument(0, "p"),
                                   .logit = argument(1, "logit"),
                                   .binary_check = check && literal(*check).flag()});
    }
    if (name == "Categorical")
      return std::make_shared<D::Categorical>(
          D::Categorical::Parameters{.p = argument(0, "p"), .logit = variable(e.keyword("logit"))});
    if (name == "Uniform")
      return std::make_shared<D::Uniform>(
          D::Uniform::Parameters{.low = variable(e.keyword("low")),
                                 .high = variable(e.keyword("high")),
                                 .loc = variable(e.keyword("loc")),
                                 .scale = variable(e.keyword("scale"))});
    if (name == "Laplace")
      return std::make_shared<D::Laplace>(argument(0, "loc"), argument(1, "scale"));
    if (name == "Exponential") return std::make_shared<D::Exponential>(argument(0, "lam"));
    if (name == "Gamma") return std::make_shared<D::Gamma>(argument(0, "k"), argument(1, "theta"));
    if (name == "Beta") return std::make_shared<D::Beta>(argument(0, "a"), argument(1, "b"));
    if (name == "Independent") {
      const Expression* ndims = e.argument(1, "reinterpreted_batch_ndims");
      return std::make_shared<D::Independent>(
          distribution(e.parts.at(1)),
          ndims ? std::optional<int>(literal(*ndims).integer()) : std::nullopt);
    }
    throw NotBuilt{name};
  }

  // An input, or zeros or ones like one or like its first row; no variable where there is no
  // argument.
  Variable variable(const Expression* e) const {
    if (!e) return {};
    if (e->kind == Kind::call) {
      const Array like = variable(&e->parts.at(1)).array();
      return autograd::as_variable(
          Array::full(like.shape(), e->callee() == "ones_like" ? 1 : 0, like.dtype()));
    }
    if (e->kind == Kind::subscript)
      return autograd::as_variable(
          variable(&e->parts.at(0)).array().select(0, literal(e->parts.at(1)).integer()));
    if (e->kind == Kind::attribute) return variable(&e->parts.at(0));
    for (std::size_t i = 0; i < call_.names.size(); ++i)
      if (call_.names[i] == e->text) return call_.x(i);
    throw NotBuilt{"a distribution of " + e->text};
  }

  const Call& call_;
};

}  // namespace

void add_distributions(Table& t) {
  const auto ask = [](const Call& c) {
    c.kwargs["reinterpreted_batch_ndims"];  // stands in the call as well
    return Asked(c).answer(parse_python(c.text));
  };
  t.add("kl_divergence", ask);
  for (const char* family : {"Normal.", "Bernoulli.", "Independent.", "Categorical.", "Uniform.",
                             "Laplace.", "Exponential.", "Gamma.", "Beta."})
    t.add_family(family, ask);
}

}  // namespace golden
