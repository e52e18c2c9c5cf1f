#pragma once

#include <optional>
#include <span>

#include "autograd/graph/variable.h"

namespace autograd {

struct GradOptions {
  // Record a graph of the gradients, so that they can be differentiated. Chainer's
  // enable_double_backprop.
  bool create_graph = false;
  Variables grad_outputs = {};  // null, or none at all: ones
  bool retain_graph = false;    // keep what the functions retained; create_graph implies it
  bool allow_updates = false;   // as in BackwardOptions
};

// The gradients of the sum of `outputs` (each weighted by its grad_output) with respect to
// `inputs`, in their order; null for an input from which no path leads to the outputs. Each
// gradient is contiguous and shares memory with nothing else. No variable's grad() changes.
// Chainer's chainer.grad.
Variables grad(const Variables& outputs, const Variables& inputs, const GradOptions& options = {});

}  // namespace autograd
