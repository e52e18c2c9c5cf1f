#pragma once

#include <cstdint>

#include "autograd/array/array.h"

// The cross entropy of softmax(x) and a class for each row of x, (rows, classes) of a floating
// dtype: one pass over x forth and one back, without an array of targets.
namespace autograd::array {

struct Classes {
  Array labels;          // int64 (rows), each a class or the ignored one
  std::int64_t ignored;  // a row of it costs nothing, whatever the numbers in it
  Array weight = {};     // (classes), what the classes' terms count; none: 1 each
};

struct CrossEntropy {
  Array terms;         // (rows): -weight[label] log(softmax(x)[label])
  Array shift, total;  // (rows): softmax(x) = e^(x - shift) / total, inf - inf being 0
};
CrossEntropy cross_entropy(const Array& x, const Classes& classes);

// Its gradient by x, for the gradient `scale * g` of the terms; g is (rows), or one number for all.
Array cross_entropy_gradient(const Array& x, const Classes& classes, const CrossEntropy& found,
                             const Array& g, double scale);

}  // namespace autograd::array
