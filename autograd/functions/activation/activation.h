#pragma once

#include "autograd/base/random.h"
#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Activation functions, on float32 and float64.
namespace autograd::inline functions {

// 1 / (1 + e^-x), accurate in both tails.
Variable sigmoid(const Variable& x);
Variable tanh(const Variable& x);

// log(1 + e^(beta x)) / beta, without overflow; the gradient is sigmoid(beta x), 1/2 at 0.
inline constexpr struct SoftplusFunction : UnaryFunction<SoftplusFunction> {
  Variable operator()(const Variable& x, double beta = 1) const;
} softplus;

// max(x, 0); the gradient at 0 is 0.
Variable relu(const Variable& x);

// x above 0, slope * x below; the gradient at 0 is the slope.
inline constexpr struct LeakyReluFunction : UnaryFunction<LeakyReluFunction> {
  Variable operator()(const Variable& x, double slope = 0.2) const;
} leaky_relu;

// x above 0, alpha (e^x - 1) below; the gradient at 0 is alpha.
inline constexpr struct EluFunction : UnaryFunction<EluFunction> {
  Variable operator()(const Variable& x, double alpha = 1) const;
} elu;

// clip(0.2 x + 0.5, 0, 1); the gradient at both ends is 0.
Variable hard_sigmoid(const Variable& x);

// min(max(x, 0), z); the gradient at 0 and at z is 0.
inline constexpr struct ClippedReluFunction : UnaryFunction<ClippedReluFunction> {
  Variable operator()(const Variable& x, double z = 20) const;
} clipped_relu;
inline Variable relu6(const Variable& x) { return clipped_relu(x, 6); }

// scale * elu(x, alpha), with the constants that keep mean 0 and variance 1 (Klambauer et al.,
// 2017).
inline constexpr struct SeluFunction : UnaryFunction<SeluFunction> {
  Variable operator()(const Variable& x, double alpha = 1.6732632423543772848,
                      double scale = 1.0507009873554804934) const;
} selu;

// x for x >= 0, W x below; the gradient at 0 is 1. The axes of W match those of x from axis 1 on; a
// 0-d W applies to all elements.
Variable prelu(const Variable& x, const Variable& W);

// x sigmoid(beta x). The axes of beta match those of x from axis 1 on; a 0-d beta applies to all
// elements.
Variable swish(const Variable& x, const Variable& beta);

struct RreluOptions {
  ArrayField r = {};  // the slopes, in the shape and dtype of x; drawn if there is none
};

// x for x >= 0, r x below; the gradient at 0 is 1. Each element has its own r, drawn uniformly from
// [l, u), 0 <= l < u < 1; if config().train is false, r is (l + u) / 2 everywhere. B. Xu and
// others, arXiv:1505.00853.
inline constexpr struct RreluFunction : UnaryFunction<RreluFunction> {
  Variable operator()(const Variable& x, double l = 1. / 8, double u = 1. / 3,
                      const RreluOptions& options = {},
                      random::Generator& generator = random::generator()) const;
} rrelu;

// The same, and the slopes r. Chainer's return_r.
struct RreluDraw {
  Variable y;
  Array r;
};
RreluDraw rrelu_with_r(const Variable& x, double l = 1. / 8, double u = 1. / 3,
                       const RreluOptions& options = {},
                       random::Generator& generator = random::generator());

// relu(x) and relu(-x), concatenated along the axis.
inline constexpr struct CreluFunction : UnaryFunction<CreluFunction> {
  Variable operator()(const Variable& x, int axis = 1) const;
} crelu;

// The maximum of each `pool_size` neighbours along the axis; its length is divided by pool_size.
Variable maxout(const Variable& x, int pool_size, int axis = 1);

// e^x / sum(e^x) along the axis, without overflow.
inline constexpr struct SoftmaxFunction : UnaryFunction<SoftmaxFunction> {
  Variable operator()(const Variable& x, int axis = 1) const;
} softmax;

// log(softmax(x)), accurate also for small probabilities.
inline constexpr struct LogSoftmaxFunction : UnaryFunction<LogSoftmaxFunction> {
  Variable operator()(const Variable& x, int axis = 1) const;
} log_softmax;

}  // namespace autograd::inline functions
