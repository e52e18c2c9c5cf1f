#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "autograd/base/dtype.h"
#include "autograd/base/shape.h"

namespace autograd {

// One argument of a function as an error message shows it: `x is float32(100, 784)`.
struct Fact {
  template <class ArrayLike>
  Fact(std::string_view argument, const ArrayLike& a)
      : name(argument), dtype(a.dtype()), shape(&a.shape()) {}

  std::string_view name;
  Dtype dtype;
  const Shape* shape;
};

// The checks at the head of a function. A check that holds costs one comparison. A check that fails
// throws Error with a message that names the function, the rule, and every argument with its dtype
// and shape. Make and use a Check in one expression: it refers to temporaries.
//   Check("matmul", {{"a", a}, {"b", b}}).same_dtype().that(a.shape()[1] == b.shape()[0],
//                                                           "a.shape[1] must equal b.shape[0]");
class Check {
 public:
  Check(std::string_view op, std::initializer_list<Fact> facts) : op_(op), facts_(facts) {}

  const Check& that(bool holds, std::string_view rule) const {
    if (!holds) fail(rule);
    return *this;
  }
  // Requires that all arguments have one dtype, float32 or float64.
  const Check& floats() const;
  const Check& same_dtype() const;
  const Check& same_shape() const;
  // Requires that every argument has `n` axes.
  const Check& ndim(int n) const;

  [[noreturn]] void fail(std::string_view rule) const;

 private:
  std::string_view op_;
  std::initializer_list<Fact> facts_;
};

// a + b and a * b for nonnegative lengths. Throws `op: ...` if the result does not fit into 64
// bits.
std::int64_t length_sum(std::string_view op, std::int64_t a, std::int64_t b);
std::int64_t length_product(std::string_view op, std::int64_t a, std::int64_t b);

}  // namespace autograd
