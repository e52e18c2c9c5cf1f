#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autograd/array/arithmetic.h"
#include "autograd/array/concat.h"
#include "autograd/array/random.h"
#include "autograd/array/random_distributions.h"
#include "autograd/base/error.h"
#include "autograd/functions/array/indexing.h"
#include "tests/golden_runner/cases.h"

// NumPy's legacy streams: "np.random.gamma(1.7, 2.0, 20)" is drawn from the generator of that seed.
namespace golden {
namespace {

namespace F = autograd;
namespace R = autograd::random;
using F::Dtype;
using Kind = Expression::Kind;
using Numbers = std::vector<double>;

// A distribution whose draws need nothing but numbers: the names of its parameters with their
// defaults, and one draw.
struct Drawn {
  struct Parameter {
    std::string name;
    std::optional<double> otherwise = {};
  };
  std::vector<Parameter> parameters;
  std::function<double(R::Generator&, const Numbers&)> draw;
  bool whole = false;
};

const std::map<std::string, Drawn>& distributions() {
  using G = R::Generator&;
  using P = const Numbers&;
  const auto n = [](double x) { return static_cast<std::int64_t>(x); };
  const auto real = [](std::int64_t x) { return static_cast<double>(x); };
  static const std::map<std::string, Drawn> all{
      {"random_sample", {{}, [](G g, P) { return g.rand(); }}},
      {"random", {{}, [](G g, P) { return g.rand(); }}},
      {"standard_normal", {{}, [](G g, P) { return g.standard_normal(); }}},
      {"standard_exponential", {{}, [](G g, P) { return g.standard_exponential(); }}},
      {"standard_cauchy", {{}, [](G g, P) { return R::standard_cauchy(g); }}},
      {"uniform", {{{"low", 0}, {"high", 1}}, [](G g, P p) { return g.uniform(p[0], p[1]); }}},
      {"normal", {{{"loc", 0}, {"scale", 1}}, [](G g, P p) { return g.normal(p[0], p[1]); }}},
      {"lognormal",
       {{{"mean", 0}, {"sigma", 1}}, [](G g, P p) { return R::lognormal(p[0], p[1], g); }}},
      {"exponential", {{{"scale", 1}}, [](G g, P p) { return R::exponential(p[0], g); }}},
      {"standard_gamma", {{{"shape"}}, [](G g, P p) { return g.standard_gamma(p[0]); }}},
      {"gamma", {{{"shape"}, {"scale", 1}}, [](G g, P p) { return R::gamma(p[0], p[1], g); }}},
      {"chisquare", {{{"df"}}, [](G g, P p) { return R::chisquare(p[0], g); }}},
      {"noncentral_chisquare",
       {{{"df"}, {"nonc"}}, [](G g, P p) { return R::noncentral_chisquare(p[0], p[1], g); }}},
      {"f", {{{"dfnum"}, {"dfden"}}, [](G g, P p) { return R::f(p[0], p[1], g); }}},
      {"noncentral_f",
       {{{"dfnum"}, {"dfden"}, {"nonc"}},
        [](G g, P p) { return R::noncentral_f(p[0], p[1], p[2], g); }}},
      {"standard_t", {{{"df"}}, [](G g, P p) { return R::standard_t(p[0], g); }}},
      {"beta", {{{"a"}, {"b"}}, [](G g, P p) { return g.beta(p[0], p[1]); }}},
      {"pareto", {{{"a"}}, [](G g, P p) { return R::pareto(p[0], g); }}},
      {"weibull", {{{"a"}}, [](G g, P p) { return R::weibull(p[0], g); }}},
      {"power", {{{"a"}}, [](G g, P p) { return R::power(p[0], g); }}},
      {"rayleigh", {{{"scale", 1}}, [](G g, P p) { return R::rayleigh(p[0], g); }}},
      {"laplace", {{{"loc", 0}, {"scale", 1}}, [](G g, P p) { return R::laplace(p[0], p[1], g); }}},
      {"gumbel", {{{"loc", 0}, {"scale", 1}}, [](G g, P p) { return R::gumbel(p[0], p[1], g); }}},
      {"logistic",
       {{{"loc", 0}, {"scale", 1}}, [](G g, P p) { return R::logistic(p[0], p[1], g); }}},
      {"triangular",
       {{{"left"}, {"mode"}, {"right"}},
        [](G g, P p) { return R::triangular(p[0], p[1], p[2], g); }}},
      {"vonmises", {{{"mu"}, {"kappa"}}, [](G g, P p) { return R::vonmises(p[0], p[1], g); }}},
      {"wald", {{{"mean"}, {"scale"}}, [](G g, P p) { return R::wald(p[0], p[1], g); }}},
      {"poisson", {{{"lam", 1}}, [=](G g, P p) { return real(R::poisson(p[0], g)); }, true}},
      {"binomial",
       {{{"n"}, {"p"}}, [=](G g, P p) { return real(R::binomial(n(p[0]), p[1], g)); }, true}},
      {"negative_binomial",
       {{{"n"}, {"p"}}, [=](G g, P p) { return real(R::negative_binomial(p[0], p[1], g)); }, true}},
      {"geometric", {{{"p"}}, [=](G g, P p) { return real(R::geometric(p[0], g)); }, true}},
      {"hypergeometric",
       {{{"ngood"}, {"nbad"}, {"nsample"}},
        [=](G g, P p) { return real(R::hypergeometric(n(p[0]), n(p[1]), n(p[2]), g)); },
        true}},
      {"zipf", {{{"a"}}, [=](G g, P p) { return real(R::zipf(p[0], g)); }, true}},
      {"logseries", {{{"p"}}, [=](G g, P p) { return real(R::logseries(p[0], g)); }, true}},
  };
  return all;
}

// Evaluates a call, and draws as it does so.
class Draws {
 public:
  explicit Draws(R::Generator& generator) : generator_(generator) {}

