#pragma once

#include <concepts>

#include "autograd/base/random.h"
#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Functions that draw random numbers; Chainer's functions/noise. Each draws in NumPy's order from
// the generator of the process, or from the one given last, so that one seed gives Chainer's
// numbers.
namespace autograd::inline functions {

struct GaussianOptions {
  ArrayField eps =
      {};  // the noise, in the shape and dtype of ln_var; drawn by standard_normal if there is none
};

// A draw from N(mean, e^ln_var): mean + e^(ln_var / 2) eps. Both have one shape. In training and
// testing alike.
//   gaussian(mu, ln_var)        gaussian(mu, ln_var, {.eps = eps})
inline constexpr struct GaussianFunction : BinaryFunction<GaussianFunction> {
  Variable operator()(const Variable& mean, const Variable& ln_var,
                      const GaussianOptions& options = {},
                      random::Generator& generator = random::generator()) const;
} gaussian;

// The same with the noise that was drawn, Chainer's return_eps: auto [z, eps] =
// gaussian_with_eps(mu, ln_var);
struct GaussianDraw {
  Variable z;
  Array eps;
};
GaussianDraw gaussian_with_eps(const Variable& mean, const Variable& ln_var,
                               const GaussianOptions& options = {},
                               random::Generator& generator = random::generator());

struct DropoutOptions {
  ArrayField mask =
      {};  // what x is multiplied with, the scale 1 / (1 - ratio) included; drawn if there is none
};

// Sets elements to 0 with the probability `ratio` and multiplies the others by 1 / (1 - ratio); an
// element stays where rand() >= ratio. With config().train false it returns x and draws nothing. N.
// Srivastava and others, "Dropout", 2014.
inline constexpr struct DropoutFunction : UnaryFunction<DropoutFunction> {
  Variable operator()(const Variable& x, double ratio = 0.5, const DropoutOptions& options = {},
                      random::Generator& generator = random::generator()) const;
} dropout;

// The same with the mask, Chainer's return_mask. The mask is no array at all with config().train
// false.
struct DropoutDraw {
  Variable y;
  Array mask;
};
DropoutDraw dropout_with_mask(const Variable& x, double ratio = 0.5,
                              const DropoutOptions& options = {},
                              random::Generator& generator = random::generator());

struct SimplifiedDropconnectOptions {
  double ratio = 0.5;
  bool train = true;     // false: nothing is dropped
  ArrayField mask = {};  // 0 and 1, or bool: (N, out, in), or (out, in) without use_batchwise_mask
  bool use_batchwise_mask = true;  // each row of x has a mask of its own
};

// x W'^T + b, W' = W mask / (1 - ratio): linear() that drops connections. x is (N, in) or more axes
// that make `in`, W is (out, in), b is (out) or null. L. Wan and others, "Regularization of neural
// networks using DropConnect", 2013.
Variable simplified_dropconnect(const Variable& x, const Variable& W, const Variable& b = {},
                                const SimplifiedDropconnectOptions& options = {},
                                random::Generator& generator = random::generator());
template <std::floating_point T>
Variable simplified_dropconnect(const Variable& x, const Variable& W, const Variable& b, T ratio,
                                bool train = true) {
  return simplified_dropconnect(x, W, b, {.ratio = ratio, .train = train});
}

// x where rand() >= ratio, h elsewhere (everywhere with the ratio 1); x with config().train false.
// D. Krueger and others, "Zoneout", 2016.
inline constexpr struct ZoneoutFunction : BinaryFunction<ZoneoutFunction> {
  Variable operator()(const Variable& h, const Variable& x, double ratio = 0.5,
                      random::Generator& generator = random::generator()) const;
} zoneout;

}  // namespace autograd::inline functions
