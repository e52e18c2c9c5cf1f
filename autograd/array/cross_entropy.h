#pragma once

#include <cstdint>

#include "autograd/array/array.h"

// The cross entropy between softmax(x) and one label for each row of x (rows, classes), of a
// floating dtype. Forward and backward take one pass over x each, without an array of one-hot
// targets.
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

// The gradient with respect to x, given the gradient `scale * g` of the terms; g is (rows), or one
// number for all rows.
Array cross_entropy_gradient(const Array& x, const Classes& classes, const CrossEntropy& found,
                             const Array& g, double scale);

}  // namespace autograd::array
