#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/links/connection/bias.h"

namespace nn::inline links {

// x W, where the axes of W go with those of x from `axis` on, and a Bias behind it if asked for.
// With W_shape W is a parameter that starts from 1, and the bias has its shape; without it W is
// given with each call.
class Scale : public Polymorphic<Scale> {
 public:
  struct Options {
    autograd::ByName by_name = {};
    std::optional<Shape> W_shape = {};
    bool bias_term = false;
    std::optional<Shape> bias_shape = {};  // needed for a bias where W is no parameter
  };
  explicit Scale(int first = 1) : Scale(first, Options{}) {}
  Scale(int axis, const Options& options);
  Scale(int axis, const Shape& W_shape, bool bias_term = false,
        const std::optional<Shape>& bias_shape = {});

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
