#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

// Where the functions do not give what they give in arbitrary precision, and why. Each must be met by
// the test, or it fails.
namespace autograd::ranges {

using Point = std::vector<double>;

struct Exception {
  std::string function, outputs;  // "d0 d01": which of the outputs
  // At which arguments; `largest` is the largest number of the dtype.
  std::function<bool(const Point& x, double largest)> where;
  std::string reason;

  bool concerns(const std::string& output) const {
    return (" " + outputs + " ").find(" " + output + " ") != std::string::npos;
  }
};

inline std::vector<Exception> exceptions() {
  const auto right = [](double from) {
    return [from](const Point& x, double) { return x[0] >= from; };
  };
  // Where 1 / x and 1 / x^2 of the argument overflow.
  const auto inverse = [](std::size_t k) {
    return [k](const Point& x, double largest) { return std::abs(x[k]) * largest < 1; };
  };
  const auto inverse_square = [](std::size_t k) {
    return [k](const Point& x, double largest) { return std::abs(x[k]) < 1 / std::sqrt(largest); };
  };
  const auto infinite = [](std::size_t k) {
    return [k](const Point& x, double) { return std::isinf(x[k]); };
  };
  // Where the square of the greatest of two arguments is below what has a reciprocal.
  const auto both_small = [](std::size_t first) {
    return [first](const Point& x, double largest) {
      return std::max(std::abs(x[first]), std::abs(x[first + 1])) < 1 / std::sqrt(largest);
    };
  };
  const std::string from_output =
      "the slope is taken from the output, which rounds to 1: as in Chainer, and the input need "
      "not be kept";
  const std::string difference =
      "the second derivative is a sum of terms that overflow, of both signs";
  const std::string deviation = "the standard deviation e^(ln_var / 2), or its inverse, overflows";
  const auto no_deviation = [](const Point& x, double largest, std::size_t ln_var) {
    return std::abs(x[ln_var]) / 2 > std::log(largest);
  };
  return {
      {"sigmoid", "d0 d00", right(0.25), from_output},
      {"tanh", "d0 d00", [](const Point& x, double) { return std::abs(x[0]) >= 0.25; },
       from_output},
      {"softplus", "d00", right(0.25), "it is the slope of sigmoid"},
      {"softplus_2", "d00", right(0.25), "it is the slope of sigmoid"},
      {"swish", "value d1 d00 d01",
       [](const Point& x, double largest) {
         return std::isinf(x[1]) || std::abs(x[0] * x[1]) > largest;
       },
       "an infinite beta, or product of beta and x, times 0 is NaN"},
      {"swish", "d11", [](const Point& x, double) { return std::abs(x[0]) >= 100; },
       "x^2 meets a slope that has vanished"},
      {"swish", "d00 d01 d11", [](const Point& x, double) { return x[0] * x[1] >= 0.25; },
       "it has the slope of sigmoid"},
      {"prelu", "value", infinite(0), "an infinite x times a weight of 0 is NaN"},
      {"pow", "d0 d00 d01", infinite(1), "an infinite exponent times a power of 0 is NaN"},
      {"pow", "d01", [](const Point& x, double) { return x[0] == 0 && std::abs(x[1]) <= 1; },
       "the derivative by a, then b: a power and its product with a logarithm, of both signs"},
      {"pow", "d0 d00", [](const Point& x, double) { return x[0] <= 0 && std::abs(x[1]) >= 1e20; },
       "b - 1 is b, so that the sign of a power with an odd exponent is that of an even one"},
      {"div", "d11", inverse(1), "1 / b overflows"},
      {"arctan2", "d00 d01 d11", both_small(0), difference},
      {"gaussian", "value d1 d11",
       [=](const Point& x, double largest) { return no_deviation(x, largest, 1); }, deviation},
      {"gaussian_nll", "value d2 d22 d02 d12",
       [=](const Point& x, double largest) { return no_deviation(x, largest, 2); }, deviation},
      {"gaussian_nll", "d22",
       [](const Point& x, double) { return std::abs(x[0] - x[1]) < 1e-20 && x[2] <= -60; },
       "the square of the residual vanishes before it is divided"},
      {"softmax", "d00 d01 d11",
       [](const Point& x, double) { return std::max(x[0], x[1]) == -INFINITY; },
       "of nothing but -inf the softmax itself is NaN"},
      {"average", "d02 d03 d12 d13 d22 d23 d33",
       [](const Point& x, double largest) { return std::max(x[2], x[3]) > std::sqrt(largest); },
       "a term over the square of the weights' sum is subnormal, and has lost digits"},
      {"average", "d22 d23 d33", both_small(2), difference},
      {"Normal.log_prob", "d22", inverse_square(2), difference},
      {"Laplace.log_prob", "d22", inverse_square(2), difference},
      {"Gamma.log_prob", "d22", inverse_square(2), difference},
      {"Gamma.log_prob", "d2", [](const Point& x, double largest) { return x[2] * largest < x[1]; },
       "x / theta^2 and k / theta overflow, of both signs"},
      {"Gamma.log_prob", "d0 d1 d2 d01 d02 d11 d12 d22", infinite(0),
       "where x is infinite the value is stated, -inf, without a slope"},
      {"kl_Normal", "d33", inverse_square(3), difference},
      {"kl_Exponential", "d00", inverse_square(0), difference},
      {"kl_Bernoulli", "d0 d1",
       [=](const Point& x, double largest) {
         return inverse(0)(x, largest) || inverse(1)(x, largest);
       },
       "1 / p or 1 / q overflows"},
      {"kl_Bernoulli", "d00", inverse_square(0), "1 / p^2 overflows before it meets p"},
      {"kl_Bernoulli", "d11", inverse_square(1), "1 / q^2 overflows before it meets p"},
  };
}

}  // namespace autograd::ranges
