#pragma once

// Special functions of one number, in double. kernels/pack.h calls them lane by lane: for float64,
// and for float32 where kernels/double_special.h does not compute in registers. Not inline, so that
// they are compiled once.
namespace autograd::kernels::special {

double lgamma(double x);  // log |gamma(x)|; inf at 0, -1, -2, ...
// The derivative of lgamma; at 0 an infinity with the sign of -x, NaN at -1, -2, ...
double digamma(double x);
// The n-th derivative of digamma, n >= 0; infinite or NaN at 0, -1, -2, ...
double polygamma(int n, double x);
double erfcx(double x);     // e^(x^2) erfc(x)
double erfinv(double y);    // the x with erf(x) = y; NaN outside [-1, 1]
double erfcinv(double y);   // the x with erfc(x) = y; NaN outside [0, 2]
double ndtr(double x);      // (1 + erf(x / sqrt(2))) / 2, accurate far to the left
double ndtri(double p);     // the x with ndtr(x) = p; NaN outside [0, 1]
double log_ndtr(double x);  // log(ndtr(x)), also where ndtr(x) is 0

}  // namespace autograd::kernels::special