  Array value(const Expression& e) {
    switch (e.kind) {
      case Kind::literal:
        return number(e.value.number());
      case Kind::list: {
        Arrays items;
        for (const Expression& part : e.parts) items.push_back(value(part));
        return stacked(items);
      }
      case Kind::unary:
        return number(-value(e.parts[0]).item());
      case Kind::binary:
        return binary(e);
      case Kind::call:
        return called(e);
      default:
        throw NotBuilt{"random: " + e.text};
    }
  }

 private:
  static Array number(double x) {
    return x == std::floor(x) && std::fabs(x) < 9e15 ? Array::scalar(static_cast<std::int64_t>(x))
                                                     : Array::scalar(x);
  }
  // What NumPy makes of a list: floats if there is one.
  static Array stacked(const Arrays& items) {
    bool floats = false;
    for (const Array& item : items) floats = floats || is_float(item.dtype());
    Arrays all;
    for (const Array& item : items)
      all.push_back(item.astype(floats ? Dtype::float64 : Dtype::int64).expand_dims(0));
    return all.empty() ? Array::zeros({0}, Dtype::float64) : F::array::concat(all, 0);
  }

  Array binary(const Expression& e) {
    const double a = value(e.parts[0]).item(), b = value(e.parts[1]).item();
    if (e.text == "**") return number(std::pow(a, b));
    if (e.text == "*") return number(a * b);
    if (e.text == "+") return number(a + b);
    if (e.text == "-") return number(a - b);
    throw NotBuilt{"random: " + e.text};
  }

  static bool is_random(const Expression& e) {
    return e.kind == Kind::attribute && e.text == "random" && e.parts[0].kind == Kind::name;
  }

