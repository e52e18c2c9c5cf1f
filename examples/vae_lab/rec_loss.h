#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "autograd/graph/variable.h"

// The reconstruction terms that --loss offers. Each is declared once: as one writes it in Chainer,
// beside what the rule of collapse needs to know of it.
namespace vae::lab {

using autograd::Variable;

// One draw of z, decoded: what a term is made of.
struct Draw {
  const Variable& x;                                    // (batch, pixels), from 0 to 1
  const std::function<Variable(bool sigmoid)>& decode;  // the pixels, or their logits
  const Variable& ln_var;  // of a pixel, (): 2 ln sigma, or the model's parameter
  double k, batchsize, pixels;

  Variable y() const { return decode(true); }
  Variable logits() const { return decode(false); }
};

struct Sizes {
  double pixels, batchsize, sigma;
};

// Where the variance of gaussian_nll_optimal stops to shrink: e^-12.
inline constexpr double kLeastVariance = 6.1e-6;

struct RecLoss {
  std::string_view name;
  std::string_view formula;  // for people; y = sigmoid(logits)
  Variable (*term)(const Draw& draw);
  // The weight c that the term gives to one squared error of one image; nullptr where the rule does
  // not know one.
  double (*weight)(const Sizes& sizes) = nullptr;
  // log p(x | z) of each image, in nats, where it is not a Gaussian one.
  Variable (*log_likelihood)(const Variable& x, const Variable& logits) = nullptr;
  // How a decoder with a normal density comes by the variance of its pixels.
  enum class Variance { given, parameter, best } variance = Variance::given;

  // Whether x is real numbers of a Gaussian decoder.
  bool gaussian() const { return weight != nullptr || variance != Variance::given; }
};

// All of them, in the order in which they are told of.
std::span<const RecLoss> rec_losses();

// The one of that name, nullptr if there is none.
const RecLoss* find_rec_loss(std::string_view name);

}  // namespace vae::lab
