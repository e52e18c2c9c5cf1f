#pragma once

#include <string_view>

#include "autograd/base/check.h"
#include "nn/initializers/initializer.h"

// What the functions from_params() of links have in common.
namespace nn::inline links {

// Throws unless b is empty or holds one number for each index of the first axis of W.
inline void require_bias(std::string_view op, const Array& W, const Array& b) {
  if (b)
    autograd::Check(op, {{"W", W}, {"b", b}})
        .that(b.size() == W.length(0), "b must hold a number for each output of W");
}

// None if b is empty.
inline Initializer initial_bias(const Array& b) {
  return b ? Initializer(b.flatten()) : Initializer();
}

}  // namespace nn::inline links
