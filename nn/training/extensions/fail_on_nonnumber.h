#pragma once

#include "nn/training/extension.h"

namespace nn::training::extensions {

// Throws when a parameter of an optimizer's target holds NaN or an infinity, and names it.
// chainer.training.extensions.FailOnNonNumber.
class FailOnNonNumber : public Extension {
 public:
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "FailOnNonNumber"; }
};

}  // namespace nn::training::extensions
