#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/laplace.h"
#include "nn/distributions/normal.h"
#include "tests/paths.h"
#include "tests/ranges/exceptions.h"

// Values, first and second derivatives at the ends of the range, against numbers of arbitrary
// precision that make_cases.py has written into cases.txt.gz: see README.md.
namespace autograd::ranges {
namespace {

namespace D = nn::distributions;
using Xs = const Variables&;

// ---- the cases

// What an output must be: a number, and the error that the roundings of a good formula make up.
struct Output {
  bool known = false;  // false: there is no such number, nor a limit
  double value = 0, error = 0;
};

struct Case {
  std::vector<double> x;
  std::vector<Output> outputs;  // value, first derivatives, second ones: 00, 01, ..., 11, ...
};

struct Group {
  std::string function;
  Dtype dtype;
  int inputs;
  std::vector<Case> cases;
};

Output output_of(const std::string& cell) {
  if (cell == "?") return {};
  Output o{true};
  char* end = nullptr;
  o.value = std::strtod(cell.c_str(), &end);
  if (*end == '~') o.error = std::ldexp(1.0, std::atoi(end + 1));
  return o;
}

std::string unpacked(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  EXPECT_TRUE(file) << path;
  std::string text, part(1 << 16, 0);
  for (int n; (n = gzread(file, part.data(), static_cast<unsigned>(part.size()))) > 0;)
    text.append(part, 0, static_cast<std::size_t>(n));
  gzclose(file);
  return text;
}

std::vector<Group> groups() {
  std::vector<Group> all;
  std::istringstream lines(unpacked(source_path("tests/ranges/cases.txt.gz")));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    if (line.find(':') == std::string::npos) {
      Group g;
      std::string dtype;
      words >> g.function >> dtype >> g.inputs;
      g.dtype = dtype == "f" ? Dtype::float32 : Dtype::float64;
      all.push_back(g);
    } else {
      Case c;
      std::string word;
      while (words >> word && word != ":") c.x.push_back(std::strtod(word.c_str(), nullptr));
      while (words >> word) c.outputs.push_back(output_of(word));
      all.back().cases.push_back(c);
    }
  }
  return all;
}

// ---- the functions

Variable column(const Variable& x) { return reshape(x, {x.size(), 1}); }
Variable row(const Variable& x) { return reshape(x, {1, x.size()}); }
// Two arguments as the two elements of a row, or of a column, which other loops take.
Variable in_rows(Xs x) { return concat({column(x[0]), column(x[1])}, 1); }
Variable in_columns(Xs x) { return concat({row(x[0]), row(x[1])}, 0); }
Variable first(const Variable& y) { return split_axis(y, {1}, 1)[0]; }
Variable top(const Variable& y) { return split_axis(y, {1}, 0)[0]; }
Array zeros(const Variable& x) { return Array::full(x.shape(), 0, Dtype::int32); }

struct Function {
  std::function<Variable(Xs)> call;
  int differentiable = 9;   // how many of the arguments have a gradient, from the first on
  bool one_by_one = false;  // whether it is not a function of each row
};

template <class F>
Function unary(const F& f) {
  return {[f](Xs x) { return f(x[0]); }};
}
template <class F>
Function binary(const F& f) {
  return {[f](Xs x) { return f(x[0], x[1]); }};
}

// A name may stand for several ways to one result.
std::multimap<std::string, Function> functions() {
  using V = const Variable&;
  const auto none = Reduce::no;
  return {
      {"exp", unary([](V x) { return exp(x); })},
      {"expm1", unary([](V x) { return expm1(x); })},
      {"log", unary([](V x) { return log(x); })},
      {"log1p", unary([](V x) { return log1p(x); })},
      {"log2", unary([](V x) { return log2(x); })},
      {"log10", unary([](V x) { return log10(x); })},
      {"sqrt", unary([](V x) { return sqrt(x); })},
      {"rsqrt", unary([](V x) { return rsqrt(x); })},
      {"sinh", unary([](V x) { return sinh(x); })},
      {"cosh", unary([](V x) { return cosh(x); })},
      {"erf", unary([](V x) { return erf(x); })},
      {"erfc", unary([](V x) { return erfc(x); })},
      {"erfcx", unary([](V x) { return erfcx(x); })},
      {"ndtr", unary([](V x) { return ndtr(x); })},
      {"log_ndtr", unary([](V x) { return log_ndtr(x); })},
      {"erfinv", unary([](V x) { return erfinv(x); })},
      {"erfcinv", unary([](V x) { return erfcinv(x); })},
      {"ndtri", unary([](V x) { return ndtri(x); })},
      {"lgamma", unary([](V x) { return lgamma(x); })},
      {"digamma", unary([](V x) { return digamma(x); })},
      {"polygamma_1", unary([](V x) { return polygamma(1, x); })},
      {"polygamma_2", unary([](V x) { return polygamma(2, x); })},
      {"zeta_3", unary([](V x) { return zeta(3, x); })},
      {"zeta_2.5", unary([](V x) { return zeta(2.5, x); })},
      {"xlogx", unary([](V x) { return xlogx(x); })},
      {"sin", unary([](V x) { return sin(x); })},
      {"cos", unary([](V x) { return cos(x); })},
      {"tan", unary([](V x) { return tan(x); })},
      {"arcsin", unary([](V x) { return arcsin(x); })},
      {"arccos", unary([](V x) { return arccos(x); })},
      {"arctan", unary([](V x) { return arctan(x); })},
      {"arctanh", unary([](V x) { return arctanh(x); })},
      {"sigmoid", unary([](V x) { return sigmoid(x); })},
      {"tanh", unary([](V x) { return tanh(x); })},
      {"softplus", unary([](V x) { return softplus(x); })},
      {"softplus_2", unary([](V x) { return softplus(x, 2); })},
      {"relu", unary([](V x) { return relu(x); })},
      {"leaky_relu", unary([](V x) { return leaky_relu(x, 0.25); })},
      {"elu", unary([](V x) { return elu(x); })},
      {"hard_sigmoid", unary([](V x) { return hard_sigmoid(x); })},
      {"clipped_relu", unary([](V x) { return clipped_relu(x); })},
      {"swish", binary([](V x, V beta) { return swish(row(x), beta); })},
      {"prelu", binary([](V x, V w) { return prelu(row(x), w); })},
      {"add", binary([](V a, V b) { return a + b; })},
      {"sub", binary([](V a, V b) { return a - b; })},
      {"mul", binary([](V a, V b) { return a * b; })},
      {"div", binary([](V a, V b) { return a / b; })},
      {"two_over", unary([](V x) { return 2 / x; })},
      {"third", unary([](V x) { return x / 3; })},
      {"pow", binary([](V a, V b) { return pow(a, b); })},
      {"pow_2", unary([](V x) { return pow(x, 2); })},
      {"pow_3", unary([](V x) { return pow(x, 3); })},
      {"pow_half", unary([](V x) { return pow(x, 0.5); })},
      {"pow_minus_1", unary([](V x) { return pow(x, -1); })},
      {"pow_minus_2", unary([](V x) { return pow(x, -2); })},
      {"pow_2.5", unary([](V x) { return pow(x, 2.5); })},
      {"two_pow", unary([](V x) { return pow(2, x); })},
      {"zero_pow", unary([](V x) { return pow(0.0, x); })},
      {"absolute", unary([](V x) { return absolute(x); })},
      {"square", unary([](V x) { return square(x); })},
      {"maximum", binary([](V a, V b) { return maximum(a, b); })},
      {"minimum", binary([](V a, V b) { return minimum(a, b); })},
      {"clip", unary([](V x) { return clip(x, -1, 2); })},
      {"sign", unary([](V x) { return sign(x); })},
      {"floor", unary([](V x) { return floor(x); })},
      {"ceil", unary([](V x) { return ceil(x); })},
      {"fix", unary([](V x) { return fix(x); })},
      {"arctan2", binary([](V a, V b) { return arctan2(a, b); })},
      {"squared_error", binary([](V a, V b) { return squared_error(a, b); })},
      {"absolute_error", binary([](V a, V b) { return absolute_error(a, b); })},
      {"bernoulli_nll", binary([=](V x, V y) { return bernoulli_nll(x, y, none); })},
      {"sigmoid_cross_entropy",
       {[=](Xs x) {
          return sigmoid_cross_entropy(x[0], x[1].array().astype(Dtype::int32), true, none);
        },
        1}},
      {"bernoulli_log_prob", {[](Xs x) { return bernoulli_log_prob(x[0], x[1]); }, 1}},
      {"bernoulli_log_prob",
       {[](Xs x) { return D::Bernoulli({.logit = x[0]}).log_prob(x[1]); }, 1}},
      {"gaussian_nll", {[=](Xs x) { return gaussian_nll(x[0], x[1], x[2], none); }}},
      {"gaussian_kl_divergence",
       binary([=](V m, V s) { return gaussian_kl_divergence(m, s, none); })},
      {"gaussian", {[](Xs x) { return gaussian(x[0], x[1], {.eps = x[2].array()}); }, 2}},
      {"huber_loss", binary([=](V a, V b) { return huber_loss(a, b, 0.75, none); })},
      {"log_softmax", {[](Xs x) { return first(log_softmax(in_rows(x), 1)); }}},
      {"log_softmax", {[](Xs x) { return top(log_softmax(in_columns(x), 0)); }}},
      {"log_softmax",
       {[](Xs x) { return D::Categorical({.logit = in_rows(x)}).log_prob(zeros(x[0])); }}},
      {"softmax", {[](Xs x) { return first(softmax(in_rows(x), 1)); }}},
      {"softmax", {[](Xs x) { return top(softmax(in_columns(x), 0)); }}},
      {"logsumexp", {[](Xs x) { return logsumexp(in_rows(x), 1); }}},
      {"logsumexp", {[](Xs x) { return logsumexp(in_columns(x), 0); }}},
      {"softmax_cross_entropy",
       {[=](Xs x) { return softmax_cross_entropy(in_rows(x), zeros(x[0]), {.reduce = none}); }}},
      {"softmax_cross_entropy", {[=](Xs x) {
         const Array soft = concat({Variable(Array::full({x[0].size(), 1}, 1, x[0].dtype())),
                                    Variable(Array::zeros({x[0].size(), 1}, x[0].dtype()))},
                                   1)
                                .array();
         return softmax_cross_entropy(in_rows(x), soft, {.reduce = none});
       }}},
      {"sum", {[](Xs x) { return sum(in_rows(x), 1); }}},
      {"sum", {[](Xs x) { return sum(in_columns(x), 0); }}},
      {"mean", {[](Xs x) { return mean(in_rows(x), 1); }}},
      {"mean", {[](Xs x) { return mean(in_columns(x), 0); }}},
      {"average",
       {[](Xs x) {
          return average(concat({x[0], x[1]}, 0), std::nullopt, concat({x[2], x[3]}, 0));
        },
        9, true}},
      {"normalize", {[](Xs x) { return first(normalize(in_rows(x), 0)); }}},
      {"Normal.log_prob", {[](Xs x) { return D::Normal(x[1], x[2]).log_prob(x[0]); }}},
      {"Laplace.log_prob", {[](Xs x) { return D::Laplace(x[1], x[2]).log_prob(x[0]); }}},
      {"Exponential.log_prob", binary([](V x, V lam) { return D::Exponential(lam).log_prob(x); })},
      {"Beta.log_prob", {[](Xs x) { return D::Beta(x[1], x[2]).log_prob(x[0]); }}},
      {"Gamma.log_prob", {[](Xs x) { return D::Gamma(x[1], x[2]).log_prob(x[0]); }}},
      {"kl_Normal",
       {[](Xs x) { return D::kl_divergence(D::Normal(x[0], x[1]), D::Normal(x[2], x[3])); }}},
      {"kl_Bernoulli", binary([](V p, V q) {
         return D::kl_divergence(D::Bernoulli({.p = p}), D::Bernoulli({.p = q}));
       })},
      {"kl_Exponential",
       binary([](V p, V q) { return D::kl_divergence(D::Exponential(p), D::Exponential(q)); })},
  };
}

// ---- the comparison

// How many times the error of a good formula may come out: another formula has a few operations
// more.
constexpr double kFactor = 8;

struct Limits {
  double epsilon, smallest, largest;
};
Limits limits(Dtype dtype) {
  if (dtype == Dtype::float32) return {0x1p-24, 0x1p-126, std::numeric_limits<float>::max()};
  return {0x1p-53, 0x1p-1022, std::numeric_limits<double>::max()};
}

bool agrees(double got, const Output& o, Dtype dtype) {
  if (!o.known) return true;
  if (got == o.value) return true;
  if (std::isnan(got)) return false;
  const Limits l = limits(dtype);
  // Numbers below the smallest normal one may come out as 0, also within a formula.
  const double error =
      kFactor * std::max(o.error, 2 * l.epsilon * std::min(std::abs(o.value), l.largest)) +
      2 * l.smallest;
  const auto bounded = [&](double x) { return std::isinf(x) ? std::copysign(l.largest, x) : x; };
  return std::abs(bounded(got) - bounded(o.value)) <= error;
}

std::string output_name(std::size_t i, int n) {
  if (i == 0) return "value";
  if (i <= static_cast<std::size_t>(n)) return fmt::format("d{}", i - 1);
  i -= static_cast<std::size_t>(n) + 1;
  for (int a = 0; a < n; ++a)
    for (int b = a; b < n; ++b)
      if (i-- == 0) return fmt::format("d{}{}", a, b);
  return "";
}

class Sweep {
 public:
  Sweep() : exceptions_(exceptions()), met_(exceptions_.size()) {}

