#pragma once

#include "nn/initializers/initializer.h"
#include "nn/link.h"
#include "nn/size.h"

// Activation functions that learn.
namespace nn::inline links {

// prelu(x, W): x from 0 on, W x below. W starts from `init`; its axes go with x's from axis 1 on,
// and one number serves all elements. He et al., arXiv:1502.01852.
class PReLU : public Polymorphic<PReLU> {
 public:
  explicit PReLU(const Shape& shape = {}, const Initializer& init = 0.25);

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("W", W); }

  Parameter W;
};

// swish(x, beta): x sigmoid(beta x). beta starts from `beta_init`; its axes go with x's from axis 1
// on. Its shape is that of a sample, which the first input shows, if it is None. Ramachandran, Zoph and
// Le, arXiv:1710.05941.
class Swish : public Polymorphic<Swish> {
 public:
  explicit Swish(const ShapeOrNone& beta_shape, const Initializer& beta_init = 1.0);

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("beta", beta); }

  Parameter beta;
};

}  // namespace nn::inline links
