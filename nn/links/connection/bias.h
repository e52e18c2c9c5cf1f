#pragma once

#include "nn/initializers/initializer.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

// x + b, where the axes of b match those of x from `axis` on. With a shape, b is a parameter
// initialised by 0. Without it, b is an argument of each call.
//
//   nn::Bias bias(1, {3});          bias(x)
//   nn::Bias bias(1);               bias(x, b)
class Bias : public Polymorphic<Bias> {
 public:
  explicit Bias(int axis = 1, const ShapeOrNone& shape = None);

  Variable operator()(const Variable& x);
  Variable operator()(const Variable& x, const Variable& y);
  void list(Members& members) override { members("b", b); }

  Parameter b;
  int axis;
};

}  // namespace nn::inline links
