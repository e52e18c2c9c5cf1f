// The program of the README: a value, its gradient, and the gradient of the gradient.

#include <cstdio>

#include "autograd/autograd.h"

namespace F = autograd;
using F::Array, F::Variable;

int main() {
  const Variable x(Array::of({1.0, 2.0, 3.0}));
  const Variable y = F::sum(F::exp(-x) * F::pow(x, 2));
  y.backward();
  for (double g : x.grad().to_vector<double>()) std::printf("%9.6f", g);  // dy/dx
  std::puts("");

  const Variable gx = F::grad({F::sum(F::tanh(x))}, {x}, {.create_graph = true})[0];
  const Variable ggx = F::grad({F::sum(gx)}, {x})[0];
  for (double g : ggx.array().to_vector<double>()) std::printf("%9.6f", g);  // d2 tanh / dx2
  std::puts("");
}
