// The program of the README: computes a value, its gradient, and the gradient of a gradient.

#include <iostream>

#include "autograd/autograd.h"

namespace F = autograd;
using F::Array, F::Variable;

int main() {
  const Variable x(Array::of({1.0, 2.0, 3.0}));
  const Variable y = F::sum(F::exp(-x) * F::pow(x, 2));
  y.backward();
  std::cout << x.grad() << "\n";  // dy/dx

  const Variable gx = F::grad({F::sum(F::tanh(x))}, {x}, {.create_graph = true})[0];
  const Variable ggx = F::grad({F::sum(gx)}, {x})[0];
  std::cout << ggx.array() << "\n";  // d2 tanh / dx2
}