  Array called(const Expression& e) {
    const Expression& callee = e.parts[0];
    if (callee.kind != Kind::attribute) throw NotBuilt{"random: a call of " + callee.text};
    const Expression& of = callee.parts[0];
    Arguments given(e);
    Array result;
    if (is_random(of)) {
      result = drawn(callee.text, given, generator_);
    } else if (of.kind == Kind::call && of.callee() == "RandomState") {
      R::Generator other = state(of);
      result = drawn(callee.text, given, other);
    } else if (of.kind == Kind::name && of.text == "np") {
      result = function(callee.text, given);
    } else if (callee.text == "reshape") {
      Shape shape;
      for (std::size_t i = 1; i < e.parts.size(); ++i)
        shape.push_back(given.literal(i - 1, "shape").integer());
      result = value(of).reshape(shape);
    } else {
      throw NotBuilt{"random: " + callee.text};
    }
    for (const std::string& name : given.unread())
      throw autograd::Error(fmt::format(
          "{}: the runner must read every argument, but it does not read {}", callee.text, name));
    return result;
  }

  R::Generator state(const Expression& e) {
    Arguments given(e);
    const Array seed = value(*given.find(0, "seed"));
    std::vector<std::uint32_t> words;
    for (const std::int64_t word : seed.to_vector<std::int64_t>())
      words.push_back(static_cast<std::uint32_t>(word));
    return seed.ndim() == 0 ? R::Generator(words[0]) : R::seeded(words);
  }

  static Dtype dtype(const Expression& e) {
    for (const auto& [name, type] :
         std::initializer_list<std::pair<const char*, Dtype>>{{"bool", Dtype::bool_},
                                                              {"bool_", Dtype::bool_},
                                                              {"uint8", Dtype::uint8},
                                                              {"int32", Dtype::int32},
                                                              {"int64", Dtype::int64},
                                                              {"int", Dtype::int64},
                                                              {"float32", Dtype::float32},
                                                              {"float64", Dtype::float64},
                                                              {"float", Dtype::float64}})
      if (e.text == name) return type;
    throw NotBuilt{"random: numbers of " + e.text};
  }
  static Dtype dtype(const Expression* e, Dtype otherwise) { return e ? dtype(*e) : otherwise; }

  Array function(const std::string& name, Arguments& given) {
    if (name == "array" || name == "asarray") {
      const Array items = value(*given.find(0, "object"));
      return items.astype(dtype(given.find(1, "dtype"), items.dtype()));
    }
    if (name == "arange") return Array::arange(given.integer(0, "stop", 0));
    if (name == "concatenate") {
      Arrays items;
      for (const Expression& part : given.find(0, "arrays")->parts) items.push_back(value(part));
      return F::array::concat(items, 0);
    }
    if (name == "frombuffer") {
      const Array bytes = value(*given.find(0, "buffer"));
      if (dtype(*given.find(1, "dtype")) != Dtype::uint8) throw NotBuilt{"random: frombuffer"};
      return bytes;
    }
    throw NotBuilt{"random: np." + name};
  }

  // The shape of `size`; none where there is none.
  std::optional<Shape> size(Arguments& given, std::size_t position) {
    return given.shape(position, "size");
  }
  static std::int64_t count(const std::optional<Shape>& size) {
    return size ? size->elements() : 1;
  }
  static Array shaped(const std::vector<std::int64_t>& numbers, const std::optional<Shape>& size) {
    return Array::from(numbers, size.value_or(Shape{}));
  }
  static Shape joined(Shape shape, std::int64_t last) {
    shape.push_back(last);
    return shape;
  }

