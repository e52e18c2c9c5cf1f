#pragma once

#include "autograd/array/array.h"

namespace autograd::array {

// A complex array as two of one floating dtype and one shape.
struct ComplexArray {
  Array real, imag;
};

// The discrete Fourier transform along the last axis, of length n >= 1: y_k is the sum over j of
// x_j e^(-2 pi i j k / n); with `inverse`, the sum of x_j e^(2 pi i j k / n), divided by n.
// Computed in float64, in n log(n) steps for any n: numpy.fft.fft and ifft.
ComplexArray fft(const ComplexArray& x, bool inverse);

}  // namespace autograd::array
