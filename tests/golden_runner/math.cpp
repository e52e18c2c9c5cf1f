#include <limits>

#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/einsum.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/fourier.h"
#include "autograd/functions/math/linear_algebra.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/scan.h"
#include "autograd/functions/math/sparse_matmul.h"
#include "autograd/functions/math/special.h"
#include "autograd/functions/math/trigonometric.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace {

// x0 op x1, x0 op x0, x0 op number or number op x0.
template <class Op>
auto binary(Op op) {
  return [op](const Call& c) -> Variable {
    if (!c.kwargs.has("scalar")) return op(c.x(0), c.x(c.count() - 1));
    const double number = c.kwargs.number("scalar", 0);
    return c.number_first() ? op(number, c.x(0)) : op(c.x(0), number);
  };
}

void add_arithmetic(Table& t) {
  const auto plus = binary([](const auto& a, const auto& b) { return a + b; });
  t.add("add", [plus](const Call& c) -> Variable {
    return c.count() > 2 ? autograd::add(c.xs()) : plus(c);
  });
  t.add("sub", binary([](const auto& a, const auto& b) { return a - b; }));
  t.add("mul", binary([](const auto& a, const auto& b) { return a * b; }));
  t.add("div", binary([](const auto& a, const auto& b) { return a / b; }));
  t.add("pow", binary([](const auto& a, const auto& b) { return autograd::pow(a, b); }));
  t.add("floordiv", binary([](const auto& a, const auto& b) { return autograd::floordiv(a, b); }));
  t.add("neg", [](const Call& c) { return -c.x(0); });
  t.add("maximum", [](const Call& c) { return autograd::maximum(c.x(0), c.x(1)); });
  t.add("minimum", [](const Call& c) { return autograd::minimum(c.x(0), c.x(1)); });
  t.add("fmod", [](const Call& c) { return autograd::fmod(c.x(0), c.x(1)); });
  t.add("arctan2", [](const Call& c) { return autograd::arctan2(c.x(0), c.x(1)); });
  t.add("clip", [](const Call& c) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return autograd::clip(c.x(0), c.kwargs.number("x_min", -infinity),
                          c.kwargs.number("x_max", infinity));
  });
}

void add_elementwise(Table& t) {
  t.unary("abs", autograd::abs);
  t.unary("absolute", autograd::absolute);
  t.unary("square", autograd::square);
  t.add("identity", [](const Call& c) {
    Variables ys;
    for (const Variable& x : c.xs()) ys.push_back(autograd::identity(x));
    return ys;
  });
  t.unary("sign", autograd::sign);
  t.unary("floor", autograd::floor);
  t.unary("ceil", autograd::ceil);
  t.unary("fix", autograd::fix);
  t.unary("exp", autograd::exp);
  t.unary("expm1", autograd::expm1);
  t.unary("log", autograd::log);
  t.unary("log1p", autograd::log1p);
  t.unary("log2", autograd::log2);
  t.unary("log10", autograd::log10);
  t.unary("sqrt", autograd::sqrt);
  t.unary("rsqrt", autograd::rsqrt);
  t.unary("sinh", autograd::sinh);
  t.unary("cosh", autograd::cosh);
  t.unary("erf", autograd::erf);
  t.unary("erfc", autograd::erfc);
  t.unary("sin", autograd::sin);
  t.unary("cos", autograd::cos);
  t.unary("tan", autograd::tan);
  t.unary("arcsin", autograd::arcsin);
  t.unary("arccos", autograd::arccos);
  t.unary("arctan", autograd::arctan);
  t.unary("arctanh", autograd::arctanh);
}

void add_special(Table& t) {
  t.unary("lgamma", autograd::lgamma);
  t.unary("digamma", autograd::digamma);
  t.add("polygamma", [](const Call& c) {
    if (const Array n = c.constant("n")) return autograd::polygamma(n, c.x(0));
    return autograd::polygamma(c.kwargs["order"].integer(), c.x(0));
  });
  t.add("zeta", [](const Call& c) {
    if (const Array x = c.constant("x")) return autograd::zeta(x, c.x(0));
    return autograd::zeta(c.kwargs["x"].number(), c.x(0));
  });
  t.unary("erfinv", autograd::erfinv);
  t.unary("erfcinv", autograd::erfcinv);
  t.unary("erfcx", autograd::erfcx);
  t.unary("ndtr", autograd::ndtr);
  t.unary("log_ndtr", autograd::log_ndtr);
  t.unary("ndtri", autograd::ndtri);
}

void add_products(Table& t) {
  t.add("matmul_operator", [](const Call& c) { return autograd::matmul(c.x(0), c.x(1)); });
  t.add("matmul", [](const Call& c) {
    return autograd::matmul(c.x(0), c.x(1), c.kwargs.flag("transa"), c.kwargs.flag("transb"));
  });
  t.add("batch_matmul", [](const Call& c) {
    return autograd::batch_matmul(c.x(0), c.x(1), c.kwargs.flag("transa"), c.kwargs.flag("transb"));
  });
}

// [Ellipsis, 0, 1]
autograd::AxisNames axis_names(const Expression& list) {
  std::vector<autograd::AxisNames::Name> names;
  for (const Expression& e : list.parts) {
    if (e.kind == Expression::Kind::name && e.text == "Ellipsis")
      names.emplace_back(autograd::ellipsis);
    else
      names.emplace_back(literal(e).integer());
  }
  return autograd::AxisNames(std::move(names));
}

