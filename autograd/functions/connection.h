#pragma once

#include "autograd/graph/function_node.h"

// Layers' functions: an input meets weights. On float32 and float64.
namespace autograd {

// y = x W^T + b: x (batch, in), W (out, in), b (out) or none give (batch, out). The first
// `n_batch_axes` axes of x are the batch and stay; those after them are flattened into one.
Variable linear(const Variable& x, const Variable& W, const Variable& b = {}, int n_batch_axes = 1);

}  // namespace autograd
