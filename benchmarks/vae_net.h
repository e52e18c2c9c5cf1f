#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions/functions.h"
#include "nn/link.h"
#include "nn/links/connection/linear.h"
#include "nn/reporting/reporter.h"

// The VAE that the benchmarks train: Chainer's examples/vae with one or two hidden layers.
namespace vae_net {

using autograd::Variable;
namespace F = autograd;

class VAE : public nn::Chain {
 public:
  VAE(int n_in, int n_latent, int n_h, int layers = 2)
      : encoder(hidden(layers, n_in, n_h)),
        mu(n_h, n_latent),
        ln_var(n_h, n_latent),
        decoder(hidden(layers, n_latent, n_h)),
        output(n_h, n_in) {}

  void list(nn::Members& members) override {
    for (std::size_t i = 0; i < encoder.size(); ++i)
      members("encoder" + std::to_string(i), encoder[i]);
    members("mu", mu)("ln_var", ln_var);
    for (std::size_t i = 0; i < decoder.size(); ++i)
      members("decoder" + std::to_string(i), decoder[i]);
    members("output", output);
  }

  std::pair<Variable, Variable> encode(const Variable& x) {
    Variable h = x;
    for (nn::Linear& layer : encoder) h = F::tanh(layer(h));
    return {mu(h), ln_var(h)};
  }

  // The logits of the pixels.
  Variable decode(const Variable& z) {
    Variable h = z;
    for (nn::Linear& layer : decoder) h = F::tanh(layer(h));
    return output(h);
  }

  // The evidence lower bound of a batch, times -1, with one sample of z.
  Variable loss(const Variable& x) {
    const auto [z_mu, z_ln_var] = encode(x);
    const auto batchsize = static_cast<double>(z_mu.length(0));
    const Variable z = F::gaussian(z_mu, z_ln_var);
    const Variable rec_loss = F::bernoulli_nll(x, decode(z)) / batchsize;
    const Variable latent_loss = F::gaussian_kl_divergence(z_mu, z_ln_var) / batchsize;
    Variable sum = rec_loss + latent_loss;
    nn::report({{"loss", sum}, {"rec_loss", rec_loss}, {"latent_loss", latent_loss}}, *this);
    return sum;
  }
  std::function<Variable(const Variable&)> get_loss_func() {
    return [this](const Variable& x) { return loss(x); };
  }

 private:
  static std::vector<nn::Linear> hidden(int layers, int n_in, int n_h) {
    std::vector<nn::Linear> result;
    result.reserve(static_cast<std::size_t>(layers));
    for (int i = 0; i < layers; ++i) result.emplace_back(i == 0 ? n_in : n_h, n_h);
    return result;
  }

  std::vector<nn::Linear> encoder;
  nn::Linear mu, ln_var;
  std::vector<nn::Linear> decoder;
  nn::Linear output;
};

}  // namespace vae_net
