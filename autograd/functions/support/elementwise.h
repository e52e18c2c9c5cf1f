#pragma once

#include "autograd/array/map.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/special.h"
#include "autograd/functions/math/trigonometric.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/config.h"
#include "autograd/graph/function_node.h"

// Makes a differentiable function from an op's declaration (kernels/ops/). Included by the .cpp
// files of the families of ops.
namespace autograd {

// '#' in an op's label becomes the constant: "_ * 0.2", "_ + (-1)".
std::string label_with(std::string_view label, double constant);

// Reduces the gradient g of an input to the input's own shape. g is null, or has the broadcast
// shape of all inputs, or is a scalar in place of equal elements.
Variable fit(Variable g, const Shape& shape, const Shape& input_shape);

// x as a constant: no gradient flows through it.
inline Variable constant(const Variable& x) { return as_variable(x.array()); }

// (1 - x)(1 + x)
Variable one_minus_square(const Variable& x);

// The same for a slope that is a plain number.
inline Variable weighted(const Variable& w, double x) {
  return x - x == 0 ? w * x : weighted(w, Variable(Array::full({}, x, w.dtype())));
}

// Computes gy times slope K of Op. Without a graph this is one fused loop. With a graph, the slope
// is instantiated for Variable and so is composed of differentiable functions.
template <int K, class Op, class... Kept>
Variable slope_times(const Op& op, const Variable& gy, const Shape& shape, const Kept&... kept) {
  if constexpr (sizeof...(Kept) == 0) {
    double c;
    if constexpr (K == 0)
      c = op.slope_a();
    else
      c = op.slope_b();
    return c == 1 ? gy : weighted(gy, c);
  } else {
    constexpr bool unary = requires { op.slope(kept...); };
    constexpr bool a = requires { op.slope_a(kept...); };
    constexpr bool b = requires { op.slope_b(kept...); };
    constexpr bool c = requires { op.slope_c(kept...); };
    if constexpr (!unary && !(K == 0 && a) && !(K == 1 && b) && !(K == 2 && c)) {
      return {};
    } else {
      if (!config().enable_backprop)
        return Variable(map_slope(op, K, shape, gy.array(), kept.array()...));
      if constexpr (unary)
        return weighted(gy, op.slope(kept...));
      else if constexpr (K == 0)
        return weighted(gy, op.slope_a(kept...));
      else if constexpr (K == 1)
        return weighted(gy, op.slope_b(kept...));
      else
        return weighted(gy, op.slope_c(kept...));
    }
  }
}

// A stand-in for the callback of an op's parameters(), used in concepts.
struct AnyParameter {
  template <class T>
  void operator()(std::string_view name, T value) const;
};

// The gradients of an elementwise op's inputs, each in its own shape.
template <class Op>
class ElementwiseBase : public FunctionNode {
  static_assert(Op::keep != ops::Keep::output || kernels::arity<Op>() == 1,
                "an op that keeps its output must have one input: an output does not determine "
                "several inputs");
  static_assert(
      std::is_empty_v<Op> || requires(const Op& op) { op.c; } ||
          requires(const Op& op) { op.parameters(AnyParameter()); },
      "an op with members must name them in parameters(), which the attributes of its functions "
      "are read from");

 public:
  explicit ElementwiseBase(const Op& op) : op_(op) {}

 protected:
  static constexpr int kArity = kernels::arity<Op>();

  std::string_view name() const override { return Op::name; }
  std::string label() const override {
    if constexpr (requires { op_.c; }) return label_with(Op::label, op_.c);
    return std::string(Op::label);
  }
  Attributes attributes() const override {
    Attributes all;
    if constexpr (requires { op_.c; })
      all.add({"value", op_.c});
    else if constexpr (!std::is_empty_v<Op>)
      op_.parameters([&](std::string_view name, auto value) { all.add({name, value}); });
    return all;
  }

  // gy has the broadcast shape of the inputs, or is a scalar in place of equal elements.
  Grads gradients(const Variable& gy, const Shape& shape) {
    const auto at = [&]<int K>() -> Variable {
      if (K >= kArity || !needs_grad(K)) return {};
      return fit(with_kept<K>(gy, shape), shape, input_shape(K));
    };
    Grads gxs;
    gxs.push_back(at.template operator()<0>());
    if constexpr (kArity > 1) gxs.push_back(at.template operator()<1>());
    if constexpr (kArity > 2) gxs.push_back(at.template operator()<2>());
    return gxs;
  }

  Op op_;

 private:
  template <int K>
  Variable with_kept(const Variable& gy, const Shape& shape) {
    if constexpr (Op::keep == ops::Keep::nothing)
      return slope_times<K>(op_, gy, shape);
    else if constexpr (Op::keep == ops::Keep::output)
      return slope_times<K>(op_, gy, shape, retained_output(0));
    else if constexpr (kArity == 1)
      return slope_times<K>(op_, gy, shape, retained_input(0));
    else if constexpr (kArity == 2)
      return slope_times<K>(op_, gy, shape, retained_input(0), retained_input(1));
    else
      return slope_times<K>(op_, gy, shape, retained_input(0), retained_input(1),
                            retained_input(2));
  }
};

template <class Op>
class Elementwise final : public ElementwiseBase<Op> {
 public:
  using ElementwiseBase<Op>::ElementwiseBase;

 private:
  Array forward(const Inputs& x) override {
    constexpr int n = kernels::arity<Op>();
    if constexpr (Op::keep == ops::Keep::output)
      this->retain_outputs({0});
    else if constexpr (Op::keep == ops::Keep::inputs && n == 1)
      this->retain_inputs({0});
    else if constexpr (Op::keep == ops::Keep::inputs && n == 2)
      this->retain_inputs({0, 1});
    else if constexpr (Op::keep == ops::Keep::inputs)
      this->retain_inputs({0, 1, 2});
    if constexpr (n == 1)
      return map(this->op_, x[0]);
    else if constexpr (n == 2)
      return map(this->op_, x[0], x[1]);
    else
      return map(this->op_, x[0], x[1], x[2]);
  }
  Grads backward(const Variable& gy) override { return this->gradients(gy, gy.shape()); }
};

// The sum of an elementwise op over all elements, in one pass and without storing the terms.
template <class Op>
class ElementwiseSum final : public ElementwiseBase<Op> {
 public:
  using ElementwiseBase<Op>::ElementwiseBase;

 private:
  Attributes attributes() const override {
    Attributes all = ElementwiseBase<Op>::attributes();
    all.add({"reduce", "sum"});
    return all;
  }
  Array forward(const Inputs& x) override {
    constexpr int n = kernels::arity<Op>();
    static_assert(Op::keep == ops::Keep::inputs && n >= 2);
    if constexpr (n == 2) {
      this->retain_inputs({0, 1});
      return map_sum(this->op_, x[0], x[1]);
    } else {
      this->retain_inputs({0, 1, 2});
      return map_sum(this->op_, x[0], x[1], x[2]);
    }
  }
  Grads backward(const Variable& gy) override {
    Shape shape = this->input_shape(0);
    for (int i = 1; i < kernels::arity<Op>(); ++i)
      shape = broadcast_shapes(shape, this->input_shape(i));
    return this->gradients(gy, shape);
  }
};

// op(xs...), element by element.
template <class Op, class... X>
Variable elementwise(const Op& op, const X&... xs) {
  return apply<Elementwise<Op>>({xs...}, op);
}

// The sum over all elements of op(xs...), a scalar.
template <class Op, class... X>
Variable elementwise_sum(const Op& op, const X&... xs) {
  return apply<ElementwiseSum<Op>>({xs...}, op);
}

}  // namespace autograd
