#pragma once

#include <string>

#include "autograd/array/array.h"

namespace golden {

struct Difference {
  double error = 0;   // max |a - b| / max(1, max |b|) over what is finite; infinite if the arrays
                      // cannot be compared
  std::string facts;  // why it is infinite
};

// How far `got` is from `expected`. Dtypes, shapes and the places of inf and nan must be the same,
// and integers and booleans equal.
Difference difference(const autograd::Array& got, const autograd::Array& expected);

}  // namespace golden
