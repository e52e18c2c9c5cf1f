#include <cstdio>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"

int main() {
  autograd::Variable x(autograd::Array::of({1.f, 2.f, 3.f}));
  autograd::Variable y = autograd::sum(x * x);
  y.backward();
  std::printf("y = %g, dy/dx adds up to %g\n", y.item(), autograd::sum(x.grad()).item());
  return y.item() == 14 && autograd::sum(x.grad()).item() == 12 ? 0 : 1;
}