  void run(const Group& group, const Function& f) {
    const int n = group.inputs;
    const std::size_t step = f.one_by_one ? 1 : group.cases.size();
    for (std::size_t begin = 0; begin < group.cases.size(); begin += step) {
      Variables x;
      for (int k = 0; k < n; ++k) {
        std::vector<double> numbers;
        for (std::size_t i = begin; i < begin + step; ++i)
          numbers.push_back(group.cases[i].x[static_cast<std::size_t>(k)]);
        x.push_back(Variable(Array::from<double>(numbers).astype(group.dtype)));
      }
      const Outputs got = outputs(f, x, true), plain = outputs(f, x, false);
      for (std::size_t i = 0; i < step; ++i) {
        compare(group, f, group.cases[begin + i], i, got);
        compare(group, f, group.cases[begin + i], i, plain);
      }
    }
  }

  // Every exception must still be one.
  void expect_no_stale_exceptions() const {
    for (std::size_t i = 0; i < met_.size(); ++i)
      EXPECT_GT(met_[i], 0) << exceptions_[i].function << " " << exceptions_[i].outputs
                            << " is no exception any more: " << exceptions_[i].reason;
  }

  long compared = 0, failed = 0;

 private:
  // For each output the numbers of all cases; none for those that are not computed.
  using Outputs = std::vector<std::vector<double>>;

