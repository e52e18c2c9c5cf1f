#pragma once

#include "autograd/graph/function_node.h"

// Fourier transforms of complex numbers, each given as its real and its imaginary part, on float32
// and float64; Chainer's functions/math.
namespace autograd::inline functions {

// A complex variable: two of one dtype and one shape. fft({real, imag}) is Chainer's fft((real,
// imag)), and `auto [real, imag] = fft(x)` takes the result apart.
struct Complex {
  VariableField real, imag;
};

// The discrete Fourier transform along the last axis, of length n: y_k is the sum over j of
// x_j e^(-2 pi i j k / n). numpy.fft.fft. Errors: a last axis without elements.
Complex fft(const Complex& x);

// Its inverse: y_k is the sum over j of x_j e^(2 pi i j k / n), divided by n.
Complex ifft(const Complex& x);

}  // namespace autograd::inline functions
