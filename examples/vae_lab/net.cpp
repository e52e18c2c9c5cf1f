#include "examples/vae_lab/net.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/functions/functions.h"
#include "autograd/graph/config.h"
#include "examples/vae_lab/classes.h"
#include "examples/vae_lab/rec_loss.h"
#include "nn/reporting/reporter.h"

namespace vae::lab {
namespace {

// The KL divergence from N(0, 1), summed over a batch. Each unit counts with at least free_bits per
// image (D. P. Kingma et al., "Improved variational inference with inverse autoregressive flow",
// 2016, appendix C.8): below free_bits, its gradient is 0.
Variable kl_of_batch(const Variable& mu, const Variable& ln_var, double free_bits) {
  if (free_bits == 0) return F::gaussian_kl_divergence(mu, ln_var);
  const Variable of_units = F::sum(F::gaussian_kl_divergence(mu, ln_var, F::Reduce::no), 0);
  const double least = free_bits * static_cast<double>(mu.length(0));
  return F::sum(F::maximum(of_units, Array::full(of_units.shape(), least, mu.dtype())));
}

std::vector<nn::Linear> hidden(int layers, int n_in, int n_h, const nn::Initializer& initialW) {
  std::vector<nn::Linear> result;
  for (int i = 0; i < layers; ++i)
    result.emplace_back(i == 0 ? n_in : n_h, n_h, nn::LinearOptions{.initialW = initialW});
  return result;
}

}  // namespace

VAE::VAE(int n_in, int n_latent, int n_h, const VAEOptions& options)
    : act_func(options.act_func),
      classes(options.classes),
      encoder(hidden(options.layers, n_in + classes, n_h, options.initialW)),
      mu_of(n_h, n_latent, {.initialW = options.initialW}),
      ln_var_of(n_h, n_latent, {.initialW = options.initialW}),
      decoder(hidden(options.layers, n_latent + classes, n_h, options.initialW)),
      output(n_h, n_in, {.initialW = options.initialW}) {
  if (options.ln_var_x)
    ln_var_x = nn::Parameter(nn::initializers::Constant(*options.ln_var_x), F::Shape{}, "ln_var_x");
}

void VAE::list(nn::Members& members) {
  const std::size_t last = encoder.size() + 1;
  for (std::size_t i = 0; i < encoder.size(); ++i) members(fmt::format("le{}", i + 1), encoder[i]);
  members(fmt::format("le{}_mu", last), mu_of)(fmt::format("le{}_ln_var", last), ln_var_of);
  for (std::size_t i = 0; i < decoder.size(); ++i) members(fmt::format("ld{}", i + 1), decoder[i]);
  members(fmt::format("ld{}", last), output);
  if (ln_var_x) members("ln_var_x", ln_var_x);
}

std::pair<Variable, Variable> VAE::encode(const Variable& x) {
  Variable h = x;
  for (std::size_t i = 0; i < encoder.size(); ++i) {
    h = act_func(encoder[i](h));
    h.set_name(fmt::format("enc_h{}", i + 1));
  }
  Variable mu = mu_of(h), ln_var = ln_var_of(h);
  mu.set_name("z_mu");
  ln_var.set_name("z_ln_var");
  return {mu, ln_var};
}

Variable VAE::decode(const Variable& z, bool sigmoid) {
  Variable h = z;
  for (std::size_t i = 0; i < decoder.size(); ++i) {
    h = act_func(decoder[i](h));
    h.set_name(fmt::format("dec_h{}", i + 1));
  }
  const Variable logits = output(h);
  return sigmoid ? F::sigmoid(logits) : logits;
}

LossFunc VAE::get_loss_func(const VAELossOptions& options) {
  const RecLoss* const kind = find_rec_loss(options.rec_loss);
  if (kind == nullptr)
    throw F::Error(
        fmt::format("VAE: rec_loss must be one of rec_losses(), but it is {}", options.rec_loss));
  return LossFunc([this, options, kind](const Variable& batch, const Array& labels) {
    if (bool(labels) != (classes > 0))
      throw F::Error(
          labels
              ? "VAE: the model has no classes, but labels were passed"
              : fmt::format("VAE: the model has {} classes, but no labels were passed", classes));
    Variable x = batch, t;
    if (x.name().empty()) x.set_name("x");
    if (labels) {
      t = F::as_variable(one_hot(labels, classes));
      t.set_name("t");
    }
    const auto [mu, ln_var] = encode(join_classes(x, t));
    const auto batchsize = static_cast<double>(mu.length(0));
    const Variable fixed = F::as_variable(Array::full({}, 2 * std::log(options.sigma), x.dtype()));
    rec_loss = {};
    for (int l = 0; l < options.k; ++l) {
      Variable z = F::gaussian(mu, ln_var);
      z.set_name("z");
      rec_loss +=
          kind->term({.x = x,
                      .decode = [&](bool sigmoid) { return decode(join_classes(z, t), sigmoid); },
                      .ln_var = ln_var_x ? ln_var_x : fixed,
                      .k = static_cast<double>(options.k),
                      .batchsize = batchsize,
                      .pixels = static_cast<double>(x.size()) / batchsize});
    }
    if (options.rec_weight != 1) rec_loss = options.rec_weight * rec_loss;
    rec_loss.set_name("reconstruction error");
    const double C = options.annealing ? options.C * options.annealing() : options.C;
    latent_loss = C * kl_of_batch(mu, ln_var, options.free_bits) / batchsize;
    latent_loss.set_name("latent loss");
    loss = rec_loss + latent_loss;
    loss.set_name("loss");
    nn::report({{"loss", loss}, {"rec_loss", rec_loss}, {"latent_loss", latent_loss}}, *this);
    return loss;
  });
}

double VAE::pixel_variance(const VAELossOptions& options, double batchsize, const Array& x,
                           const Variable& t) {
  const RecLoss& kind = *find_rec_loss(options.rec_loss);
  if (kind.variance == RecLoss::Variance::given)
    return 1 / (2 * options.rec_weight *
                kind.weight({.pixels = static_cast<double>(x.length(1)),
                             .batchsize = batchsize,
                             .sigma = options.sigma}));
  if (kind.variance == RecLoss::Variance::parameter)
    return std::exp(ln_var_x.item()) / options.rec_weight;
  const auto testing = F::using_config(&F::Config::train, false);
  const auto no_graph = F::no_backprop_mode();
  F::random::Generator generator(0);  // does not change the training's random numbers
  constexpr std::int64_t kAtOnce = 500;
  double squares = 0;
  for (std::int64_t i = 0; i < x.length(0); i += kAtOnce) {
    const std::int64_t n = std::min(kAtOnce, x.length(0) - i);
    const Variable batch(x.slice(0, i, n));
    const Variable told = t ? Variable(t.array().slice(0, i, n)) : Variable();
    const auto [mu, ln_var] = encode(join_classes(batch, told));
    const Variable z = F::gaussian(mu, ln_var, {}, generator);
    squares += F::sum(F::square(batch - decode(join_classes(z, told)))).item();
  }
  return (squares / static_cast<double>(x.size()) + kLeastVariance) / options.rec_weight;
}

Variable ConditionalELBOLoss::operator()(const Variable& x, const Array& labels) {
  const Variable t = F::as_variable(one_hot(labels, classes));
  const auto q_z = encoder(join_classes(x, t));
  const Variable told = F::broadcast_to(t, {k, t.length(0), classes});
  const auto p_x = decoder(F::concat({q_z.sample(k), told}, 2));
  const Variable reconstr =
      F::mean(p_x.log_prob(F::broadcast_to(x, {k, x.length(0), x.length(1)})));
  const Variable kl_penalty = F::mean(D::kl_divergence(q_z, prior()));
  const Variable loss = beta * kl_penalty - reconstr;
  nn::report({{"loss", loss}, {"reconstr", reconstr}, {"kl_penalty", kl_penalty}}, *this);
  return loss;
}

}  // namespace vae::lab
