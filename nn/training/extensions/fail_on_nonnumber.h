#pragma once

#include "nn/training/extension.h"

namespace nn::training::extensions {

// Throws if a parameter of an optimizer's target holds NaN or an infinity; the message names the
// parameter. chainer.training.extensions.FailOnNonNumber.
class FailOnNonNumber : public Extension {
 public:
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "FailOnNonNumber"; }
};

}  // namespace nn::training::extensions
