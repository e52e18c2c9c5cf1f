#pragma once

#include <optional>
#include <span>

#include "autograd/graph/variable.h"

namespace autograd {

struct GradOptions {
  bool create_graph =
      false;  // Chainer's enable_double_backprop: the gradients have a graph of their own
  Variables grad_outputs = {};  // null, or none at all: ones
  bool retain_graph = false;    // keep what the functions retained; create_graph implies it
  bool allow_updates = false;   // as in BackwardOptions
};

// The gradients of the sum of `outputs` (each weighted by its grad_output) with respect to
// `inputs`, in their order; null where no path leads. Each lies in C order, in memory that nothing
// else uses. Nothing is left in any variable's grad().
// Chainer's chainer.grad.
Variables grad(const Variables& outputs, const Variables& inputs, const GradOptions& options = {});

}  // namespace autograd
