#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "autograd/array/array.h"

// Converts arrays to text like NumPy: aligned, with at most eight digits after the decimal point,
// in lines of at most 75 columns. If an array has more than 1,000 elements, only the first and last
// three elements along each axis are shown.
namespace autograd {

struct PrintOptions {
  std::string_view separator = " ";  // ", " as in NumPy's repr
  int indent = 0;  // the columns to the left of the text on its first line; at most 65,536
};

// numpy.array2string(a, separator=separator). "None" for an empty handle.
std::string array2string(const Array& a, const PrintOptions& options = {});

// print(a) and print(a.shape).
std::ostream& operator<<(std::ostream& out, const Array& a);
std::ostream& operator<<(std::ostream& out, const Shape& shape);

}  // namespace autograd
