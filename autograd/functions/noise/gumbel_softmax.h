#pragma once

#include "autograd/base/random.h"
#include "autograd/functions/support/function_object.h"
#include "autograd/graph/function_node.h"

namespace autograd::inline functions {

// A relaxed sample from the categorical distribution whose log probabilities, up to a constant, are
// `log_pi`: softmax((log_pi + g) / tau) along the axis, with g drawn from the density e^-(g + e^-g).
// The lower the temperature tau, the closer to one-hot. A 0-d log_pi gives 1, and draws nothing.
// E. Jang, S. Gu and B. Poole, arXiv:1611.01144.
inline constexpr struct GumbelSoftmaxFunction : UnaryFunction<GumbelSoftmaxFunction> {
  Variable operator()(const Variable& log_pi, double tau = 0.1, int axis = 1,
                      random::Generator& generator = random::generator()) const;
  // tau broadcasts with log_pi, and gets a gradient.
  Variable operator()(const Variable& log_pi, const Variable& tau, int axis = 1,
                      random::Generator& generator = random::generator()) const;
} gumbel_softmax;

}  // namespace autograd::inline functions
