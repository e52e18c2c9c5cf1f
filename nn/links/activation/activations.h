#pragma once

#include "nn/initializers/initializer.h"
#include "nn/link.h"
#include "nn/size.h"

// Activation functions with learned parameters.
namespace nn::inline links {

// prelu(x, W): x for x >= 0, W x below. W is initialised by `init`. Its axes match those of x from
// axis 1 on; a 0-d W applies to all elements. He et al., arXiv:1502.01852.
class PReLU : public Polymorphic<PReLU> {
 public:
  explicit PReLU(const Shape& shape = {}, const Initializer& init = 0.25);

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("W", W); }

  Parameter W;
};

// swish(x, beta): x sigmoid(beta x). beta is initialised by `beta_init`; its axes match those of x
// from axis 1 on. If its shape is None, it is that of a sample of the first input. Ramachandran,
// Zoph and Le, arXiv:1710.05941.
class Swish : public Polymorphic<Swish> {
 public:
  explicit Swish(const ShapeOrNone& beta_shape, const Initializer& beta_init = 1.0);

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("beta", beta); }

  Parameter beta;
};

}  // namespace nn::inline links
