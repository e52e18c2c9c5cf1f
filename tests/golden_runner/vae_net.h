#pragma once

#include <utility>

#include "autograd/functions/functions.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/normal.h"
#include "nn/link.h"
#include "nn/links/connection/linear.h"

// The VAEs that Chainer's stored numbers are of: the one of examples/vae/net.py with two hidden
// layers, and the newer one, whose parts return distributions. Parameters have Chainer's names.
namespace golden {

struct Vae : nn::Chain {
  Vae(int n_in, int n_latent, int n_h)
      : le1(n_in, n_h),
        le2(n_h, n_h),
        le3_mu(n_h, n_latent),
        le3_ln_var(n_h, n_latent),
        ld1(n_latent, n_h),
        ld2(n_h, n_h),
        ld3(n_h, n_in) {}
  void list(nn::Members& members) override {
    members("le1", le1)("le2", le2)("le3_mu", le3_mu)("le3_ln_var", le3_ln_var);
    members("ld1", ld1)("ld2", ld2)("ld3", ld3);
  }
  std::pair<autograd::Variable, autograd::Variable> encode(const autograd::Variable& x) {
    const autograd::Variable h = autograd::tanh(le2(autograd::tanh(le1(x))));
    return {le3_mu(h), le3_ln_var(h)};
  }
  autograd::Variable logits(const autograd::Variable& z) {
    return ld3(autograd::tanh(ld2(autograd::tanh(ld1(z)))));
  }

  nn::Linear le1, le2, le3_mu, le3_ln_var, ld1, ld2, ld3;
};

struct Encoder : nn::Chain {
  Encoder(int n_in, int n_latent, int n_h)
      : linear(n_in, n_h), mu(n_h, n_latent), ln_sigma(n_h, n_latent) {}
  void list(nn::Members& members) override {
    members("linear", linear)("mu", mu)("ln_sigma", ln_sigma);
  }
  nn::distributions::Independent operator()(const autograd::Variable& x) {
    const autograd::Variable h = autograd::tanh(linear(x));
    return nn::distributions::Independent(
        nn::distributions::Normal({.loc = mu(h), .log_scale = ln_sigma(h)}));
  }

  nn::Linear linear, mu, ln_sigma;
};

struct Decoder : nn::Chain {
  Decoder(int n_in, int n_latent, int n_h) : linear(n_latent, n_h), output(n_h, n_in) {}
  void list(nn::Members& members) override { members("linear", linear)("output", output); }
  nn::distributions::Independent operator()(const autograd::Variable& z) {
    const autograd::Variable h = output(autograd::tanh(linear(z, 2)), 2);
    return nn::distributions::Independent(nn::distributions::Bernoulli({.logit = h}), 1);
  }

  nn::Linear linear, output;
};

// What AvgELBOLoss is made of. The prior, N(0, 1), has no parameters.
struct ElboModel : nn::Chain {
  ElboModel(int n_in, int n_latent, int n_h)
      : encoder(n_in, n_latent, n_h),
        decoder(n_in, n_latent, n_h),
        loc(autograd::Array::zeros({n_latent}, autograd::Dtype::float32)),
        scale(autograd::Array::ones({n_latent}, autograd::Dtype::float32)) {}
  void list(nn::Members& members) override { members("encoder", encoder)("decoder", decoder); }
  nn::distributions::Independent prior() const {
    return nn::distributions::Independent(nn::distributions::Normal({.loc = loc, .scale = scale}),
                                          1);
  }

  Encoder encoder;
  Decoder decoder;
  autograd::Array loc, scale;
};

}  // namespace golden
