#pragma once

namespace autograd::kernels::special {

// The sum over k >= 0 of (q + k)^-s, the zeta function of Hurwitz; infinite for s = 1 and at q = 0,
// -1, -2, ...; NaN for s < 1, and left of q = 0 unless s is a whole number.
double zeta(double s, double q);

}  // namespace autograd::kernels::special
