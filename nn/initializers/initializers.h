#pragma once

#include <type_traits>

#include "autograd/base/random.h"
#include "nn/initializers/initializer.h"

// The initializers of chainer.initializers, under its names and with its defaults. Random
// initializers draw doubles in C order, by default from random::generator(), and give Chainer's
// numbers for the same seed.
//
// fan_in and fan_out are the lengths of axis 1 and axis 0, times the product of all further
// lengths. Initializers that use them require at least 2 axes.
namespace nn::initializers {

// NOLINTBEGIN(readability-identifier-naming): in Chainer these are classes

inline Initializer Constant(double value) { return value; }
inline Initializer Zero() { return 0.0; }
inline Initializer One() { return 1.0; }
Initializer NaN();

// By position, as in Chainer: HeNormal(0.5). A template, so that `{}` means default options and not
// a number.
template <class T>
concept Number = std::is_arithmetic_v<T>;

enum class Fan { in, out };
struct RandomOptions {
  double scale = 1;
  autograd::random::Generator* generator = nullptr;
};
struct FanOptions {
  double scale = 1;
  Fan fan_option = Fan::in;
  autograd::random::Generator* generator = nullptr;
};

// N(0, scale^2)
Initializer Normal(double scale = 0.05, autograd::random::Generator* generator = nullptr);
// Uniform in [-scale, scale)
Initializer Uniform(double scale = 0.05, autograd::random::Generator* generator = nullptr);

// Normal(scale sqrt(1 / fan_in)), Uniform(scale sqrt(3 / fan_in)): LeCun, Bottou, Orr and Mueller,
// "Efficient BackProp", 1998.
Initializer LeCunNormal(const RandomOptions& options = {});
Initializer LeCunNormal(Number auto scale) {
  return LeCunNormal({.scale = static_cast<double>(scale)});
}
Initializer LeCunUniform(const RandomOptions& options = {});
Initializer LeCunUniform(Number auto scale) {
  return LeCunUniform({.scale = static_cast<double>(scale)});
}
// Normal(scale sqrt(2 / (fan_in + fan_out))), Uniform(scale sqrt(6 / (fan_in + fan_out))): Glorot
// and Bengio, AISTATS 2010.
Initializer GlorotNormal(const RandomOptions& options = {});
Initializer GlorotNormal(Number auto scale) {
  return GlorotNormal({.scale = static_cast<double>(scale)});
}
Initializer GlorotUniform(const RandomOptions& options = {});
Initializer GlorotUniform(Number auto scale) {
  return GlorotUniform({.scale = static_cast<double>(scale)});
}
// Normal(scale sqrt(2 / fan)), Uniform(scale sqrt(6 / fan_in)): He et al., arXiv:1502.01852.
Initializer HeNormal(const FanOptions& options = {});
Initializer HeNormal(Number auto scale, Fan fan_option = Fan::in) {
  return HeNormal({.scale = static_cast<double>(scale), .fan_option = fan_option});
}
Initializer HeUniform(const RandomOptions& options = {});
Initializer HeUniform(Number auto scale) {
  return HeUniform({.scale = static_cast<double>(scale)});
}

// scale on the diagonal of a square matrix, 0 elsewhere.
Initializer Identity(double scale = 1);

// NOLINTEND(readability-identifier-naming)

}  // namespace nn::initializers
