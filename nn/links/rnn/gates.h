#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "nn/parameter.h"

namespace nn::inline links {

// The columns a, i, f, o of x (batch, 4 n), each (batch, n): of unit j they are 4 j, ..., 4 j + 3.
std::array<Variable, 4> gates_of(const Variable& x);

// 4 out_size. Throws unless out_size is at least 1; the message begins with `link`.
std::int64_t four_gates(std::string_view link, std::int64_t out_size);

// Zeros (batch, size) for the batch of x.
Variable zero_state(const Variable& x, std::int64_t size, Dtype dtype);

}  // namespace nn::inline links
