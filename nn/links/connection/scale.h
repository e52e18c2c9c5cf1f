#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/links/connection/bias.h"

namespace nn::inline links {

struct ScaleOptions {
  autograd::ByName by_name = {};
  ShapeOrNone W_shape = None;
  bool bias_term = false;
  ShapeOrNone bias_shape = None;  // needed for a bias where W is no parameter
};

// x W, where the axes of W match those of x from `axis` on, optionally followed by a Bias. With
// W_shape, W is a parameter initialised by 1, and the bias has the same shape. Without it, W is an
// argument of each call.
class Scale : public Polymorphic<Scale> {
 public:
  explicit Scale(int axis = 1, const ScaleOptions& options = {});
  Scale(int axis, const ShapeOrNone& W_shape, bool bias_term = false,
        const ShapeOrNone& bias_shape = None);

  Variable operator()(const Variable& x);
  Variable operator()(const Variable& x, const Variable& y);
  void list(Members& members) override;

  Parameter W;
  int axis;
  std::optional<Bias> bias;

 private:
  Variable biased(const Variable& y) { return bias ? (*bias)(y) : y; }
};

}  // namespace nn::inline links
