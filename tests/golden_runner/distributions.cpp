#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <variant>

#include "autograd/array/compare.h"
#include "autograd/base/error.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/cauchy.h"
#include "nn/distributions/chisquare.h"
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
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/script.h"
#include "tests/golden_runner/table.h"

// A distribution is made, and asked, as the manifest's call says: "D.Independent(D.Normal(x0,
// scale=x1)).log_prob(x2)".
namespace golden {
namespace {

namespace D = nn::distributions;
using Kind = Expression::Kind;
using Distribution = std::shared_ptr<const D::Distribution>;

// What an argument of a constructor is; none where there is no such argument.
using Argument = std::function<Variable(std::size_t position, const char* keyword)>;

// Distributions whose parameters are variables, made by Chainer's arguments.
Distribution of_variables(const std::string& name, const Argument& argument) {
  if (name == "Normal")
    return std::make_shared<D::Normal>(
        D::Normal::Parameters{.loc = argument(0, "loc"),
                              .scale = argument(1, "scale"),
                              .log_scale = argument(2, "log_scale")});
  if (name == "Categorical")
    return std::make_shared<D::Categorical>(
        D::Categorical::Parameters{.p = argument(0, "p"), .logit = argument(1, "logit")});
  if (name == "Uniform")
    return std::make_shared<D::Uniform>(D::Uniform::Parameters{.low = argument(2, "low"),
                                                               .high = argument(3, "high"),
                                                               .loc = argument(0, "loc"),
                                                               .scale = argument(1, "scale")});
  if (name == "MultivariateNormal")
    return std::make_shared<D::MultivariateNormal>(D::MultivariateNormal::Parameters{
        .loc = argument(0, "loc"), .scale_tril = argument(1, "scale_tril")});
  if (name == "Beta") return std::make_shared<D::Beta>(argument(0, "a"), argument(1, "b"));
  if (name == "Cauchy")
    return std::make_shared<D::Cauchy>(argument(0, "loc"), argument(1, "scale"));
  if (name == "Chisquare") return std::make_shared<D::Chisquare>(argument(0, "k"));
  if (name == "Dirichlet") return std::make_shared<D::Dirichlet>(argument(0, "alpha"));
  if (name == "Exponential") return std::make_shared<D::Exponential>(argument(0, "lam"));
  if (name == "Gamma") return std::make_shared<D::Gamma>(argument(0, "k"), argument(1, "theta"));
  if (name == "Geometric") return std::make_shared<D::Geometric>(argument(0, "p"));
  if (name == "Gumbel")
    return std::make_shared<D::Gumbel>(argument(0, "loc"), argument(1, "scale"));
  if (name == "Laplace")
    return std::make_shared<D::Laplace>(argument(0, "loc"), argument(1, "scale"));
  if (name == "LogNormal")
    return std::make_shared<D::LogNormal>(argument(0, "mu"), argument(1, "sigma"));
  if (name == "OneHotCategorical") return std::make_shared<D::OneHotCategorical>(argument(0, "p"));
  if (name == "Pareto")
    return std::make_shared<D::Pareto>(argument(0, "scale"), argument(1, "alpha"));
  if (name == "Poisson") return std::make_shared<D::Poisson>(argument(0, "lam"));
  throw NotBuilt{name};
}

Variable property_of(const D::Distribution& d, const std::string& name) {
  if (name == "entropy") return d.entropy();
  if (name == "mean") return d.mean();
  if (name == "mode") return d.mode();
  if (name == "variance") return d.variance();
  if (name == "stddev") return d.stddev();
  if (name == "covariance") return d.covariance();
  throw NotBuilt{name};
}

Variable method_of(const D::Distribution& d, const std::string& name, const Variable& x) {
  if (name == "log_prob") return d.log_prob(x);
  if (name == "prob") return d.prob(x);
  if (name == "cdf") return d.cdf(x);
  if (name == "log_cdf") return d.log_cdf(x);
  if (name == "icdf") return d.icdf(x);
  if (name == "survival_function") return d.survival_function(x);
  if (name == "log_survival_function") return d.log_survival_function(x);
  if (name == "perplexity") return d.perplexity(x);
  throw NotBuilt{name};
}

// Draws of 0 and 1 are floating here, and classes int32; Chainer's are int64.
Variable as_chainers(const D::Distribution& d, const Variable& x) {
  return d.name() == "Bernoulli" || d.name() == "Categorical"
             ? autograd::as_variable(x.array().astype(autograd::Dtype::int64))
             : x;
}

class Asked {
 public:
  explicit Asked(const Call& call) : call_(call) {}

