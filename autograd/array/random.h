#pragma once

#include "autograd/array/array.h"
#include "autograd/base/random.h"

// Arrays of random numbers, drawn in C order as doubles and cast to a floating dtype, as `numpy.random.f(shape).astype(dtype)`.
namespace autograd::array {

// Mean 0 and variance 1.
Array standard_normal(const Shape& shape, Dtype dtype, random::Generator& generator);

// Uniform in [0, 1).
Array rand(const Shape& shape, Dtype dtype, random::Generator& generator);

}  // namespace autograd::array
