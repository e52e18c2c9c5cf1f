#pragma once

#include <optional>

#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// The functions of layers with weights, on float32 and float64.
namespace autograd::inline functions {

// y = x W^T + b: x (batch, in), W (out, in), b (out) or none give (batch, out). The first
// `n_batch_axes` axes of x are batch axes and are kept; the axes after them are flattened into one.
Variable linear(const Variable& x, const Variable& W, const Variable& b = {}, int n_batch_axes = 1);

// y[i, l] = sum over j, k of e1[i, j] e2[i, k] W[j, k, l], for e1 (batch, J), e2 (batch, K) and W
// (J, K, L). With V1 (J, L), V2 (K, L) and b (L), which must be given together, adds e1 V1 + e2 V2
// + b. Further axes of e1 and e2 are flattened. R. Socher and others, "Reasoning with neural tensor
// networks for knowledge base completion", 2013.
Variable bilinear(const Variable& e1, const Variable& e2, const Variable& W,
                  const Variable& V1 = {}, const Variable& V2 = {}, const Variable& b = {});

// Row x[i] of W for each x[i], an ID in [0, len(W)): x (...) and W (V, d) give (..., d). Where x
// equals `ignore_label`, which need not be a valid ID, the result is 0 and no gradient flows.
Variable embed_id(ArrayLike x, const Variable& W, std::optional<std::int64_t> ignore_label = {});

}  // namespace autograd::inline functions
