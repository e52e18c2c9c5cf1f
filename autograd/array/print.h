#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "autograd/array/array.h"

// Arrays as text, as NumPy prints them: aligned, with eight digits after the point at most, broken
// into lines of 75 columns, and beyond 1,000 elements only the first and last three along each axis.
namespace autograd {

struct PrintOptions {
  std::string_view separator = " ";  // ", " as in NumPy's repr
  int indent = 0;  // columns that stand before the text, on its first line; at most 65,536
};

// numpy.array2string(a, separator=separator). None for no array.
std::string array2string(const Array& a, const PrintOptions& options = {});

// print(a) and print(a.shape).
std::ostream& operator<<(std::ostream& out, const Array& a);
std::ostream& operator<<(std::ostream& out, const Shape& shape);

}  // namespace autograd
