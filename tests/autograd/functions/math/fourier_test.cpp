#include "autograd/functions/math/fourier.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using Numbers = std::vector<std::complex<double>>;

Numbers complexes(const Variable& real, const Variable& imag) {
  Numbers all;
  for (std::size_t i = 0; i < values(real).size(); ++i)
    all.emplace_back(values(real)[i], values(imag)[i]);
  return all;
}

// By its sum.
Numbers plain(const Numbers& x, double sign) {
  Numbers y;
  const double n = static_cast<double>(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    std::complex<double> sum;
    for (std::size_t j = 0; j < x.size(); ++j)
      sum += x[j] * std::polar(1.0, sign * 2 * std::numbers::pi *
                                        std::fmod(static_cast<double>(j * k), n) / n);
    y.push_back(sum);
  }
  return y;
}

TEST(Fft, IsItsSumForAnyLength) {
  for (const std::int64_t n : {1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 17, 31, 64, 97, 100, 128, 243}) {
    SCOPED_TRACE(n);
    const Array re = numbers({n}), im = numbers({n}, 1);
    const auto [real, imag] = fft({re, im});
    const auto [back_real, back_imag] = ifft({re, im});
    const Numbers x = complexes(re, im), y = complexes(real, imag),
                  back = complexes(back_real, back_imag), expected = plain(x, -1),
                  expected_back = plain(x, 1);
    for (std::size_t k = 0; k < x.size(); ++k) {
      EXPECT_LT(std::abs(y[k] - expected[k]), 1e-13 * static_cast<double>(n));
      EXPECT_LT(std::abs(back[k] - expected_back[k] / static_cast<double>(n)), 1e-13);
    }
  }
}

TEST(Fft, TransformsTheLastAxis) {
  const Array re = numbers({3, 2, 5}), im = numbers({3, 2, 5}, 1);
  const auto [real, imag] = fft({re, im});
  const auto [one_real, one_imag] =
      fft({re.select(0, 2).select(0, 1), im.select(0, 2).select(0, 1)});
  EXPECT_EQ(values(real.array().select(0, 2).select(0, 1)), values(one_real));
  EXPECT_EQ(values(imag.array().select(0, 2).select(0, 1)), values(one_imag));
  const auto [again, zeros] = ifft({real, imag});
  expect_near(again, as_variable(re), 1e-14);
  EXPECT_EQ(shape_of(fft({numbers({0, 3}), numbers({0, 3})}).real), "(0, 3)");
}

TEST(Fft, HasDerivatives) {
  for (const std::int64_t n : {4, 5})
    for (const auto f : {fft, ifft}) {
      expect_derivatives(
          [&](const Variables& v) {
            const auto [real, imag] = f({v[0], v[1]});
            return Variables{real, imag};
          },
          {numbers({2, n}), numbers({2, n}, 1)});
      // One part alone.
      expect_derivatives(
          [&](const Variables& v) {
            return Variables{f({v[0], v[1]}).imag};
          },
          {numbers({n}), numbers({n}, 1)});
    }
}

TEST(Fft, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              fft({numbers({2, 0}), numbers({2, 0})});
            }),
            "fft: the last axis must have at least one element, but real is float64(2, 0) and imag "
            "is float64(2, 0)");
  EXPECT_EQ(
      message_of([] {
        ifft({numbers({2}), numbers({3})});
      }),
      "ifft: all arguments must have one shape, but real is float64(2) and imag is float64(3)");
}

}  // namespace
}  // namespace autograd