// F.einsum(x0, [0, 1], x1, [1, 2], [0, 2])
Variable einsum_of_lists(const Call& c) {
  const Expression call = parse_python(c.text);
  std::vector<autograd::EinsumTerm> terms;
  std::size_t i = 1;
  for (; i + 1 < call.parts.size(); i += 2)
    terms.push_back({c.named(call.parts[i].text), axis_names(call.parts[i + 1])});
  if (i < call.parts.size()) return autograd::einsum(terms, axis_names(call.parts[i]));
  return autograd::einsum(terms);
}

void add_sparse(Table& t) {
  t.add("sparse_matmul", [](const Call& c) {
    const autograd::CooMatrix a(c.named("x0"), c.array_named("row"), c.array_named("col"),
                                c.kwargs.shape("shape"));
    const bool transa = c.kwargs.flag("transa"), transb = c.kwargs.flag("transb");
    const Variable b = c.named("x1");
    return c.results().at(0).parts.at(1).text == "a"
               ? autograd::sparse_matmul(a, b, transa, transb)
               : autograd::sparse_matmul(b, a, transa, transb);
  });
  t.add("to_coo", [](const Call& c) {
    autograd::ToCooOptions options;
    if (c.kwargs.has("ldnz")) options.ldnz = c.kwargs["ldnz"].integer();
    const autograd::CooMatrix a = autograd::to_coo(c.x(0), options);
    Variables ys;
    for (const Expression& e : c.results()) {
      const std::string& name = e.kind == Expression::Kind::call ? e.callee() : e.text;
      if (name == "data")
        ys.push_back(a.data());
      else
        ys.emplace_back(name == "row" ? a.row() : name == "col" ? a.col() : a.to_dense());
    }
    return ys;
  });
}

void add_linear_algebra(Table& t) {
  t.add("einsum", [](const Call& c) {
    if (!c.kwargs.has("subscripts")) return einsum_of_lists(c);
    return autograd::einsum(c.kwargs["subscripts"].text(), c.xs());
  });
  t.add("tensordot", [](const Call& c) {
    const Value& axes = c.kwargs["axes"];
    if (!axes.is(Value::Kind::list))
      return autograd::tensordot(c.x(0), c.x(1), c.kwargs.integer("axes", 2));
    const std::vector<int> a = axes.items().at(0).integers(), b = axes.items().at(1).integers();
    return autograd::tensordot(c.x(0), c.x(1), Axes(std::span(a)), Axes(std::span(b)));
  });
  t.unary("inv", autograd::inv);
  t.unary("batch_inv", autograd::batch_inv);
  t.unary("det", autograd::det);
  t.unary("batch_det", autograd::batch_det);
  t.unary("cholesky", autograd::cholesky);
  for (const auto& [name, f] :
       {std::pair{"fft", &autograd::fft}, std::pair{"ifft", &autograd::ifft}})
    t.add(name, [f = f](const Call& c) -> Variables {
      const auto [real, imag] = f({c.x(0), c.x(1)});
      return {real, imag};
    });
}

void add_aligned(Table& t) {
  t.add("bias",
        [](const Call& c) { return autograd::bias(c.x(0), c.x(1), c.kwargs.integer("axis", 1)); });
  t.add("scale",
        [](const Call& c) { return autograd::scale(c.x(0), c.x(1), c.kwargs.integer("axis", 1)); });
  t.add("linear_interpolate",
        [](const Call& c) { return autograd::linear_interpolate(c.x(0), c.x(1), c.x(2)); });
}

std::optional<int> axis(const Call& c) {
  const Value& v = c.kwargs["axis"];
  return v.is(Value::Kind::null) ? std::optional<int>() : v.integer();
}

using Reduction = Variable (*)(const Variable&, const Axes&, bool);

void add_reductions(Table& t) {
  const auto add = [&t](const std::string& name, Reduction f) {
    t.add(name,
          [f](const Call& c) { return f(c.x(0), c.kwargs.axes(), c.kwargs.flag("keepdims")); });
  };
  add("sum", autograd::sum);
  add("max", autograd::max);
  add("min", autograd::min);
  add("prod", autograd::prod);
  t.add("average", [](const Call& c) {
    return autograd::average(c.x(0), c.kwargs.axes(), c.optional_x(1), c.kwargs.flag("keepdims"));
  });
  // In Chainer it is another name for average.
  t.add("mean", [](const Call& c) {
    const Axes axes = c.kwargs.axes();
    const bool keepdims = c.kwargs.flag("keepdims");
    return c.count() > 1 ? autograd::average(c.x(0), axes, c.x(1), keepdims)
                         : autograd::mean(c.x(0), axes, keepdims);
  });
  t.add("logsumexp", [](const Call& c) { return autograd::logsumexp(c.x(0), c.kwargs.axes()); });
  t.add("argmax", [](const Call& c) { return autograd::argmax(c.x(0), axis(c)); });
  t.add("argmin", [](const Call& c) { return autograd::argmin(c.x(0), axis(c)); });
  t.add("cumsum", [](const Call& c) { return autograd::cumsum(c.x(0), axis(c)); });
  t.add("cumprod", [](const Call& c) { return autograd::cumprod(c.x(0), axis(c)); });
  t.unary("batch_l2_norm_squared", autograd::batch_l2_norm_squared);
  t.add("sum_to", [](const Call& c) { return autograd::sum_to(c.x(0), c.kwargs.shape("shape")); });
}

}  // namespace

void add_math(Table& t) {
  add_arithmetic(t);
  add_elementwise(t);
  add_special(t);
  add_products(t);
  add_linear_algebra(t);
  add_sparse(t);
  add_aligned(t);
  add_reductions(t);
}

}  // namespace golden
