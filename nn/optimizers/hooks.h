#pragma once

#include <functional>
#include <utility>

#include "nn/optimizers/optimizer.h"

// Hooks that change the gradients before an update; Chainer's optimizer_hooks.
//
//   optimizer.add_hook(nn::optimizer_hooks::WeightDecay(0.0005));
//   model.l1.W.update_rule()->add_hook(nn::optimizer_hooks::Lasso(0.01));  // this parameter only
//
// If a gradient shares memory with another variable's gradient, a hook changes only the gradient of
// the parameter that it is called for.
namespace nn::optimizer_hooks {

// g += rate p
struct WeightDecay {
  static constexpr const char* name = "WeightDecay";
  explicit WeightDecay(double r) : rate(r) {}
  double rate;
  void operator()(UpdateRule& rule, Parameter& p) const;
};

// g += rate sign(p)
struct Lasso {
  static constexpr const char* name = "Lasso";
  explicit Lasso(double r) : rate(r) {}
  double rate;
  void operator()(UpdateRule& rule, Parameter& p) const;
};

// Scales all gradients so that their joint Euclidean norm is at most `threshold`.
struct GradientClipping {
  static constexpr const char* name = "GradientClipping";
  explicit GradientClipping(double t) : threshold(t) {}
  double threshold;
  void operator()(Optimizer& optimizer) const;
};

// Clips each element of the gradients to two bounds.
struct GradientHardClipping {
  static constexpr const char* name = "GradientHardClipping";
  GradientHardClipping(double lower, double upper) : lower_bound(lower), upper_bound(upper) {}
  double lower_bound, upper_bound;
  void operator()(UpdateRule& rule, Parameter& p) const;
};

// Adds noise from N(0, eta / (1 + t)^0.55), where t is the number of updates of the parameter,
// drawn from random::generator() (Neelakantan et al., arXiv:1511.06807); or adds the result of
// noise_func.
struct GradientNoise {
  static constexpr const char* name = "GradientNoise";
  using NoiseFunc =
      std::function<Array(const Shape&, Dtype, const GradientNoise&, const UpdateRule&)>;
  explicit GradientNoise(double e, NoiseFunc noise = {}) : eta(e), noise_func(std::move(noise)) {}
  double eta;
  NoiseFunc noise_func;
  void operator()(UpdateRule& rule, Parameter& p) const;
};

// Layer-wise adaptive rate scaling (You, Gitman and Ginsburg, arXiv:1708.03888): g = rate (g +
// weight_decay p), rate = |p| / (eps + |g| + weight_decay |p|) where |p| > threshold, else 1. |.|
// is the Euclidean norm.
struct GradientLARS {
  static constexpr const char* name = "GradientLARS";
  double threshold = 1e-2;
  double weight_decay = 0;
  double eps = 1e-9;
  void operator()(UpdateRule& rule, Parameter& p) const;
};

}  // namespace nn::optimizer_hooks
