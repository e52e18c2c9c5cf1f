#pragma once

#include <functional>
#include <string>
#include <utility>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/trigonometric.h"
#include "nn/distributions/independent.h"
#include "nn/link.h"
#include "nn/links/connection/linear.h"

// The VAE of the question, and a line-by-line port of Chainer's examples/vae/net.py.
namespace vae {

using autograd::Array;
using autograd::Variable;
namespace F = autograd;
namespace L = nn;
namespace D = nn::distributions;

using ActFunc = std::function<Variable(const Variable&)>;
using LossFunc = std::function<Variable(const Variable& x)>;

// The VAE of the question.
class VAE : public nn::Chain {
 public:
  VAE(int n_in, int n_latent, int n_h, const ActFunc& act_func = F::tanh);

  Variable operator()(const Variable& x, bool sigmoid = true) {
    return decode(encode(x).first, sigmoid);
  }
  std::pair<Variable, Variable> encode(const Variable& x);
  Variable decode(const Variable& z, bool sigmoid = true);

  // rec selects the reconstruction error: bernoulli_nll, mean_squared_error,
  // pixels_x_mean_squared_error or sum_squared_error.
  LossFunc get_loss_func(double C = 1.0, int k = 1, const std::string& rec = "bernoulli_nll");

  void list(nn::Members& members) override;

  ActFunc act_func;
  L::Linear le1, le2, le3_mu, le3_ln_var;  // encoder
  L::Linear ld1, ld2, ld3;                 // decoder
  Variable rec_loss, latent_loss, loss;
};

class Encoder : public nn::Chain {
 public:
  Encoder(int n_in, int n_latent, int n_h);
  D::Independent operator()(const Variable& x);
  void list(nn::Members& members) override;

  L::Linear linear, mu, ln_sigma;
};

class Decoder : public nn::Chain {
 public:
  Decoder(int n_in, int n_latent, int n_h, bool binary_check = false);
  D::Independent operator()(const Variable& z, bool inference = false);
  void list(nn::Members& members) override;

  bool binary_check;
  L::Linear linear, output;
};

class Prior : public nn::Link {
 public:
  explicit Prior(int n_latent);
  D::Independent operator()();
  void list(nn::Members& members) override;

  Array loc, scale;
};

// The loss of a VAE: the evidence lower bound (ELBO), times -1, averaged over a batch. encoder
// gives q(z|x), decoder p(x|z), prior p(z). beta is the weight of the KL divergence, usually 1; k
// is the number of Monte Carlo samples of z.
class AvgELBOLoss : public nn::Chain {
 public:
  AvgELBOLoss(const Encoder& encoder, const Decoder& decoder, const Prior& prior, double beta = 1.0,
              int k = 1);
  Variable operator()(const Variable& x);
  void list(nn::Members& members) override;

  double beta;
  int k;
  Encoder encoder;
  Decoder decoder;
  Prior prior;
};

// Store each result in a variable before you pass it to AvgELBOLoss, like train_vae.cpp: C++ does
// not specify which argument of a call is made first, and so draws its weights first.
Encoder make_encoder(int n_in, int n_latent, int n_h);
Decoder make_decoder(int n_in, int n_latent, int n_h, bool binary_check = false);
Prior make_prior(int n_latent);

}  // namespace vae
