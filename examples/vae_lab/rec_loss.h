#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "autograd/graph/variable.h"

// The reconstruction terms of --loss. Each declaration contains the term as it is written in
// Chainer, and the facts that the prediction of a collapse needs.
namespace vae::lab {

using autograd::Variable;

// The arguments of a reconstruction term: one decoded sample of z.
struct Draw {
  const Variable& x;                                    // (batch, pixels), from 0 to 1
  const std::function<Variable(bool sigmoid)>& decode;  // the pixels, or their logits
  const Variable& ln_var;  // ln of a pixel's variance, (): 2 ln sigma, or the model's parameter
  double k, batchsize, pixels;

  Variable y() const { return decode(true); }
  Variable logits() const { return decode(false); }
};

struct Sizes {
  double pixels, batchsize, sigma;
};

// The lower limit of the variance of gaussian_nll_optimal: e^-12.
inline constexpr double kLeastVariance = 6.1e-6;

struct RecLoss {
  std::string_view name;
  std::string_view formula;  // for the help; y = sigmoid(logits)
  Variable (*term)(const Draw& draw);
  // The weight c of one squared error of one image; nullptr if the term has no squared error.
  double (*weight)(const Sizes& sizes) = nullptr;
  // log p(x | z) of each image, in nats, if p is not Gaussian.
  Variable (*log_likelihood)(const Variable& x, const Variable& logits) = nullptr;
  // Where a Gaussian decoder gets the variance of its pixels: given, a parameter, or the best one.
  enum class Variance { given, parameter, best } variance = Variance::given;

  // Whether the decoder is Gaussian.
  bool gaussian() const { return weight != nullptr || variance != Variance::given; }
};

// All terms, in the order of the help.
std::span<const RecLoss> rec_losses();

// The term of this name, or nullptr.
const RecLoss* find_rec_loss(std::string_view name);

}  // namespace vae::lab