  Variable answer(const Expression& e) const {
    if (e.kind == Kind::attribute) return property_of(*distribution(e.parts.at(0)), e.text);
    if (e.kind != Kind::call) throw NotBuilt{"a distribution with the lines of " + call_.text};
    Arguments arguments(e);
    Variable y;
    if (e.callee() == "kl_divergence") {
      y = D::kl_divergence(*distribution(*arguments.find(0, "dist1")),
                           *distribution(*arguments.find(1, "dist2")));
    } else {
      const Distribution d = distribution(e.parts.at(0).parts.at(0));
      y = e.callee() == "sample" ? sample(*d, arguments.literal(0, "sample_shape"))
                                 : method_of(*d, e.callee(), variable(arguments.find(0, "x")));
    }
    require_all_read(arguments);
    return y;
  }

 private:
  // One draw, n of them, or as many as a shape has elements.
  static Variable drawn(const D::Distribution& d, const Value& n) {
    if (n.is(Value::Kind::null)) return d.sample();
    if (n.is(Value::Kind::number)) return d.sample(std::int64_t{n.integer()});
    Shape shape;
    for (const int length : n.integers()) shape.push_back(length);
    return d.sample(shape);
  }
  static Variable sample(const D::Distribution& d, const Value& n) {
    return as_chainers(d, drawn(d, n));
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
    if (name == "Bernoulli")
      return std::make_shared<D::Bernoulli>(
          D::Bernoulli::Parameters{.p = argument(0, "p"),
                                   .logit = argument(1, "logit"),
                                   .binary_check = arguments.flag(2, "binary_check")});
    if (name == "Independent") {
      const Value ndims = arguments.literal(1, "reinterpreted_batch_ndims");
      return std::make_shared<D::Independent>(
          distribution(*arguments.find(0, "distribution")),
          ndims.is(Value::Kind::null) ? std::nullopt : std::optional<int>(ndims.integer()));
    }
    return of_variables(name, argument);
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
  for (const char* family :
       {"Bernoulli.", "Beta.", "Categorical.", "Cauchy.", "Chisquare.", "Dirichlet.",
        "Exponential.", "Gamma.", "Geometric.", "Gumbel.", "Independent.", "Laplace.", "LogNormal.",
        "MultivariateNormal.", "Normal.", "OneHotCategorical.", "Pareto.", "Poisson.", "Uniform."})
    t.add_family(family, ask);
}

namespace {

constexpr std::int64_t kBatch = 2, kEvent = 3;

// A distribution of each class with a batch of 2, and 3 numbers in an event, in float32.
Distribution example_of(const std::string& name) {
  const auto numbers = [](const Shape& shape, double value) {
    return autograd::as_variable(Array::full(shape, value, autograd::Dtype::float32));
  };
  if (name == "Independent")
    return std::make_shared<D::Independent>(
        D::Normal(numbers({kBatch, kEvent}, 0.5), numbers({kBatch, kEvent}, 1)));
  if (name == "Bernoulli")
    return std::make_shared<D::Bernoulli>(
        D::Bernoulli::Parameters{.logit = numbers({kBatch}, 0.5)});
  if (name == "MultivariateNormal") {
    const Array places = Array::arange(kEvent);
    const Array ones =
        autograd::array::equal(places.expand_dims(1), places).astype(autograd::Dtype::float32);
    return std::make_shared<D::MultivariateNormal>(
        numbers({kBatch, kEvent}, 0.5),
        autograd::as_variable(ones.broadcast_to({kBatch, kEvent, kEvent}).copy()));
  }
  const bool of_probabilities = name == "Categorical" || name == "OneHotCategorical";
  const bool of_vectors = of_probabilities || name == "Dirichlet";
  const Shape shape = of_vectors ? Shape{kBatch, kEvent} : Shape{kBatch};
  return of_variables(name, [&](std::size_t, const char* keyword) -> Variable {
    const std::string which = keyword;
    if (which == "log_scale" || which == "logit") return {};
    if (name == "Uniform" && (which == "loc" || which == "scale")) return {};
    if (of_probabilities) return numbers(shape, 1.0 / kEvent);
    return numbers(shape, which == "high" ? 1 : 0.5);
  });
}

// "float32 (2, 3)", as the manifest says it.
std::string form_of(const Variable& x) {
  std::string lengths;
  for (int i = 0; i < x.ndim(); ++i) lengths += (i > 0 ? ", " : "") + std::to_string(x.shape()[i]);
  return fmt::format("{} ({}{})", autograd::name(x.dtype()), lengths, x.ndim() == 1 ? "," : "");
}

bool is_error(const std::string& said) { return said.ends_with("Error"); }

// What Chainer's class has, this one has too, with the same dtype and shape. It may have more: what
// Chainer does not implement.
class Api {
 public:
  Api(const Value& entry, Report& report)
      : entry_(entry), report_(report), d_(example_of(entry["name"].text())) {}

