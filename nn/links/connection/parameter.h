#pragma once

#include "autograd/functions/array/manipulation.h"
#include "nn/link.h"

namespace nn::inline links {

// A link that holds one parameter, W, and returns it when called; Chainer's links.Parameter.
class ParameterLink : public Polymorphic<ParameterLink> {
 public:
  // W shares memory with the array.
  explicit ParameterLink(const Array& array) : W(array) { name_parameters(); }

  Variable operator()() {
    return hooked([&] { return autograd::identity(W); });
  }
  void list(Members& members) override { members("W", W); }

  Parameter W;
};

}  // namespace nn::inline links
