#pragma once

#include <concepts>

#include "autograd/base/random.h"
#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Functions that draw random numbers; Chainer's functions/noise. Numbers are drawn in NumPy's
// order, from random::generator() or from the generator that is the last argument, so the same seed
// gives the same numbers as in Chainer.
namespace autograd::inline functions {

struct GaussianOptions {
  // The noise, in the shape and dtype of ln_var; by default drawn from N(0, 1).
  ArrayField eps = {};
};

// A sample from N(mean, e^ln_var): mean + e^(ln_var / 2) eps. mean and ln_var have one shape. Does
// not depend on config().train.
//   gaussian(mu, ln_var)        gaussian(mu, ln_var, {.eps = eps})
inline constexpr struct GaussianFunction : BinaryFunction<GaussianFunction> {
  Variable operator()(const Variable& mean, const Variable& ln_var,
                      const GaussianOptions& options = {},
                      random::Generator& generator = random::generator()) const;
} gaussian;

// The same, and the noise. Chainer's return_eps.
//   auto [z, eps] = gaussian_with_eps(mu, ln_var);
struct GaussianDraw {
  Variable z;
  Array eps;
};
GaussianDraw gaussian_with_eps(const Variable& mean, const Variable& ln_var,
                               const GaussianOptions& options = {},
                               random::Generator& generator = random::generator());

struct DropoutOptions {
  // The factors of the elements of x, which include the scale 1 / (1 - ratio); by default drawn.
  ArrayField mask = {};
};

// Sets elements to 0 with probability `ratio` and multiplies the others by 1 / (1 - ratio). An
// element is kept if its rand() >= ratio. If config().train is false, returns x and draws nothing.
// N. Srivastava and others, "Dropout", 2014.
inline constexpr struct DropoutFunction : UnaryFunction<DropoutFunction> {
  Variable operator()(const Variable& x, double ratio = 0.5, const DropoutOptions& options = {},
                      random::Generator& generator = random::generator()) const;
} dropout;

// The same, and the mask. Chainer's return_mask. If config().train is false, the mask is an empty
// handle.
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

// linear() with dropped connections: x W'^T + b with W' = W mask / (1 - ratio). x is (N, in), where
// `in` may be several axes; W is (out, in), b is (out) or null. L. Wan and others, "Regularization
// of neural networks using DropConnect", 2013.
Variable simplified_dropconnect(const Variable& x, const Variable& W, const Variable& b = {},
                                const SimplifiedDropconnectOptions& options = {},
                                random::Generator& generator = random::generator());
template <std::floating_point T>
Variable simplified_dropconnect(const Variable& x, const Variable& W, const Variable& b, T ratio,
                                bool train = true) {
  return simplified_dropconnect(x, W, b, {.ratio = ratio, .train = train});
}

// x where rand() >= ratio, h elsewhere (h everywhere for ratio 1); x if config().train is false. D.
// Krueger and others, "Zoneout", 2016.
inline constexpr struct ZoneoutFunction : BinaryFunction<ZoneoutFunction> {
  Variable operator()(const Variable& h, const Variable& x, double ratio = 0.5,
                      random::Generator& generator = random::generator()) const;
} zoneout;

}  // namespace autograd::inline functions
