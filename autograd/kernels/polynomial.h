#pragma once

namespace autograd::kernels {

// c[0] + c[1] x + ..., for even N, in registers V: Horner's rule for the even and the odd
// coefficients separately, which halves the chain of dependent operations.
template <class V, int N>
V polynomial(V x, const double (&c)[N]) {
  static_assert(N % 2 == 0);
  const V x2 = x * x;
  V even = c[N - 2], odd = c[N - 1];
  for (int i = N - 4; i >= 0; i -= 2) even = fma(even, x2, c[i]), odd = fma(odd, x2, c[i + 1]);
  return fma(odd, x, even);
}

}  // namespace autograd::kernels
