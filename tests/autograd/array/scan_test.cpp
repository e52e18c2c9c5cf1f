#include "autograd/array/scan.h"

#include <gtest/gtest.h>

#include "tests/autograd/array/naive.h"

namespace autograd::array {
namespace {

using naive::element;

// Lines are walked several at a time: every number of lines, neighbours or apart.
TEST(Scan, AnyNumberOfLines) {
  for (const Shape& shape : {Shape{1, 5}, Shape{7, 5}, Shape{8, 5}, Shape{19, 3}, Shape{5, 21},
                             Shape{3, 4, 9}, Shape{2500, 7}})
    for (int axis = 0; axis < shape.ndim(); ++axis)
      for (const bool backwards : {false, true}) {
        const Array x = naive::numbers(shape, Dtype::float32), y = cumsum(x, axis, backwards);
        naive::for_each_index(shape, [&](const Shape& i) {
          Shape before = i;
          before[axis] += backwards ? 1 : -1;
          const bool first = before[axis] < 0 || before[axis] == shape[axis];
          ASSERT_EQ(element(y, i), (first ? 0 : element(y, before)) + element(x, i));
        });
      }
}

}  // namespace
}  // namespace autograd::array