  Array drawn(const std::string& name, Arguments& given, R::Generator& g) {
    if (const auto found = distributions().find(name); found != distributions().end())
      return each(found->second, given, g);
    if (name == "rand" || name == "randn") {
      Shape shape;
      for (std::size_t i = 0; i < given.call().positional(); ++i)
        shape.push_back(given.integer(i, "d", 0));
      return name == "rand" ? F::array::rand(shape, Dtype::float64, g)
                            : F::array::standard_normal(shape, Dtype::float64, g);
    }
    if (name == "randint") return integers(given, g);
    if (name == "choice") return chosen(given, g);
    if (name == "permutation") {
      const Array x = value(*given.find(0, "x"));
      if (x.ndim() == 0) return Array::from(g.permutation(x.to_vector<std::int64_t>()[0]));
      return F::get_item(x, {Array::from(g.permutation(x.length(0)))}).array();
    }
    if (name == "multinomial") {
      const std::int64_t n = given.integer(0, "n", 0);
      const Numbers p = value(*given.find(1, "pvals")).to_vector<double>();
      const std::optional<Shape> shape = size(given, 2);
      std::vector<std::int64_t> all;
      for (std::int64_t i = 0; i < count(shape); ++i)
        for (const std::int64_t k : R::multinomial(n, p, g)) all.push_back(k);
      return Array::from(all, joined(shape.value_or(Shape{}), static_cast<std::int64_t>(p.size())));
    }
    if (name == "dirichlet") {
      const Array alpha = value(*given.find(0, "alpha")).astype(Dtype::float64);
      const std::optional<Shape> shape = size(given, 1);
      return F::array::dirichlet(alpha.expand_dims(0), count(shape), g)
          .reshape(joined(shape.value_or(Shape{}), alpha.length(0)));
    }
    if (name == "multivariate_normal") {
      const Array mean = value(*given.find(0, "mean")), cov = value(*given.find(1, "cov"));
      const std::optional<Shape> shape = size(given, 2);
      return F::array::multivariate_normal(mean.astype(Dtype::float64), cov.astype(Dtype::float64),
                                           count(shape), g)
          .reshape(joined(shape.value_or(Shape{}), mean.length(0)));
    }
    if (name == "bytes") {
      std::vector<std::uint8_t> all;
      for (const std::byte b : R::bytes(given.integer(0, "length", 0), g))
        all.push_back(static_cast<std::uint8_t>(b));
      return Array::from(all);
    }
    throw NotBuilt{"random: " + name};
  }

  // One draw for each element of the parameters, broadcast to the size.
  Array each(const Drawn& d, Arguments& given, R::Generator& g) {
    Arrays parameters;
    std::optional<Shape> shape;
    for (std::size_t i = 0; i < d.parameters.size(); ++i) {
      const Expression* e = given.find(i, d.parameters[i].name);
      if (!e && !d.parameters[i].otherwise) throw NotBuilt{"random: " + d.parameters[i].name};
      parameters.push_back(
          (e ? value(*e) : Array::scalar(*d.parameters[i].otherwise)).astype(Dtype::float64));
    }
    shape = size(given, d.parameters.size());
    Shape common = shape.value_or(Shape{});
    if (!shape)
      for (const Array& p : parameters) common = F::broadcast_shapes(common, p.shape());
    std::vector<Numbers> columns;
    for (const Array& p : parameters)
      columns.push_back(p.broadcast_to(common).copy().to_vector<double>());
    Numbers all(static_cast<std::size_t>(common.elements()));
    Numbers row(columns.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (std::size_t k = 0; k < columns.size(); ++k) row[k] = columns[k][i];
      all[i] = d.draw(g, row);
    }
    return Array::from(all, common).astype(d.whole ? Dtype::int64 : Dtype::float64);
  }

  Array integers(Arguments& given, R::Generator& g) {
    const auto bound = [&](const Expression* e) { return value(*e).to_vector<std::int64_t>()[0]; };
    std::int64_t low = bound(given.find(0, "low")), high = low;
    const Expression* const second = given.find(1, "high");
    if (second && !(second->kind == Kind::literal && second->value.is(Value::Kind::null)))
      high = bound(second);
    else
      low = 0;
    const std::optional<Shape> shape = size(given, 2);
    Array all = Array::empty(shape.value_or(Shape{}), dtype(given.find(3, "dtype"), Dtype::int64));
    const auto room = static_cast<std::size_t>(all.size());
    switch (all.dtype()) {
      case Dtype::int64:
        g.randint(low, high, {all.mutable_data<std::int64_t>(), room});
        break;
      case Dtype::int32:
        R::randint(low, high, std::span(all.mutable_data<std::int32_t>(), room), g);
        break;
      case Dtype::uint8:
        R::randint(low, high, std::span(all.mutable_data<std::uint8_t>(), room), g);
        break;
      case Dtype::bool_:
        R::randint(low, high, std::span(all.mutable_data<bool>(), room), g);
        break;
      default:
        throw NotBuilt{"random: randint of other dtypes"};
    }
    return all;
  }

