// How to define a function of your own, like a Chainer FunctionNode, and how to check its
// derivatives.
//
// The "bent identity" (sqrt(x^2 + 1) - 1) / 2 + x, with the derivative x / (2 sqrt(x^2 + 1)) + 1.

#include <cstdio>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"
#include "autograd/testing/gradient_check.h"

namespace F = autograd;
using F::Array;
using F::Variable;

class BentIdentity final : public F::FunctionNode {
  std::string_view name() const override { return "bent_identity"; }

  // Computes the output array from the input arrays. Retain the arrays that backward needs: the
  // graph keeps no other arrays.
  Array forward(const F::Inputs& x) override {
    retain_inputs({0});
    const auto computing = F::no_backprop_mode();
    return value(x[0]).array();
  }

  // Computes the gradients of the inputs from the gradient of the output. It uses differentiable
  // functions, so the second derivative needs no rule of its own.
  F::Grads backward(const Variable& gy) override {
    const Variable x = retained_input(0);
    return {gy * (x / (2 * F::sqrt(F::square(x) + 1)) + 1)};
  }

  static Variable value(const Variable& x) { return (F::sqrt(F::square(x) + 1) - 1) / 2 + x; }
};

Variable bent_identity(const Variable& x) { return F::apply<BentIdentity>({x}); }

int main() {
  const Variable x(Array::of({-2.0, 0.0, 3.0}), {.name = "x"});
  const Variable y = F::sum(bent_identity(x));
  const Variable first = F::grad({y}, {x}, {.create_graph = true})[0];
  const Variable second = F::grad({F::sum(first)}, {x})[0];
  std::puts("   x      dy/dx   d2y/dx2");
  for (int i = 0; i < 3; ++i)
    std::printf("%5.1f  %8.5f  %8.5f\n", x.array().select(0, i).item(),
                first.array().select(0, i).item(), second.array().select(0, i).item());

  // Compares the derivatives with finite differences along a random direction; throws if they
  // differ.
  const Array gy = Array::full({3}, 1, F::Dtype::float64),
              ggx = Array::full({3}, 0.5, F::Dtype::float64);
  F::testing::check_backward(bent_identity, {x.array()}, {gy});
  F::testing::check_double_backward(bent_identity, {x.array()}, {gy}, {ggx});
  std::puts("both derivatives agree with finite differences");
}
