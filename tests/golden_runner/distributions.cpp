#include <memory>
#include <variant>

#include "autograd/base/error.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/laplace.h"
#include "nn/distributions/normal.h"
#include "nn/distributions/uniform.h"
#include "tests/golden_runner/script.h"
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
    if (e.kind != Kind::call) throw NotBuilt{"a distribution with the lines of " + call_.text};
    Arguments arguments(e);
    Variable y;
    if (e.callee() == "kl_divergence") {
      y = D::kl_divergence(*distribution(*arguments.find(0, "dist1")),
                           *distribution(*arguments.find(1, "dist2")));
    } else {
      const Distribution d = distribution(e.parts.at(0).parts.at(0));
      y = e.callee() == "sample" ? sample(*d, arguments.literal(0, "sample_shape"))
                                 : method(*d, e.callee(), variable(arguments.find(0, "x")));
    }
    require_all_read(arguments);
    return y;
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
    if (name == "log_prob" && d.name() == "Categorical" && is_float(x.dtype()))
      throw NotBuilt{"Categorical.log_prob of floating numbers"};
    if (name == "log_prob") return d.log_prob(x);
    if (name == "prob") return d.prob(x);
    if (name == "cdf") return d.cdf(x);
    if (name == "log_cdf") return d.log_cdf(x);
    if (name == "icdf") return d.icdf(x);
    if (name == "survival_function") return d.survival_function(x);
    if (name == "log_survival_function") return d.log_survival_function(x);
    throw NotBuilt{name};
  }

  // One draw, n of them, or as many as a shape has elements.
  static Variable drawn(const D::Distribution& d, const Value& n) {
    if (n.is(Value::Kind::null)) return d.sample();
    if (n.is(Value::Kind::number)) return d.sample(std::int64_t{n.integer()});
    Shape shape;
    for (const int length : n.integers()) shape.push_back(length);
    return d.sample(shape);
  }
  // Draws of 0 and 1 are floating here, and classes int32; Chainer's are int64.
  static Variable sample(const D::Distribution& d, const Value& n) {
    const Variable x = drawn(d, n);
    return d.name() == "Bernoulli" || d.name() == "Categorical"
               ? autograd::as_variable(x.array().astype(autograd::Dtype::int64))
               : x;
  }

  static void require_all_read(const Arguments& arguments) {
    for (const std::string& name : arguments.unread())
      throw autograd::Error(
          "distributions: the runner must read every argument, but it does not read " + name +
          " of " + arguments.call().callee());
  }

  Distribution distribution(const Expression& e) const {
    Arguments arguments(e);
    const Distribution d = distribution(e.callee(), arguments);
    require_all_read(arguments);
    return d;
  }

  Distribution distribution(const std::string& name, Arguments& arguments) const {
    const auto argument = [&](std::size_t position, const char* keyword) {
      return variable(arguments.find(position, keyword));
    };
    if (name == "Normal")
      return std::make_shared<D::Normal>(
          D::Normal::Parameters{.loc = argument(0, "loc"),
                                .scale = argument(1, "scale"),
                                .log_scale = argument(2, "log_scale")});
    if (name == "Bernoulli")
      return std::make_shared<D::Bernoulli>(
          D::Bernoulli::Parameters{.p = argument(0, "p"),
                                   .logit = argument(1, "logit"),
                                   .binary_check = arguments.flag(2, "binary_check")});
    if (name == "Categorical")
      return std::make_shared<D::Categorical>(
          D::Categorical::Parameters{.p = argument(0, "p"), .logit = argument(1, "logit")});
    if (name == "Uniform")
      return std::make_shared<D::Uniform>(D::Uniform::Parameters{.low = argument(2, "low"),
                                                                 .high = argument(3, "high"),
                                                                 .loc = argument(0, "loc"),
                                                                 .scale = argument(1, "scale")});
    if (name == "Laplace")
      return std::make_shared<D::Laplace>(argument(0, "loc"), argument(1, "scale"));
    if (name == "Exponential") return std::make_shared<D::Exponential>(argument(0, "lam"));
    if (name == "Gamma") return std::make_shared<D::Gamma>(argument(0, "k"), argument(1, "theta"));
    if (name == "Beta") return std::make_shared<D::Beta>(argument(0, "a"), argument(1, "b"));
    if (name == "Independent") {
      const Value ndims = arguments.literal(1, "reinterpreted_batch_ndims");
      return std::make_shared<D::Independent>(
          distribution(*arguments.find(0, "distribution")),
          ndims.is(Value::Kind::null) ? std::nullopt : std::optional<int>(ndims.integer()));
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
    return run_script(c, {.other = [&](const Expression& e) { return Thing(Asked(c).answer(e)); }});
  };
  t.add("kl_divergence", ask);
  for (const char* family : {"Normal.", "Bernoulli.", "Independent.", "Categorical.", "Uniform.",
                             "Laplace.", "Exponential.", "Gamma.", "Beta."})
    t.add_family(family, ask);
}

}  // namespace golden
