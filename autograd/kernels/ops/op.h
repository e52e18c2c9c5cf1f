#pragma once

#include <string_view>

// How an elementwise op is declared: its value and its derivative, next to each other, once.
//
//   struct Softplus {
//     static constexpr std::string_view name = "softplus", label = "Softplus";
//     static constexpr Keep keep = Keep::inputs;
//     template <class V> V value(V x) const { return ...; }
//     template <class V> V slope(V x) const { return ...; }
//   };
//
// V is a SIMD register in the kernels, and a Variable if a graph of the backward pass is recorded:
// the slope is then composed of differentiable functions, so the second derivative needs no rule of
// its own. A slope may use what both types support: + - * /, comparisons with select(), and the
// functions of kernels/pack.h.
//
// `name` stands in error messages, `label` in drawings of the graph; both are Chainer's ('#' in a
// label is replaced by the op's constant `c`). A parameter is a plain member, and parameters()
// names it by the function's argument; the constant `c` needs no such line:
//
//     double alpha = 1;
//     template <class F> void parameters(const F& each) const { each("alpha", alpha); }
//
// An op with two inputs states value(a, b), slope_a(a, b), slope_b(a, b); with three also slope_c.
// A constant slope returns a plain number. An input without a slope gets no gradient.
namespace autograd::ops {

// The arguments of slope().
enum class Keep {
  inputs,
  output,   // only of an op with one input
  nothing,  // the slopes are plain numbers: double slope_a() const
};

// The ops of one family, from which the kernels are compiled.
template <class... Op> struct List {};

}  // namespace autograd::ops