  static std::vector<double> numbers(const Variable& v, const Variable& like) {
    if (!v) return std::vector<double>(static_cast<std::size_t>(like.size()), 0.0);
    return v.array().astype(Dtype::float64).contiguous().flatten().to_vector<double>();
  }

  static Outputs outputs(const Function& f, const Variables& x, bool second) {
    const Variable y = f.call(x);
    const int n = static_cast<int>(x.size());
    Outputs all{numbers(y, y)};
    const Variables g =
        y.requires_grad() ? grad({y}, x, {.create_graph = second}) : Variables(x.size());
    for (int k = 0; k < n; ++k)
      all.push_back(k < f.differentiable ? numbers(g[static_cast<std::size_t>(k)], x[0])
                                         : std::vector<double>());
    for (int a = 0; a < n; ++a) {
      const Variable& ga = g[static_cast<std::size_t>(a)];
      Variables h(x.size());
      if (second && ga && ga.requires_grad()) h = grad({ga}, x, {.retain_graph = true});
      for (int b = a; b < n; ++b)
        all.push_back(second && b < f.differentiable ? numbers(h[static_cast<std::size_t>(b)], x[0])
                                                     : std::vector<double>());
    }
    return all;
  }

  void compare(const Group& group, const Function&, const Case& c, std::size_t at,
               const Outputs& got) {
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (got[i].empty()) continue;
      ++compared;
      if (agrees(got[i][at], c.outputs[i], group.dtype)) continue;
      const std::string output = output_name(i, group.inputs);
      if (is_exception(group, output, c.x)) continue;
      ++failed;
      if (++shown_[group.function + output] > 4) continue;
      std::string x;
      for (double v : c.x) x += fmt::format("{}{:.9g}", x.empty() ? "" : ", ", v);
      ADD_FAILURE() << fmt::format("{} {} {} at ({}): {:.9g}, not {:.9g} (error {:.2g})",
                                   group.function, name(group.dtype), output, x, got[i][at],
                                   c.outputs[i].value, c.outputs[i].error);
    }
  }

  bool is_exception(const Group& group, const std::string& output, const std::vector<double>& x) {
    bool found = false;
    for (std::size_t i = 0; i < exceptions_.size(); ++i) {
      const Exception& e = exceptions_[i];
      if (e.function != group.function || !e.concerns(output)) continue;
      if (!e.where(x, limits(group.dtype).largest)) continue;
      ++met_[i];
      found = true;
    }
    return found;
  }

  std::vector<Exception> exceptions_;
  std::vector<long> met_;
  std::map<std::string, int> shown_;  // differences, of which only some are printed
};

TEST(Ranges, ValuesAndDerivativesAreWhatTheyAreInArbitraryPrecision) {
  const auto known = functions();
  Sweep sweep;
  for (const Group& group : groups()) {
    const auto [from, to] = known.equal_range(group.function);
    EXPECT_NE(from, to) << group.function;
    for (auto f = from; f != to; ++f) sweep.run(group, f->second);
  }
  EXPECT_GT(sweep.compared, 100000);
  EXPECT_EQ(sweep.failed, 0) << "of " << sweep.compared;
  sweep.expect_no_stale_exceptions();
}

}  // namespace
}  // namespace autograd::ranges
