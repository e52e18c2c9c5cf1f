#include "autograd/array/fourier.h"

#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

using Complex = std::complex<double>;
using Complexes = std::vector<Complex>;

// The operator also looks for infinities, which takes longer than the product.
Complex times(const Complex& a, const Complex& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// e^(-pi i k / n)
Complex root(std::size_t k, std::size_t n) {
  const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
  return {std::cos(angle), std::sin(angle)};
}

// Transforms n numbers, a power of two, in place (J. W. Cooley and J. W. Tukey, 1965).
class PowerOfTwo {
 public:
  explicit PowerOfTwo(std::size_t n) : n_(n) {
    for (std::size_t k = 0; 2 * k < n; ++k) roots_.push_back(root(2 * k, n));
  }
  std::size_t size() const { return n_; }

  void operator()(Complexes& x) const {
    // Number i goes to the place whose bits are those of i in reverse.
    for (std::size_t i = 1, place = 0; i < n_; ++i) {
      std::size_t bit = n_ / 2;
      for (; (place & bit) != 0; bit /= 2) place ^= bit;
      place ^= bit;
      if (i < place) std::swap(x[i], x[place]);
    }
    for (std::size_t half = 1; half < n_; half *= 2)
      for (std::size_t begin = 0; begin < n_; begin += 2 * half)
        for (std::size_t k = begin; k < begin + half; ++k) {
          const Complex odd = times(x[k + half], roots_[(k - begin) * (n_ / 2 / half)]);
          x[k + half] = x[k] - odd;
          x[k] += odd;
        }
  }

 private:
  std::size_t n_;
  Complexes roots_;
};

// Transforms any n numbers as a convolution, which a longer transform computes: since
// 2 j k = j^2 + k^2 - (k - j)^2, with w_k = e^(-pi i k^2 / n),
//   y_k = w_k sum over j of (x_j w_j) / w_(k - j)     (L. I. Bluestein, 1970).
class AnyLength {
 public:
  explicit AnyLength(std::size_t n) : longer_(std::bit_ceil(2 * n - 1)) {
    for (std::size_t k = 0; k < n; ++k) chirp_.push_back(root(k * k % (2 * n), n));
    filter_.resize(longer_.size());
    for (std::size_t k = 0; k < n; ++k)
      filter_[k] = filter_[(longer_.size() - k) % longer_.size()] = std::conj(chirp_[k]);
    longer_(filter_);
  }

  void operator()(Complexes& x) const {
    Complexes z(longer_.size());
    for (std::size_t k = 0; k < x.size(); ++k) z[k] = times(x[k], chirp_[k]);
    longer_(z);
    // The inverse transform is the conjugate of the transform of the conjugate, over the length.
    for (std::size_t k = 0; k < z.size(); ++k) z[k] = std::conj(times(z[k], filter_[k]));
    longer_(z);
    const double scale = 1 / static_cast<double>(z.size());
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = times(std::conj(z[k]) * scale, chirp_[k]);
  }

 private:
  PowerOfTwo longer_;
  Complexes chirp_, filter_;
};

}  // namespace

ComplexArray fft(const ComplexArray& x, bool inverse) {
  const std::string_view op = inverse ? "ifft" : "fft";
  Check(op, {{"real", x.real}, {"imag", x.imag}})
      .floats()
      .same_shape()
      .that(x.real.ndim() >= 1 && x.real.shape().back() >= 1,
            "the last axis must have at least one element");
  const Array real = x.real.contiguous(), imag = x.imag.contiguous();
  ComplexArray y{Array::empty(real.shape(), real.dtype()),
                 Array::empty(real.shape(), real.dtype())};
  const std::int64_t length = real.shape().back();
  const std::int64_t lines = real.shape().slice(0, real.ndim() - 1).elements();
  if (lines == 0) return y;
  const auto n = static_cast<std::size_t>(length);
  std::optional<PowerOfTwo> power;
  std::optional<AnyLength> any;
  if (std::has_single_bit(n))
    power.emplace(n);
  else
    any.emplace(n);
  // The inverse transform, again by conjugates.
  const double sign = inverse ? -1 : 1, scale = inverse ? 1 / static_cast<double>(n) : 1;
  visit_float(real.dtype(), [&]<class T>(std::type_identity<T>) {
    const T *re = real.data<T>(), *im = imag.data<T>();
    T *out_re = y.real.mutable_data<T>(), *out_im = y.imag.mutable_data<T>();
    for_lines(lines, 16 * length, [&](std::int64_t begin, std::int64_t end) {
      Complexes line(n);
      for (std::int64_t i = begin * length; i < end * length; i += length) {
        for (std::size_t k = 0; k < n; ++k) {
          const std::int64_t at = i + static_cast<std::int64_t>(k);
          line[k] = {static_cast<double>(re[at]), sign * static_cast<double>(im[at])};
        }
        power ? (*power)(line) : (*any)(line);
        for (std::size_t k = 0; k < n; ++k) {
          const std::int64_t at = i + static_cast<std::int64_t>(k);
          out_re[at] = static_cast<T>(scale * line[k].real());
          out_im[at] = static_cast<T>(sign * scale * line[k].imag());
        }
      }
    });
  });
  return y;
}

}  // namespace autograd::array
