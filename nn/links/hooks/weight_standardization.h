#pragma once

#include <memory>
#include <string>

#include "nn/links/hooks/weight.h"

namespace nn::link_hooks {

struct WeightStandardizationOptions {
  double eps = 1e-5;
  std::string weight_name = "W";
  std::string name = "WeightStandardization";
};

// Standardizes a link's weight while the link is called (Qiao et al., arXiv:1903.10520): each slice
// W[i] gets mean 0 and variance 1, (W[i] - mean) / sqrt(variance + eps). As in Chainer that is the
// slice of an output, but for deconvolutions that of an input. A link with this hook must not be
// called by several threads at once.
//
//   nn::Convolution2D c(3, 5, 3);
//   c.add_hook(nn::link_hooks::WeightStandardization());
class WeightStandardization : public WeightHook {
 public:
  explicit WeightStandardization(const WeightStandardizationOptions& options = {})
      : WeightHook(options.weight_name), eps(options.eps), name_(options.name) {}

  std::string name() const override { return name_; }
  std::shared_ptr<LinkHook> for_copy() const override {
    return std::make_shared<WeightStandardization>(*this);
  }

  double eps;

 private:
  Variable replaced(const Link& link, const Variable& W) override;

  std::string name_;
};

}  // namespace nn::link_hooks
