#include "autograd/autograd.h"
#include "tests/calls/arguments.h"

// A call for each function of autograd/functions.
namespace calls {
namespace {

using namespace autograd;
using A = Arguments&;
using V = const Variable&;

using Unary = Variable (*)(V);
using Binary = Variable (*)(V, V);

Call unary(const char* name, Unary f, const Shape& shape = {2, 3}) {
  return {name, [=](A a) { return one(f(a.x("x", shape))); }};
}
Call binary(const char* name, Binary f, const Shape& left = {2, 3}, const Shape& right = {2, 3}) {
  return {name, [=](A a) { return one(f(a.x("a", left), a.x("b", right))); }};
}
template <class F>
Call compared(const char* name, F f) {
  return {name, [=](A a) { return one(f(a.x("a", {2, 3}), a.x("b", {2, 3})).truth); }};
}
// With a plain number on the right.
Call with_number(const char* name, Variable (*f)(V, double), double ordinary = 2) {
  return {name, [=](A a) { return one(f(a.x("a", {2, 3}), a.real("b", ordinary))); }};
}
Call number_with(const char* name, Variable (*f)(double, V), double ordinary = 2) {
  return {name, [=](A a) { return one(f(a.real("a", ordinary), a.x("b", {2, 3}))); }};
}

Reduce reduce(A a, Reduce ordinary) {
  return a.one_of("reduce", {ordinary, Reduce::sum, Reduce::mean, Reduce::no, Reduce::batch_mean,
                             Reduce::sum_along_second_axis, Reduce::half_squared_sum});
}

Calls elementwise() {
  return {
      unary("sigmoid", sigmoid),
      unary("tanh", autograd::tanh),
      unary("relu", relu),
      unary("hard_sigmoid", hard_sigmoid),
      unary("relu6", relu6),
      unary("operator-", operator-),
      unary("absolute", absolute),
      unary("abs", autograd::abs),
      unary("square", square),
      unary("sign", sign),
      unary("floor", autograd::floor),
      unary("ceil", autograd::ceil),
      unary("fix", fix),
      unary("exp", autograd::exp),
      unary("expm1", autograd::expm1),
      unary("log", autograd::log),
      unary("log1p", autograd::log1p),
      unary("log2", autograd::log2),
      unary("log10", autograd::log10),
      unary("sqrt", autograd::sqrt),
      unary("rsqrt", rsqrt),
      unary("sinh", autograd::sinh),
      unary("cosh", autograd::cosh),
      unary("erf", autograd::erf),
      unary("erfc", autograd::erfc),
      unary("sin", autograd::sin),
      unary("cos", autograd::cos),
      unary("tan", autograd::tan),
      unary("arcsin", arcsin),
      unary("arccos", arccos),
      unary("arctan", arctan),
      unary("arctanh", arctanh),
      unary("lgamma", autograd::lgamma),
      unary("digamma", digamma),
      unary("erfinv", erfinv),
      unary("erfcinv", erfcinv),
      unary("erfcx", erfcx),
      unary("ndtr", ndtr),
      unary("log_ndtr", log_ndtr),
      unary("ndtri", ndtri),
      unary("xlogx", xlogx),
      {"polygamma",
       [](A a) {
         return one(polygamma(a.count("n", 1), a.x("x", {2, 3})));
       }},
      {"polygamma",
       [](A a) {
         return one(polygamma(a.positions("n", {1, 0, 3}, {2, 3}), a.x("x", {2, 3})));
       }},
      {"zeta",
       [](A a) {
         return one(zeta(a.real("x", 2.5), a.x("q", {2, 3})));
       }},
      {"zeta",
       [](A a) {
         return one(zeta(a.array("x", {3}) + 2, a.x("q", {2, 3})));
       }},
      {"softplus",
       [](A a) {
         return one(softplus(a.x("x", {2, 3}), a.real("beta", 1)));
       }},
      {"leaky_relu",
       [](A a) {
         return one(leaky_relu(a.x("x", {2, 3}), a.real("slope", 0.2)));
       }},
      {"elu",
       [](A a) {
         return one(elu(a.x("x", {2, 3}), a.real("alpha", 1)));
       }},
      {"clipped_relu",
       [](A a) {
         return one(clipped_relu(a.x("x", {2, 3}), a.real("z", 20)));
       }},
      {"selu",
       [](A a) {
         return one(selu(a.x("x", {2, 3}), a.real("alpha", 1.6), a.real("scale", 1.05)));
       }},
      {"clip",
       [](A a) {
         return one(clip(a.x("x", {2, 3}), a.real("x_min", 0.5), a.real("x_max", 1)));
       }},
      binary("operator+", operator+),
      binary("operator-", operator-),
      binary("operator*", operator*),
      binary("operator/", operator/),
      with_number("operator+", operator+),
      with_number("operator-", operator-),
      with_number("operator*", operator*),
      with_number("operator/", operator/),
      number_with("operator+", operator+),
      number_with("operator-", operator-),
      number_with("operator*", operator*),
      number_with("operator/", operator/),
      binary("pow", autograd::pow),
      with_number("pow", autograd::pow),
      number_with("pow", autograd::pow),
      binary("floordiv", floordiv),
      with_number("floordiv", floordiv),
      number_with("floordiv", floordiv),
      binary("maximum", maximum),
      with_number("maximum", maximum),
      binary("minimum", minimum),
      with_number("minimum", minimum),
      binary("fmod", autograd::fmod),
      binary("arctan2", arctan2),
      binary("weighted", weighted),
      compared("operator>", [](V a, V b) { return a > b; }),
      compared("operator>=", [](V a, V b) { return a >= b; }),
      compared("operator<", [](V a, V b) { return a < b; }),
      compared("operator<=", [](V a, V b) { return a <= b; }),
      compared("operator==", [](V a, V b) { return a == b; }),
      compared("operator!=", [](V a, V b) { return a != b; }),
      {"add",
       [](A a) {
         return one(add({a.x("xs 0", {2, 3}), a.x("xs 1", {2, 3}), a.x("xs 2", {2, 3})}));
       }},
      {"linear_interpolate",
       [](A a) {
         return one(linear_interpolate(a.x("p", {2, 3}), a.x("x", {2, 3}), a.x("y", {2, 3})));
       }},
      {"where",
       [](A a) {
         return one(where(a.booleans("condition", {2, 3}), a.x("a", {2, 3}), a.x("b", {2, 3})));
       }},
      {"select",
       [](A a) {
         const Variable x = a.x("x", {2, 3});
         return one(select(x > a.real("border", 0.5), x, a.x("b", {2, 3})));
       }},
  };
}

Calls activations() {
  return {
      binary("prelu", prelu, {2, 3, 4}, {3}),
      binary("swish", swish, {2, 3, 4}, {3}),
      {"rrelu",
       [](A a) {
         const Array r = a.array("r", {2, 3});
         return one(rrelu(a.x("x", {2, 3}), a.real("l", 0.125), a.real("u", 0.25),
                          {.r = a.flag("r: given") ? r : Array()}));
       },
       true},
      {"rrelu_with_r",
       [](A a) {
         const RreluDraw drawn =
             rrelu_with_r(a.x("x", {2, 3}), a.real("l", 0.125), a.real("u", 0.25));
         return results({drawn.y, as_variable(drawn.r)});
       },
       true},
      {"crelu",
       [](A a) {
         return one(crelu(a.x("x", {2, 3, 4}), a.axis("axis", 1, 3)));
       }},
      {"maxout",
       [](A a) {
         return one(maxout(a.x("x", {2, 6, 3}), a.count("pool_size", 2), a.axis("axis", 1, 3)));
       }},
      {"softmax",
       [](A a) {
         return one(softmax(a.x("x", {2, 3, 4}), a.axis("axis", 1, 3)));
       }},
      {"log_softmax",
       [](A a) {
         return one(log_softmax(a.x("x", {2, 3, 4}), a.axis("axis", 1, 3)));
       }},
  };
}

Calls reductions() {
  using Reduction = Variable (*)(V, const Axes&, bool);
  const auto reduction = [](const char* name, Reduction f) {
    return Call{name, [=](A a) {
                  return one(f(a.x("x", {2, 3, 4}), a.axes("axes", {1, 2}, 3), a.flag("keepdims")));
                }};
  };
  using Along = Variable (*)(V, std::optional<int>);
  const auto along = [](const char* name, Along f) {
    return Call{name, [=](A a) { return one(f(a.x("x", {2, 3, 4}), a.maybe_axis("axis", 1, 3))); }};
  };
  using Place = Array (*)(V, std::optional<int>);
  const auto place = [](const char* name, Place f) {
    return Call{name, [=](A a) { return one(f(a.x("x", {2, 3, 4}), a.maybe_axis("axis", 1, 3))); }};
  };
  return {
      reduction("sum", sum),
      reduction("mean", mean),
      reduction("max", autograd::max),
      reduction("min", autograd::min),
      reduction("prod", prod),
      along("cumsum", cumsum),
      along("cumprod", cumprod),
      place("argmax", argmax),
      place("argmin", argmin),
      {"average",
       [](A a) {
         return one(average(a.x("x", {2, 3, 4}), a.axes("axes", {1}, 3), a.maybe_x("weights", {3}),
                            a.flag("keepdims")));
       }},
      {"logsumexp",
       [](A a) {
         return one(logsumexp(a.x("x", {2, 3, 4}), a.axes("axes", {1, 2}, 3)));
       }},
      unary("batch_l2_norm_squared", batch_l2_norm_squared, {2, 3, 4}),
      {"sum_to",
       [](A a) {
         return one(sum_to(a.x("x", {2, 3}), a.shape("shape", {2, 1})));
       }},
      {"sum_to",
       [](A a) {
         return one(sum_to(a.x("x", {2, 3}), a.shape("shape", {3})));
       }},
      {"broadcast_to",
       [](A a) {
         return one(broadcast_to(a.x("x", {2, 3}), a.shape("shape", {4, 2, 3})));
       }},
      {"broadcast_to", [](A a) { return one(broadcast_to(a.x("x", {1}), a.shape("shape", {3}))); }},
      {"broadcast_to",
       [](A a) {
         return one(broadcast_to(a.x("x", {0, 1}), a.shape("shape", {0, 3})));
       }},
  };
}

Calls manipulations() {
  return {
      {"reshape",
       [](A a) {
         return one(reshape(a.x("x", {2, 3}), a.shape("shape", {3, 2})));
       }},
      {"reshape",
       [](A a) {
         return one(reshape(a.x("x", {2, 3}), a.shape("shape", {3, -1})));
       }},
      {"reshape",
       [](A a) {
         return one(reshape(a.x("x", {0, 2}), a.shape("shape", {5, 0})));
       }},
      unary("flatten", flatten),
      {"expand_dims",
       [](A a) {
         return one(expand_dims(a.x("x", {2, 3}), a.axis("axis", 1, 3)));
       }},
      {"squeeze",
       [](A a) {
         return one(squeeze(a.x("x", {1, 3, 1}), a.axes("axes", {0, 2}, 3)));
       }},
      {"transpose",
       [](A a) {
         return one(transpose(a.x("x", {2, 3, 4}), a.axes("axes", {2, 0, 1}, 3)));
       }},
      {"swapaxes",
       [](A a) {
         return one(swapaxes(a.x("x", {2, 3, 4}), a.axis("axis1", 2, 3), a.axis("axis2", 1, 3)));
       }},
      {"moveaxis",
       [](A a) {
         return one(moveaxis(a.x("x", {2, 3, 4}), a.axes("source", {2, 0}, 3),
                             a.axes("destination", {0, 1}, 3)));
       }},
      {"rollaxis",
       [](A a) {
         return one(rollaxis(a.x("x", {2, 3, 4}), a.axis("axis", 2, 3), a.count("start", 0)));
       }},
      {"broadcast",
       [](A a) {
         return broadcast({a.x("xs 0", {2, 3}), a.x("xs 1", {3}), a.x("xs 2", {4, 1, 1})});
       }},
      {"tile",
       [](A a) {
         return one(tile(a.x("x", {2, 3}), a.shape("reps", {2, 1, 2})));
       }},
      {"tile",
       [](A a) {
         return one(tile(a.x("x", {2, 3}), a.number("reps", 2)));
       }},
      {"tile",
       [](A a) {
         return one(tile(a.x("x", {0, 3}), a.shape("reps", {2, 2})));
       }},
      {"cast",
       [](A a) {
         return one(
             cast(a.x("x", {2, 3}), a.one_of("dtype", {Dtype::float64, Dtype::float32, Dtype::int64,
                                                       Dtype::int32, Dtype::uint8, Dtype::bool_})));
       }},
      unary("copy", autograd::copy),
      unary("identity", identity),
  };
}

Calls joins() {
  using List = Variable (*)(const VariableList&);
  const auto list = [](const char* name, List f) {
    return Call{name, [=](A a) { return one(f({a.x("xs 0", {2, 3}), a.x("xs 1", {2, 3})})); }};
  };
  return {
      {"concat",
       [](A a) {
         return one(concat({a.x("xs 0", {2, 3}), a.x("xs 1", {2, 4})}, a.axis("axis", 1, 2)));
       }},
      {"stack",
       [](A a) {
         return one(stack({a.x("xs 0", {2, 3}), a.x("xs 1", {2, 3})}, a.axis("axis", 0, 3)));
       }},
      list("hstack", hstack),
      list("vstack", vstack),
      list("dstack", dstack),
      {"split_axis",
       [](A a) {
         return split_axis(a.x("x", {2, 4}), a.count("indices_or_sections", 2),
                           a.axis("axis", 1, 2));
       }},
      {"split_axis",
       [](A a) {
         return split_axis(a.x("x", {2, 0}), a.count("indices_or_sections", 2),
                           a.axis("axis", 1, 2));
       }},
      {"split_axis",
       [](A a) {
         return split_axis(a.x("x", {2, 5}), Sections(a.numbers("indices_or_sections", {1, 3})),
                           a.axis("axis", 1, 2));
       }},
      {"separate",
       [](A a) {
         return separate(a.x("x", {2, 3, 4}), a.axis("axis", 1, 3));
       }},
      {"pad_sequence",
       [](A a) {
         return one(pad_sequence({a.x("xs 0", {2, 3}), a.x("xs 1", {4, 3})},
                                 a.maybe_number("length", 5), a.real("padding", 0)));
       }},
      {"transpose_sequence",
       [](A a) {
         return transpose_sequence({a.x("xs 0", {3, 2}), a.x("xs 1", {2, 2})});
       }},
  };
}

Slice slice(A a, const std::string& name, Int start, Int stop, Int step) {
  const std::vector<Int> n = a.numbers(name, {start, stop, step});
  const auto end = [&](const char* which, Int at) {
    return a.choice(name + which, 2) == 1 ? std::nullopt : std::optional(at);
  };
  return {end(": from the first", n[0]), end(": to the last", n[1]), n[2]};
}

// What stands between the brackets, for an array (3, 4, 5).
Indices indices(A a, int way) {
  switch (way) {
    case 0:
      return a.number("indices", 1);
    case 1:
      return {slice(a, "indices", 0, 2, 1), a.number("indices, then", 2)};
    case 2:
      return {ellipsis, slice(a, "indices", 3, 0, -1), newaxis};
    case 3:
      return {Slice(), a.positions("indices", {0, 3, 1}, {3})};
    case 4:
      return {a.number("indices", 1), Slice(), a.positions("indices, then", {0, 4}, {2})};
    default:
      return {a.booleans("mask", {3, 4}), slice(a, "indices", 1, 4, 2)};
  }
}

PadMode pad_mode(A a) {
  using enum PadMode;
  return a.one_of("mode", {constant, edge, linear_ramp, maximum, autograd::PadMode::mean, median,
                           minimum, reflect, symmetric, wrap});
}
PadOptions pad_options(A a) {
  const double first = a.real("constant_values", 0), last = a.real("constant_values, behind", 0);
  const double end = a.real("end_values", 1);
  const std::vector<Int> n = a.numbers("stat_length", {1, 2});
  PadOptions options{
      .constant_values = {first, last},
      .end_values = end,
      .reflect_type = a.one_of("reflect_type", {ReflectType::even, ReflectType::odd})};
  if (!a.flag("stat_length: none")) options.stat_length = PadWidth(n[0], n[1]);
  return options;
}

Calls indexings() {
  Calls all;
  for (int way = 0; way < 6; ++way) {
    all.push_back({"get_item", [way](A a) {
                     return one(get_item(a.x("x", {3, 4, 5}), indices(a, way)));
                   }});
    all.push_back({"scatter_add", [way](A a) {
                     const Variable x = a.x("a", {3, 4, 5});
                     const Indices at = indices(a, way);
                     const double factor = a.real("b", 2);
                     return one(scatter_add(x, at, get_item(x, at) * factor));
                   }});
  }
  return joined(
      {all,
       {
           {"select_item",
            [](A a) {
              return one(select_item(a.x("x", {2, 3}), a.positions("t", {0, 2}, {2})));
            }},
           {"flip",
            [](A a) {
              return one(flip(a.x("x", {2, 3, 4}), a.axis("axis", 1, 3)));
            }},
           unary("fliplr", fliplr),
           unary("flipud", flipud),
           {"repeat",
            [](A a) {
              return one(
                  repeat(a.x("x", {2, 3}), a.number("repeats", 2), a.maybe_axis("axis", 1, 2)));
            }},
           {"repeat",
            [](A a) {
              return one(repeat(a.x("x", {2, 3}), a.numbers("repeats", {2, 1}),
                                a.maybe_axis("axis", 0, 2)));
            }},
           {"repeat",
            [](A a) {
              return one(
                  repeat(a.x("x", {0, 3}), a.number("repeats", 2), a.maybe_axis("axis", 0, 2)));
            }},
           {"permutate",
            [](A a) {
              return one(permutate(a.x("x", {3, 3}), a.positions("indices", {1, 2, 0}, {3}),
                                   a.axis("axis", 0, 2), a.flag("inv")));
            }},
           {"diagonal",
            [](A a) {
              return one(diagonal(a.x("x", {2, 3, 4}), a.count("offset", 0), a.axis("axis1", 0, 3),
                                  a.axis("axis2", 1, 3)));
            }},
           {"as_strided",
            [](A a) {
              return one(as_strided(a.x("x", {3, 4}), a.shape("shape", {2, 3}),
                                    a.shape("strides", {4, 1}), a.number("storage_offset", 1)));
            }},
           {"pad",
            [](A a) {
              const std::vector<Int> n = a.numbers("pad_width", {1, 0, 2, 1});
              return one(
                  pad(a.x("x", {2, 3}), {{n[0], n[1]}, {n[2], n[3]}}, pad_mode(a), pad_options(a)));
            }},
           {"pad",
            [](A a) {
              return one(
                  pad(a.x("x", {0, 3}), a.number("pad_width", 0), pad_mode(a), pad_options(a)));
            }},
       }});
}

Calls products() {
  const auto matmul_of = [](const char* name, const Shape& left, const Shape& right) {
    return Call{
        name, [=](A a) {
          return one(matmul(a.x("a", left), a.x("b", right), a.flag("transa"), a.flag("transb")));
        }};
  };
  return {
      matmul_of("matmul", {2, 3}, {3, 4}),
      matmul_of("matmul", {3}, {3, 4}),
      matmul_of("matmul", {5, 2, 3}, {3, 4}),
      {"batch_matmul",
       [](A a) {
         return one(batch_matmul(a.x("a", {5, 2, 3}), a.x("b", {5, 3, 4}), a.flag("transa"),
                                 a.flag("transb")));
       }},
      {"einsum",
       [](A a) {
         const std::string subscripts =
             a.one_of<const char*>("subscripts", {"ij,jk->ik", "ij,jk", "ij,kj->", "...j,jk->k...",
                                                  "ij,ij->ij", "ii,jk->kj", "ij,kl->ijkl"});
         return one(einsum(subscripts, a.x("xs 0", {2, 3}), a.x("xs 1", {3, 4})));
       }},
      {"einsum",
       [](A a) {
         return one(einsum({{a.x("xs 0", {2, 3}), {a.count("axes", 0), 1}},
                            {a.x("xs 1", {3, 4}), {1, ellipsis}}}));
       }},
      {"fft",
       [](A a) {
         const auto [real, imag] = fft({a.x("real", {2, 5}), a.x("imag", {2, 5})});
         return results({real, imag});
       }},
      {"ifft",
       [](A a) {
         const auto [real, imag] = ifft({a.x("real", {2, 4}), a.x("imag", {2, 4})});
         return results({real, imag});
       }},
      {"cholesky",
       [](A a) {
         const Variable x = a.x("a", {2, 2});
         return one(cholesky(matmul(x, x, false, true)));
       }},
      {"to_coo",
       [](A a) {
         return one(to_coo(a.array("x", {2, 3}), {.ldnz = a.maybe_number("ldnz", 7),
                                                  .requires_grad = a.flag("requires_grad")})
                        .data());
       }},
      {"sparse_matmul",
       [](A a) {
         const CooMatrix m(a.x("data", {4}), a.positions("row", {0, 1, 1, -1}, {4}),
                           a.positions("col", {2, 0, 2, -1}, {4}), a.shape("shape", {2, 3}));
         return one(sparse_matmul(m, a.x("b", {3, 2}), a.flag("transa"), a.flag("transb")));
       }},
      {"sparse_matmul",
       [](A a) {
         const CooMatrix m(a.x("data", {2, 2}), a.positions("row", {0, 1}, {2, 2}),
                           a.positions("col", {2, 0}, {2, 2}), {2, 3});
         return one(sparse_matmul(a.x("a", {2, 4, 2}), m, a.flag("transa"), a.flag("transb")));
       }},
      {"tensordot",
       [](A a) {
         return one(tensordot(a.x("a", {2, 3, 4}), a.x("b", {3, 4, 5}), a.count("axes", 2)));
       }},
      {"tensordot",
       [](A a) {
         return one(tensordot(a.x("a", {2, 3, 4}), a.x("b", {4, 3}), a.axes("a_axes", {1, 2}, 3),
                              a.axes("b_axes", {1, 0}, 2)));
       }},
      {"linear",
       [](A a) {
         return one(linear(a.x("x", {2, 3}), a.x("W", {4, 3}), a.maybe_x("b", {4}),
                           a.count("n_batch_axes", 1)));
       }},
      {"linear",
       [](A a) {
         return one(linear(a.x("x", {2, 5, 3}), a.x("W", {4, 3}), a.maybe_x("b", {4}),
                           a.count("n_batch_axes", 2)));
       }},
      {"bilinear",
       [](A a) {
         return one(bilinear(a.x("e1", {2, 3}), a.x("e2", {2, 4}), a.x("W", {3, 4, 5}),
                             a.maybe_x("V1", {3, 5}), a.maybe_x("V2", {4, 5}),
                             a.maybe_x("b", {5})));
       }},
      {"embed_id",
       [](A a) {
         return one(embed_id(a.positions("x", {0, 2, 1}, {3}), a.x("W", {3, 4}),
                             a.maybe_number("ignore_label", -1)));
       }},
      {"bias",
       [](A a) {
         return one(bias(a.x("x", {2, 3, 4}), a.x("y", {3}), a.axis("axis", 1, 3)));
       }},
      {"scale",
       [](A a) {
         return one(scale(a.x("x", {2, 3, 4}), a.x("y", {3, 4}), a.axis("axis", 1, 3)));
       }},
      {"inv",
       [](A a) {
         return one(inv(a.x("x", {2, 2})));
       }},
      {"batch_inv",
       [](A a) {
         return one(batch_inv(a.x("x", {3, 2, 2})));
       }},
      {"det",
       [](A a) {
         return one(det(a.x("x", {2, 2})));
       }},
      {"batch_det",
       [](A a) {
         return one(batch_det(a.x("x", {3, 2, 2})));
       }},
  };
}

Call class_score(const char* name, ClassScore (*f)(V, ArrayLike, const ClassScoreOptions&)) {
  return {name, [=](A a) {
            const auto [score, support] = f(a.x("y", {2, 3}), a.positions("t", {0, 2}, {2}),
                                            {.label_num = a.maybe_number("label_num", 3),
                                             .ignore_label = a.number("ignore_label", -1)});
            return results({score, support});
          }};
}

Calls losses() {
  const auto of_two = [](const char* name, const auto& f, Reduce ordinary) {
    return Call{name, [=](A a) {
                  return one(f(a.x("a", {2, 3}), a.x("b", {2, 3}), reduce(a, ordinary)));
                }};
  };
  return {
      {"name",
       [](A a) {
         return one(Array::scalar(static_cast<Int>(name(reduce(a, Reduce::sum)).size())));
       }},
      of_two("bernoulli_nll", bernoulli_nll, Reduce::sum),
      of_two("gaussian_kl_divergence", gaussian_kl_divergence, Reduce::sum),
      of_two("mean_squared_error", mean_squared_error, Reduce::mean),
      of_two("mean_absolute_error", mean_absolute_error, Reduce::mean),
      of_two("cross_covariance", cross_covariance, Reduce::half_squared_sum),
      binary("squared_error", squared_error),
      binary("squared_difference", squared_difference),
      binary("absolute_error", absolute_error),
      {"bernoulli_log_prob",
       [](A a) {
         return one(bernoulli_log_prob(a.x("logit", {2, 3}), a.array("x", {2, 3}),
                                       a.flag("binary_check")));
       }},
      {"gaussian_nll",
       [](A a) {
         return one(gaussian_nll(a.x("x", {2, 3}), a.x("mean", {2, 3}), a.x("ln_var", {2, 3}),
                                 reduce(a, Reduce::sum)));
       }},
      {"huber_loss",
       [](A a) {
         return one(huber_loss(a.x("x", {2, 3}), a.x("t", {2, 3}), a.real("delta", 1),
                               reduce(a, Reduce::sum_along_second_axis)));
       }},
      {"sigmoid_cross_entropy",
       [](A a) {
         return one(sigmoid_cross_entropy(a.x("x", {2, 3}), a.positions("t", {0, 1, -1}, {2, 3}),
                                          a.flag("normalize", true), reduce(a, Reduce::mean)));
       }},
      {"softmax_cross_entropy",
       [](A a) {
         const Array weight = a.array("class_weight", {3});
         return one(softmax_cross_entropy(
             a.x("x", {2, 3, 4}), a.positions("t", {0, 2, 1, -1}, {2, 4}),
             {.normalize = a.flag("normalize", true),
              .class_weight = a.flag("class_weight: given") ? weight : Array(),
              .ignore_label = a.number("ignore_label", -1),
              .reduce = reduce(a, Reduce::mean),
              .kl_divergence = a.flag("kl_divergence")}));
       }},
      {"softmax_cross_entropy",
       [](A a) {
         return one(softmax_cross_entropy(a.x("x", {2, 3}), a.array("soft targets", {2, 3}),
                                          {.ignore_label = a.number("ignore_label", -1),
                                           .reduce = reduce(a, Reduce::mean),
                                           .kl_divergence = a.flag("kl_divergence")}));
       }},
      {"hinge",
       [](A a) {
         return one(hinge(a.x("x", {2, 3}), a.positions("t", {0, 2}, {2}),
                          a.one_of("norm", {Norm::L1, Norm::L2}), reduce(a, Reduce::mean)));
       }},
      {"contrastive",
       [](A a) {
         return one(contrastive(a.x("x0", {2, 3}), a.x("x1", {2, 3}), a.positions("y", {0, 1}, {2}),
                                a.real("margin", 1), reduce(a, Reduce::mean)));
       }},
      {"triplet",
       [](A a) {
         return one(triplet(a.x("anchor", {2, 3}), a.x("positive", {2, 3}), a.x("negative", {2, 3}),
                            a.real("margin", 0.2), reduce(a, Reduce::mean)));
       }},
      {"decov",
       [](A a) {
         return one(decov(a.x("h", {2, 3}), reduce(a, Reduce::half_squared_sum)));
       }},
      {"discriminative_margin_based_clustering_loss",
       [](A a) {
         const auto [variance, distance, regularization] =
             discriminative_margin_based_clustering_loss(
                 a.x("embeddings", {2, 2, 2, 3}), a.positions("labels", {0, 1, 2}, {2, 2, 3}),
                 a.real("delta_v", 0.5), a.real("delta_d", 1.5), a.count("max_embedding_dim", 2),
                 {.norm = a.count("norm", 1),
                  .alpha = a.real("alpha", 1),
                  .beta = a.real("beta", 1),
                  .gamma = a.real("gamma", 0.001)});
         return results({variance, distance, regularization});
       }},
      {"crf1d",
       [](A a) {
         return one(crf1d(a.x("cost", {3, 3}), {a.x("xs 0", {2, 3}), a.x("xs 1", {1, 3})},
                          Arrays{a.positions("ys 0", {0, 2}, {2}), a.positions("ys 1", {1}, {1})},
                          reduce(a, Reduce::mean)));
       }},
      {"argmax_crf1d",
       [](A a) {
         const auto [score, path] =
             argmax_crf1d(a.x("cost", {3, 3}), {a.x("xs 0", {2, 3}), a.x("xs 1", {1, 3})});
         return results({score, as_variable(path[0]), as_variable(path[1])});
       }},
      {"connectionist_temporal_classification",
       [](A a) {
         const Array inputs = a.positions("input_length", {3, 2}, {2}),
                     labels = a.positions("label_length", {1, 0}, {2});
         const bool given = a.flag("lengths: given");
         return one(connectionist_temporal_classification(
             {a.x("x 0", {2, 3}), a.x("x 1", {2, 3}), a.x("x 2", {2, 3})},
             a.positions("t", {1, 2}, {2, 1}), a.number("blank_symbol", 0),
             {.input_length = given ? inputs : Array(),
              .label_length = given ? labels : Array(),
              .reduce = reduce(a, Reduce::mean)}));
       }},
      {"black_out",
       [](A a) {
         return one(black_out(a.x("x", {2, 3}), a.positions("t", {0, 3}, {2}), a.x("W", {4, 3}),
                              a.positions("samples", {1, 2}, {2, 2}), reduce(a, Reduce::mean)));
       }},
      {"negative_sampling",
       [](A a) {
         const Array drawn = a.positions("samples", {1, 2, 0}, {2, 3});
         return one(negative_sampling(
             a.x("x", {2, 3}), a.positions("t", {0, -1}, {2}), a.x("W", {4, 3}),
             [&](const Shape&) { return drawn.copy(); }, a.number("sample_size", 2),
             reduce(a, Reduce::sum)));
       }},
      {"negative_sampling_with_samples",
       [](A a) {
         const auto [loss, samples] = negative_sampling_with_samples(
             a.x("x", {2, 3}), a.positions("t", {0, 3}, {2}), a.x("W", {4, 3}),
             [](const Shape& shape) { return Array::zeros(shape, Dtype::int32); },
             a.number("sample_size", 2), reduce(a, Reduce::sum));
         return results({loss, as_variable(samples)});
       }},
      {"classification_summary",
       [](A a) {
         const auto [precision, recall, fbeta, support] =
             classification_summary(a.x("y", {2, 3}), a.positions("t", {0, 2}, {2}),
                                    {.label_num = a.maybe_number("label_num", 3),
                                     .beta = a.real("beta", 1),
                                     .ignore_label = a.number("ignore_label", -1)});
         return results({precision, recall, fbeta, support});
       }},
      class_score("precision", precision),
      class_score("recall", recall),
      class_score("f1_score", f1_score),
      {"accuracy",
       [](A a) {
         return one(accuracy(a.x("y", {2, 3}), a.positions("t", {0, 2}, {2}),
                             a.maybe_number("ignore_label", -1)));
       }},
      {"binary_accuracy",
       [](A a) {
         return one(binary_accuracy(a.x("y", {2, 3}), a.positions("t", {0, 1, -1}, {2, 3})));
       }},
      {"r2_score",
       [](A a) {
         return one(r2_score(
             a.x("pred", {2, 3}), a.x("truth", {2, 3}),
             a.one_of("multioutput", {MultiOutput::uniform_average, MultiOutput::raw_values})));
       }},
  };
}

Calls noise() {
  return {
      {"gaussian",
       [](A a) {
         const Array eps = a.array("eps", {2, 3});
         return one(gaussian(a.x("mean", {2, 3}), a.x("ln_var", {2, 3}),
                             {.eps = a.flag("eps: given") ? eps : Array()}));
       },
       true},
      {"gaussian_with_eps",
       [](A a) {
         const GaussianDraw drawn = gaussian_with_eps(a.x("mean", {2, 3}), a.x("ln_var", {2, 3}));
         return results({drawn.z, as_variable(drawn.eps)});
       },
       true},
      {"dropout",
       [](A a) {
         const Array mask = a.array("mask", {2, 3});
         return one(dropout(a.x("x", {2, 3}), a.real("ratio", 0.5),
                            {.mask = a.flag("mask: given") ? mask : Array()}));
       },
       true},
      {"dropout_with_mask",
       [](A a) {
         const DropoutDraw drawn = dropout_with_mask(a.x("x", {2, 3}), a.real("ratio", 0.5));
         return results({drawn.y, as_variable(drawn.mask)});
       },
       true},
      {"simplified_dropconnect",
       [](A a) {
         const Array mask = a.array("mask", {2, 4, 3});
         return one(
             simplified_dropconnect(a.x("x", {2, 3}), a.x("W", {4, 3}), a.maybe_x("b", {4}),
                                    {.ratio = a.real("ratio", 0.5),
                                     .train = a.flag("train", true),
                                     .mask = a.flag("mask: given") ? mask : Array(),
                                     .use_batchwise_mask = a.flag("use_batchwise_mask", true)}));
       },
       true},
      {"gumbel_softmax",
       [](A a) {
         return one(
             gumbel_softmax(a.x("log_pi", {2, 3}), a.real("tau", 0.5), a.axis("axis", 1, 2)));
       },
       true},
      {"zoneout",
       [](A a) {
         return one(zoneout(a.x("h", {2, 3}), a.x("x", {2, 3}), a.real("ratio", 0.5)));
       },
       true},
  };
}

Calls normalizations() {
  return {
      {"batch_normalization",
       [](A a) {
         const Array mean = a.array("running_mean", {3}), var = a.array("running_var", {3});
         const bool running = a.flag("running: given");
         return one(batch_normalization(a.x("x", {2, 3, 4}), a.x("gamma", {3}), a.x("beta", {3}),
                                        {.eps = a.real("eps", 2e-5),
                                         .running_mean = running ? mean.copy() : Array(),
                                         .running_var = running ? var.copy() : Array(),
                                         .decay = a.real("decay", 0.9),
                                         .axis = a.axes("axis", {0, 2}, 3)}));
       }},
      {"fixed_batch_normalization",
       [](A a) {
         return one(fixed_batch_normalization(a.x("x", {2, 3, 4}), a.x("gamma", {3}),
                                              a.x("beta", {3}), a.x("mean", {3}), a.x("var", {3}),
                                              a.real("eps", 2e-5), a.axes("axis", {0, 2}, 3)));
       }},
      {"batch_renormalization",
       [](A a) {
         return one(batch_renormalization(a.x("x", {2, 3, 4}), a.x("gamma", {3}), a.x("beta", {3}),
                                          a.real("rmax", 2), a.real("dmax", 1),
                                          a.array("running_mean", {3}).copy(),
                                          a.array("running_var", {3}).copy(),
                                          {.eps = a.real("eps", 2e-5),
                                           .decay = a.real("decay", 0.9),
                                           .update_statistics = a.flag("update_statistics")}));
       }},
      {"fixed_batch_renormalization",
       [](A a) {
         return one(fixed_batch_renormalization(a.x("x", {2, 3, 4}), a.x("gamma", {3}),
                                                a.x("beta", {3}), a.x("mean", {3}), a.x("var", {3}),
                                                a.real("eps", 2e-5)));
       }},
      {"decorrelated_batch_normalization",
       [](A a) {
         const Array mean = a.array("running_mean", {2, 2}),
                     projection = a.array("running_projection", {2, 2, 2});
         const bool running = a.flag("running: given");
         return one(decorrelated_batch_normalization(
             a.x("x", {3, 4, 2}), {.groups = a.number("groups", 2),
                                   .eps = a.real("eps", 0.125),
                                   .running_mean = running ? mean.copy() : Array(),
                                   .running_projection = running ? projection.copy() : Array(),
                                   .decay = a.real("decay", 0.9)}));
       }},
      {"fixed_decorrelated_batch_normalization",
       [](A a) {
         return one(fixed_decorrelated_batch_normalization(a.x("x", {3, 4, 2}), a.x("mean", {2, 2}),
                                                           a.x("projection", {2, 2, 2}),
                                                           a.number("groups", 2)));
       }},
      {"layer_normalization",
       [](A a) {
         return one(layer_normalization(a.x("x", {2, 3}), a.x("gamma", {3}), a.x("beta", {3}),
                                        a.real("eps", 1e-5)));
       }},
      {"group_normalization",
       [](A a) {
         return one(group_normalization(a.x("x", {2, 4, 3}), a.count("groups", 2),
                                        a.x("gamma", {4}), a.x("beta", {4}), a.real("eps", 1e-5)));
       }},
      {"local_response_normalization",
       [](A a) {
         return one(
             local_response_normalization(a.x("x", {2, 3, 4}), {.n = a.count("n", 3),
                                                                .k = a.real("k", 2),
                                                                .alpha = a.real("alpha", 1e-4),
                                                                .beta = a.real("beta", 0.75)}));
       }},
      {"normalize",
       [](A a) {
         return one(normalize(a.x("x", {2, 3, 4}), a.real("eps", 1e-5), a.axes("axis", {1, 2}, 3)));
       }},
  };
}

Calls convolutions() {
  using Nd = Variable (*)(V, V, V, const ConvolutionNDOptions&);
  using Transposed = Variable (*)(V, V, V, const DeconvolutionNDOptions&);
  const auto lengths = [](int axes, std::initializer_list<Int> first, Int each) {
    Shape shape(first);
    for (int i = 0; i < axes; ++i) shape.push_back(each);
    return shape;
  };
  const auto nd = [=](const char* name, int axes, Nd f) {
    return Call{name, [=](A a) {
                  const Shape ones = Shape::filled(axes, 1), zeros = Shape::filled(axes, 0);
                  return one(f(a.x("x", lengths(axes, {2, 2}, 5)),
                               a.x("W", lengths(axes, {4, 2}, 2)), a.maybe_x("b", {4}),
                               {.stride = a.per_axis("stride", ones),
                                .pad = a.per_axis("pad", zeros),
                                .cover_all = a.flag("cover_all"),
                                .dilate = a.per_axis("dilate", ones),
                                .groups = a.number("groups", 1)}));
                }};
  };
  const auto transposed = [=](const char* name, int axes, Transposed f) {
    return Call{name, [=](A a) {
                  const Shape ones = Shape::filled(axes, 1), zeros = Shape::filled(axes, 0);
                  return one(f(a.x("x", lengths(axes, {2, 4}, 3)),
                               a.x("W", lengths(axes, {4, 2}, 2)), a.maybe_x("b", {2}),
                               {.stride = a.per_axis("stride", ones),
                                .pad = a.per_axis("pad", zeros),
                                .outsize = a.maybe_per_axis("outsize", Shape::filled(axes, 4)),
                                .dilate = a.per_axis("dilate", ones),
                                .groups = a.number("groups", 1)}));
                }};
  };
  return {
      {"convolution_2d",
       [](A a) {
         return one(convolution_2d(a.x("x", {2, 2, 4, 5}), a.x("W", {4, 2, 2, 3}),
                                   a.maybe_x("b", {4}),
                                   {.stride = a.pair("stride", 1),
                                    .pad = a.pair("pad", 0),
                                    .cover_all = a.flag("cover_all"),
                                    .dilate = a.pair("dilate", 1),
                                    .groups = a.number("groups", 1)}));
       }},
      {"deconvolution_2d",
       [](A a) {
         return one(deconvolution_2d(a.x("x", {2, 4, 3, 2}), a.x("W", {4, 2, 2, 3}),
                                     a.maybe_x("b", {2}),
                                     {.stride = a.pair("stride", 1),
                                      .pad = a.pair("pad", 0),
                                      .outsize = a.maybe_pair("outsize", {4, 4}),
                                      .dilate = a.pair("dilate", 1),
                                      .groups = a.number("groups", 1)}));
       }},
      {"depthwise_convolution_2d",
       [](A a) {
         return one(depthwise_convolution_2d(
             a.x("x", {2, 3, 4, 5}), a.x("W", {2, 3, 2, 3}), a.maybe_x("b", {6}),
             {.stride = a.pair("stride", 1), .pad = a.pair("pad", 0)}));
       }},
      {"dilated_convolution_2d",
       [](A a) {
         return one(dilated_convolution_2d(a.x("x", {2, 2, 4, 5}), a.x("W", {4, 2, 2, 3}),
                                           a.maybe_x("b", {4}),
                                           {.stride = a.pair("stride", 1),
                                            .pad = a.pair("pad", 0),
                                            .dilate = a.pair("dilate", 1),
                                            .cover_all = a.flag("cover_all")}));
       }},
      nd("convolution_nd", 1, convolution_nd),
      nd("convolution_nd", 2, convolution_nd),
      nd("convolution_nd", 3, convolution_nd),
      nd("convolution_1d", 1, convolution_1d),
      nd("convolution_3d", 3, convolution_3d),
      transposed("deconvolution_nd", 1, deconvolution_nd),
      transposed("deconvolution_nd", 2, deconvolution_nd),
      transposed("deconvolution_nd", 3, deconvolution_nd),
      transposed("deconvolution_1d", 1, deconvolution_1d),
      transposed("deconvolution_3d", 3, deconvolution_3d),
      {"shift",
       [](A a) {
         return one(shift(a.x("x", {2, 4, 3, 4}),
                          {.ksize = a.pair("ksize", {1, 3}), .dilate = a.pair("dilate", {1, -1})}));
       }},
      {"deformable_convolution_2d_sampler",
       [](A a) {
         return one(deformable_convolution_2d_sampler(
             a.x("x", {2, 2, 4, 5}), a.x("offset", {2, 12, 3, 3}), a.x("W", {3, 2, 2, 3}),
             a.maybe_x("b", {3}), {.stride = a.pair("stride", 1), .pad = a.pair("pad", 0)}));
       }},
      {"local_convolution_2d",
       [](A a) {
         return one(local_convolution_2d(a.x("x", {2, 2, 4, 5}), a.x("W", {3, 3, 4, 2, 2, 2}),
                                         a.maybe_x("b", {3, 3, 4}), a.pair("stride", 1)));
       }},
  };
}

Calls images() {
  return {
      {"im2col",
       [](A a) {
         return one(im2col(a.x("x", {2, 3, 4, 5}), a.pair("ksize", 2),
                           {.stride = a.pair("stride", 1),
                            .pad = a.pair("pad", 0),
                            .cover_all = a.flag("cover_all"),
                            .dilate = a.pair("dilate", 1)}));
       }},
      {"space2depth",
       [](A a) {
         return one(space2depth(a.x("x", {2, 3, 4, 6}), a.count("r", 2)));
       }},
      {"space2depth",
       [](A a) {
         return one(space2depth(a.x("x", {2, 3, 0, 0}), a.count("r", 2)));
       }},
      {"depth2space",
       [](A a) {
         return one(depth2space(a.x("x", {2, 4, 2, 3}), a.count("r", 2)));
       }},
      {"depth2space",
       [](A a) {
         return one(depth2space(a.x("x", {2, 0, 2, 3}), a.count("r", 2)));
       }},
      {"resize_images",
       [](A a) {
         return one(resize_images(a.x("x", {2, 3, 4, 5}), a.pair("output_shape", {3, 6}),
                                  {.mode = a.one_of("mode", {Resize::bilinear, Resize::nearest}),
                                   .align_corners = a.flag("align_corners", true)}));
       }},
      {"spatial_transformer_grid",
       [](A a) {
         return one(
             spatial_transformer_grid(a.x("theta", {2, 2, 3}), a.pair("output_shape", {2, 3})));
       }},
      {"spatial_transformer_sampler",
       [](A a) {
         return one(spatial_transformer_sampler(a.x("x", {2, 3, 3, 4}), a.x("grid", {2, 2, 2, 3})));
       }},
      {"spatial_pyramid_pooling_2d",
       [](A a) {
         return one(
             spatial_pyramid_pooling_2d(a.x("x", {2, 3, 4, 5}), a.count("pyramid_height", 2)));
       }},
  };
}

// What the calls of pooling functions have in common: images (2, 3, 4, ...).
template <class Options>
Options pooling_options(A a, int axes) {
  const Shape ones = Shape::filled(axes, 1), zeros = Shape::filled(axes, 0);
  Options o;
  if constexpr (std::is_same_v<decltype(o.pad), PerAxis>) {
    o.stride = a.maybe_per_axis("stride", ones);
    o.pad = a.per_axis("pad", zeros);
    if constexpr (requires { o.outsize; })
      o.outsize = a.maybe_per_axis("outsize", Shape::filled(axes, 5));
  } else {
    o.stride = a.maybe_pair("stride", 1);
    o.pad = a.pair("pad", 0);
    if constexpr (requires { o.outsize; }) o.outsize = a.maybe_pair("outsize", 5);
  }
  if constexpr (requires { o.cover_all; }) o.cover_all = a.flag("cover_all", true);
  if constexpr (requires { o.pad_value; }) {
    const int value = a.count("pad_value", 0);
    o.pad_value = a.flag("pad_value: none") ? std::nullopt : std::optional(value);
  }
  return o;
}

Shape pooled(int axes) {
  Shape shape{2, 3};
  for (int i = 0; i < axes; ++i) shape.push_back(4);
  return shape;
}
// Those that take a HeightWidth, and those that take a PerAxis.
template <class Options, class Y>
Call pooling(const char* name, Y (*f)(V, HeightWidth, const Options&)) {
  return {name, [=](A a) {
            const auto y =
                f(a.x("x", pooled(2)), a.pair("ksize", 2), pooling_options<Options>(a, 2));
            if constexpr (requires { y.indices; })
              return results({y.y, as_variable(y.indices)});
            else
              return one(y);
          }};
}
template <class Options, class Y>
Call pooling(const char* name, int axes, Y (*f)(V, const PerAxis&, const Options&)) {
  return {name, [=](A a) {
            const auto y = f(a.x("x", pooled(axes)), a.per_axis("ksize", Shape::filled(axes, 2)),
                             pooling_options<Options>(a, axes));
            if constexpr (requires { y.indices; })
              return results({y.y, as_variable(y.indices)});
            else
              return one(y);
          }};
}

// Regions of images (2, 3, 4, 5).
using OfRegions = Variable (*)(V, ArrayLike, ArrayLike, HeightWidth, double);
Call region_pooling(const char* name, OfRegions f) {
  return {name, [=](A a) {
            return one(f(a.x("x", {2, 3, 4, 5}), a.array("rois", {3, 4}),
                         a.positions("roi_indices", {0, 1, 1}, {3}), a.pair("outsize", {2, 3}),
                         a.real("spatial_scale", 0.5)));
          }};
}
using OfSamples = Variable (*)(V, ArrayLike, ArrayLike, HeightWidth, double, const SamplingRatio&);
Call region_align(const char* name, OfSamples f) {
  return {
      name, [=](A a) {
        const HeightWidth ratio = a.pair("sampling_ratio", {2, 1});
        return one(f(a.x("x", {2, 3, 4, 5}), a.array("rois", {3, 4}),
                     a.positions("roi_indices", {0, 1, 1}, {3}), a.pair("outsize", {2, 3}),
                     a.real("spatial_scale", 0.5),
                     a.flag("sampling_ratio: none") ? SamplingRatio()
                                                    : SamplingRatio(ratio.height, ratio.width)));
      }};
}

Calls poolings() {
  return {
      {"roi_pooling_2d",
       [](A a) {
         // The first column says which image.
         Array rois = a.array("rois", {2, 5}).copy();
         rois.slice(1, 0, 1).fill(1);
         return one(roi_pooling_2d(a.x("x", {2, 3, 4, 5}), rois, a.number("outh", 2),
                                   a.number("outw", 3), a.real("spatial_scale", 0.5)));
       }},
      region_pooling("roi_max_pooling_2d", roi_max_pooling_2d),
      region_pooling("roi_average_pooling_2d", roi_average_pooling_2d),
      region_align("roi_max_align_2d", roi_max_align_2d),
      region_align("roi_average_align_2d", roi_average_align_2d),
      pooling("max_pooling_2d", max_pooling_2d),
      pooling("max_pooling_2d_with_indices", max_pooling_2d_with_indices),
      pooling("average_pooling_2d", average_pooling_2d),
      pooling("unpooling_2d", unpooling_2d),
      {"upsampling_2d",
       [](A a) {
         return one(upsampling_2d(a.x("x", pooled(2)),
                                  a.positions("indices", {0, 3, 1, 2}, pooled(2)),
                                  a.pair("ksize", 2), pooling_options<Unpooling2DOptions>(a, 2)));
       }},
      pooling("max_pooling_nd", 1, max_pooling_nd),
      pooling("max_pooling_nd", 2, max_pooling_nd),
      pooling("max_pooling_nd", 3, max_pooling_nd),
      pooling("max_pooling_1d", 1, max_pooling_1d),
      pooling("max_pooling_3d", 3, max_pooling_3d),
      pooling("max_pooling_nd_with_indices", 3, max_pooling_nd_with_indices),
      pooling("max_pooling_1d_with_indices", 1, max_pooling_1d_with_indices),
      pooling("max_pooling_3d_with_indices", 3, max_pooling_3d_with_indices),
      pooling("average_pooling_nd", 1, average_pooling_nd),
      pooling("average_pooling_nd", 3, average_pooling_nd),
      pooling("average_pooling_1d", 1, average_pooling_1d),
      pooling("average_pooling_3d", 3, average_pooling_3d),
      pooling("unpooling_nd", 1, unpooling_nd),
      pooling("unpooling_nd", 3, unpooling_nd),
      pooling("unpooling_1d", 1, unpooling_1d),
      pooling("unpooling_3d", 3, unpooling_3d),
  };
}

Calls recurrent() {
  // One layer, of so many directions, each with so many weights on x and h.
  struct Layers {
    Weights ws, bs;
  };
  const auto layers = [](A a, int directions, int weights) {
    Layers l;
    for (int layer = 0; layer < directions; ++layer) {
      Variables w, b;
      for (int i = 0; i < weights; ++i) {
        const std::string place = std::to_string(layer) + " " + std::to_string(i);
        w.push_back(a.x("ws " + place, {4, i < weights / 2 ? 3 : 4}));
        b.push_back(a.x("bs " + place, {4}));
      }
      l.ws.push_back(w), l.bs.push_back(b);
    }
    return l;
  };
  const auto steps = [](A a) { return Variables{a.x("xs 0", {2, 3}), a.x("xs 1", {1, 3})}; };
  const auto lstm_of = [=](const char* name, int directions, auto f) {
    return Call{name,
                [=](A a) {
                  const Shape state{directions, 2, 4};
                  const Layers l = layers(a, directions, 8);
                  NStepLSTM y = f(a.count("n_layers", 1), a.real("dropout_ratio", 0),
                                  a.x("hx", state), a.x("cx", state), l.ws, l.bs, steps(a));
                  y.ys.push_back(y.hy), y.ys.push_back(y.cy);
                  return y.ys;
                },
                true};
  };
  const auto rnn_of = [=](const char* name, int directions, int weights, auto f) {
    return Call{name,
                [=](A a) {
                  const Layers l = layers(a, directions, weights);
                  const Variable hx = a.x("hx", {directions, 2, 4});
                  NStepRNN y = f(a, a.count("n_layers", 1), a.real("dropout_ratio", 0), hx, l.ws,
                                 l.bs, steps(a));
                  y.ys.push_back(y.hy);
                  return y.ys;
                },
                true};
  };
  using W = const Weights&;
  const auto gru = [](auto f) {
    return [f](A, int n, double ratio, V hx, W ws, W bs, const Variables& xs) {
      return f(n, ratio, hx, ws, bs, xs);
    };
  };
  const auto plain = [](auto f) {
    return [f](A a, int n, double ratio, V hx, W ws, W bs, const Variables& xs) {
      return f(n, ratio, hx, ws, bs, xs,
               a.one_of("activation", {RnnActivation::tanh, RnnActivation::relu}));
    };
  };
  return {
      {"lstm",
       [](A a) {
         const CellAndOutput y = lstm(a.x("c_prev", {3, 2}), a.x("x", {2, 8}));
         return results({y.c, y.h});
       }},
      {"tree_lstm",
       [](A a) {
         const CellAndOutput y =
             tree_lstm(a.x("c 0", {3, 2}), a.x("c 1", {3, 2}), a.x("x", {3, 10}));
         return results({y.c, y.h});
       }},
      {"forget",
       [](A a) {
         return forget(
             [](V x, V y) {
               return Variables{x * y, autograd::tanh(x)};
             },
             a.x("xs 0", {2, 3}), a.x("xs 1", {2, 3}));
       }},
      {"slstm",
       [](A a) {
         const CellAndOutput y = slstm(a.x("c_prev1", {3, 2}), a.x("c_prev2", {3, 2}),
                                       a.x("x1", {3, 8}), a.x("x2", {3, 8}));
         return results({y.c, y.h});
       }},
      lstm_of("n_step_lstm", 1, n_step_lstm),
      lstm_of("n_step_bilstm", 2, n_step_bilstm),
      rnn_of("n_step_gru", 1, 6, gru(n_step_gru)),
      rnn_of("n_step_bigru", 2, 6, gru(n_step_bigru)),
      rnn_of("n_step_rnn", 1, 2, plain(n_step_rnn)),
      rnn_of("n_step_birnn", 2, 2, plain(n_step_birnn)),
  };
}

}  // namespace

Calls functions() {
  return joined({elementwise(), activations(), reductions(), manipulations(), joins(), indexings(),
                 products(), losses(), noise(), normalizations(), convolutions(), images(),
                 poolings(), recurrent()});
}

}  // namespace calls