  void check() {
    expect("batch_shape", to_string(shape("batch_shape")), to_string(d_->batch_shape()));
    expect("event_shape", to_string(shape("event_shape")), to_string(d_->event_shape()));
    if (entry_.has("support"))
      expect("support", entry_["support"].text(), std::string(d_->support()));
    else
      expect_none("support", [&] { d_->support(); });
    if (entry_.has("params")) {
      std::set<std::string> said, found;
      for (const Value& each : entry_["params"].items()) said.insert(each.text());
      for (const auto& [key, variable] : d_->params()) found.insert(key);
      report_.expect(said == found, "params", "they have other names");
    }
    const Value& attributes = entry_["attributes"];
    for (const std::string& key : attributes.keys()) {
      const std::string& said = attributes[key].text();
      if (is_error(said) || said == "str" || said == "dict") continue;
      expect(key, said, std::string(autograd::name(property_of(*d_, key).dtype())));
    }
    const Value& methods = entry_["methods"];
    for (const std::string& key : methods.keys()) {
      const std::string& said = methods[key].text();
      if (!is_error(said)) expect(key, said, form_of(asked(key)));
    }
    const Value& kl = entry_["kl_divergence"];
    if (kl.is(Value::Kind::boolean))
      expect("kl_divergence", form_of(d_->log_prob(point())), form_of(D::kl_divergence(*d_, *d_)));
    else
      expect_none("kl_divergence", [&] { D::kl_divergence(*d_, *d_); });
  }

 private:
  Shape shape(const char* key) const {
    Shape lengths;
    for (const int n : entry_[key].integers()) lengths.push_back(n);
    return lengths;
  }
  void expect(const std::string& what, const std::string& said, const std::string& found) {
    report_.expect(said == found, what, fmt::format("it is {}, not {}", found, said));
  }
  void expect_none(const std::string& what, const std::function<void()>& ask) {
    try {
      ask();
    } catch (const autograd::Error&) {
      return;
    }
    report_.expect(false, what, "there is one");
  }
  // A value of the distribution, which lies in the support of each.
  Variable point() const { return d_->sample(); }
  Variable asked(const std::string& method) const {
    if (method == "sample") return as_chainers(*d_, d_->sample(Shape{2, 3}));
    if (method == "sample_n") return as_chainers(*d_, d_->sample_n(4));
    return method_of(*d_, method, point());
  }

  const Value& entry_;
  Report& report_;
  Distribution d_;
};

}  // namespace

void run_distribution_api(const Value& manifest, Report& report) {
  for (const Value& entry : manifest["distribution_api"]["cases"].items())
    report.run("distribution_api/" + entry["name"].text(), [&] {
      Api(entry, report).check();
      require_all_read(entry, {});
    });
}

}  // namespace golden
