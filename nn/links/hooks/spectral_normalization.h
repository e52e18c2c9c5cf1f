#pragma once

#include <memory>
#include <optional>
#include <string>

#include "nn/links/hooks/weight.h"

namespace nn::link_hooks {

struct SpectralNormalizationOptions {
  int n_power_iteration = 1;
  double eps = 1e-6;
  bool use_gamma = false;
  std::optional<double> factor = {};
  std::string weight_name = "W";
  std::string name = "SpectralNormalization";
};

// Divides a link's weight by its greatest singular value while the link is called (Miyato et al.,
// arXiv:1802.05957):
//   gamma W / (sigma / factor),  sigma = u M v
// M is W as a matrix: its first axis, or the second one of a deconvolution, by all others. u and v
// approximate the singular vectors of sigma. They are refined at each call by n_power_iteration
// steps v = M^T u / (|M^T u| + eps), u = M v / (|M v| + eps), which the gradient sees as constants.
//
// u is drawn from N(0, 1) when the hook is added, or at the first call if the weight has no shape
// before; it is saved with the link as W_u. In training each call that does not throw updates it, in
// testing none does. With use_gamma the link gets a parameter gamma, which starts as the greatest
// singular value of W. Add the hook before Optimizer::setup(), so that gamma is trained. A link with
// this hook must not be called by several threads at once. A copy of the link gets a hook of its
// own.
//
//   nn::Convolution2D c(3, 5, 3);
//   c.add_hook(nn::link_hooks::SpectralNormalization({.use_gamma = true}));
class SpectralNormalization : public WeightHook {
 public:
  explicit SpectralNormalization(const SpectralNormalizationOptions& options = {});

  std::string name() const override { return name_; }
  void deleted(Link* link) override;
  void list(Members& members) override;
  std::shared_ptr<LinkHook> for_copy() const override {
    return std::make_shared<SpectralNormalization>(*this);
  }

  int n_power_iteration;
  double eps;
  bool use_gamma;
  std::optional<double> factor;
  std::string vector_name;  // weight_name + "_u"
  Array u;                  // empty until W has values
  Parameter gamma;          // null without use_gamma

 private:
  Variable replaced(const Link& link, const Variable& W) override;
  void called() override;
  void found(const Link& link, const Variable& W) override;

  std::string name_;
  Array left_, right_;  // u and v of the last call
  Array next_u_;        // during a call in training
};

}  // namespace nn::link_hooks
