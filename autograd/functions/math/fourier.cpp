#include "autograd/functions/math/fourier.h"

#include "autograd/array/fourier.h"
#include "autograd/base/check.h"

namespace autograd::inline functions {
namespace {

template <bool kInverse>
class FourierTransform final : public FunctionNode {
  std::string_view name() const override { return kInverse ? "ifft" : "fft"; }
  std::string label() const override { return "FFT"; }
  Outputs forward_all(const Inputs& x) override {
    const array::ComplexArray y = array::fft({x[0], x[1]}, kInverse);
    return {y.real, y.imag};
  }
  // The matrix F of the transform is symmetric, and the gradient of x is that of y times the
  // conjugate of F: F of the parts swapped, with its parts swapped back.
  Grads backward_all(const Variables& gys) override {
    const auto or_zeros = [&](std::size_t i) {
      return gys[i] ? gys[i] : as_variable(Array::zeros_like(gys[1 - i].array()));
    };
    const Variables swapped = apply_all<FourierTransform>({or_zeros(1), or_zeros(0)});
    return {swapped[1], swapped[0]};
  }
};

template <bool kInverse>
Complex transformed(std::string_view op, const Complex& x) {
  Check(op, {{"real", x.real}, {"imag", x.imag}})
      .floats()
      .same_shape()
      .that(x.real.ndim() >= 1 && x.real.shape().back() >= 1,
            "the last axis must have at least one element");
  const Variables y = apply_all<FourierTransform<kInverse>>({x.real, x.imag});
  return {y[0], y[1]};
}

}  // namespace

Complex fft(const Complex& x) { return transformed<false>("fft", x); }
Complex ifft(const Complex& x) { return transformed<true>("ifft", x); }

}  // namespace autograd::inline functions