  Array chosen(Arguments& given, R::Generator& g) {
    const Array a = value(*given.find(0, "a"));
    const std::optional<Shape> shape = size(given, 1);
    const bool replace = given.flag(2, "replace", true);
    const Expression* const p = given.find(3, "p");
    std::vector<std::int64_t> places;
    if (p) {
      const Array probabilities = value(*p);
      places = R::choice(probabilities.to_vector<double>(), count(shape), replace, g,
                         probabilities.dtype() == Dtype::float32 ? R::kSlack32 : R::kSlack64);
    } else {
      places = g.choice(a.ndim() == 0 ? a.to_vector<std::int64_t>()[0] : a.length(0), count(shape),
                        replace);
    }
    const Array indices = shaped(places, shape);
    return a.ndim() == 0 ? indices : F::get_item(a, {indices}).array();
  }

  R::Generator& generator_;
};

// What `call` gives. The only lambda shuffles its argument and returns it.
Array called(std::string call, R::Generator& generator) {
  constexpr std::string_view shuffle = "(lambda a: (np.random.shuffle(a), a)[1])(";
  const bool shuffled = call.starts_with(shuffle);
  if (shuffled) call = "np.random.permutation(" + call.substr(shuffle.size());
  return Draws(generator).value(parse_python(call));
}

// |a - b| / |b|, at most; 0 for equal infinities and NaNs.
double relative_error(const Array& got, const Array& expected) {
  const Numbers a = got.to_vector<double>(), b = expected.to_vector<double>();
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i])))
      worst = std::max(worst, std::fabs(a[i] - b[i]) / std::fabs(b[i]));
  return worst;
}

}  // namespace

void run_random(const Value& manifest, Store& store, Report& report) {
  const Value& random = manifest["random"];
  for (const Value& entry : random["cases"].items()) {
    report.run("random/" + entry["name"].text(), [&] {
      const std::string& file = random["file"].text();
      const std::string& dtype = entry["dtype"].text();
      Shape shape;
      for (const int n : entry["shape"].integers()) shape.push_back(n);
      const std::vector<Value>&seeds = entry["seeds"].items(), &keys = entry["keys"].items();
      report.expect(seeds.size() == keys.size() && !seeds.empty(), "seeds",
                    "there is not one key for each");
      for (std::size_t i = 0; i < seeds.size(); ++i) {
        const std::string& key = keys[i].text();
        R::Generator generator(static_cast<std::uint32_t>(seeds[i].number()));
        const Array got = called(entry["call"].text(), generator);
        const Array expected = store.array(file, key);
        report.expect(got.shape() == shape && name(got.dtype()) == dtype, "form",
                      fmt::format("it is {}, not {}{}", describe(got), dtype, to_string(shape)));
        if (got.shape() != expected.shape() || got.dtype() != expected.dtype()) return;
        const double error = relative_error(got, expected);
        report.expect(error <= (is_float(got.dtype()) ? 1e-12 : 0), "y",
                      fmt::format("{} is {:.2g} off", key, error));
        const Array next = store.array(file, key + "/next");
        report.expect(generator.rand() == next.to_vector<double>()[0], "next",
                      key + " leaves the generator elsewhere");
      }
      require_all_read(entry, {"note"});
    });
  }
}

}  // namespace golden
