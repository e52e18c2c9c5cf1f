#include "examples/vae/net.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/functions/functions.h"
#include "autograd/graph/config.h"
#include "examples/vae/classes.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/normal.h"
#include "nn/training/reporter.h"

namespace vae {

using F::Array;

namespace {

// The KL divergence from N(0, 1), summed over a batch. Each unit pays for at least free_bits an
// image (D. P. Kingma et al., "Improved variational inference with inverse autoregressive flow",
// 2016, appendix C.8): below that it feels no pull towards 0.
Variable kl_of_batch(const Variable& mu, const Variable& ln_var, double free_bits) {
  if (free_bits == 0) return F::gaussian_kl_divergence(mu, ln_var);
  const Variable of_units = F::sum(F::gaussian_kl_divergence(mu, ln_var, F::Reduce::no), 0);
  const double least = free_bits * static_cast<double>(mu.length(0));
  return F::sum(F::maximum(of_units, F::Array::full(of_units.shape(), least, mu.dtype())));
}

}  // namespace

VAE::VAE(int n_in, int n_latent, int n_h, const Options& options)
    : act_func(options.act_func),
      classes(options.classes),
      // encoder
      le1(n_in + classes, n_h, {.initialW = options.initialW}),
      le2(options.layers == 2
              ? std::optional<L::Linear>(std::in_place, n_h, n_h,
                                         L::Linear::Options{.initialW = options.initialW})
              : std::nullopt),
      le3_mu(n_h, n_latent, {.initialW = options.initialW}),
      le3_ln_var(n_h, n_latent, {.initialW = options.initialW}),
      // decoder
      ld1(n_latent + classes, n_h, {.initialW = options.initialW}),
      ld2(options.layers == 2
              ? std::optional<L::Linear>(std::in_place, n_h, n_h,
                                         L::Linear::Options{.initialW = options.initialW})
              : std::nullopt),
      ld3(n_h, n_in, {.initialW = options.initialW}) {
  if (options.ln_var_x)
    ln_var_x = nn::Parameter(nn::initializers::Constant(*options.ln_var_x), F::Shape{}, "ln_var_x");
}

void VAE::list(L::Members& members) {
  members("le1", le1);
  if (le2) members("le2", *le2);
  members(le2 ? "le3_mu" : "le2_mu", le3_mu)(le2 ? "le3_ln_var" : "le2_ln_var", le3_ln_var)("ld1",
                                                                                            ld1);
  if (ld2) members("ld2", *ld2);
  members(ld2 ? "ld3" : "ld2", ld3);
  if (ln_var_x) members("ln_var_x", ln_var_x);
}

Variable VAE::told(const Variable& h, const Variable& t) const {
  if ((classes > 0) != bool(t))
    throw autograd::Error(
        fmt::format("VAE: a model must be told the class if it is a conditional one, but {}",
                    t ? "it is none and is told" : "it is one and is not told"));
  return join_classes(h, t);
}

std::pair<Variable, Variable> VAE::encode(const Variable& x, const Variable& t) {
  Variable h = act_func(le1(told(x, t)));
  h.set_name("enc_h1");
  if (le2) {
    h = act_func((*le2)(h));
    h.set_name("enc_h2");
  }
  Variable mu = le3_mu(h);
  Variable ln_var = le3_ln_var(h);
  mu.set_name("z_mu");
  ln_var.set_name("z_ln_var");
  return {mu, ln_var};
}

Variable VAE::decode(const Variable& z, const Variable& t, bool sigmoid) {
  Variable h = act_func(ld1(told(z, t)));
  h.set_name("dec_h1");
  if (ld2) {
    h = act_func((*ld2)(h));
    h.set_name("dec_h2");
  }
  const Variable h3 = ld3(h);
  return sigmoid ? F::sigmoid(h3) : h3;
}

LossFunc VAE::get_loss_func(const LossOptions& options) {
  const RecLoss* const kind = find_rec_loss(options.rec_loss);
  if (kind == nullptr)
    throw autograd::Error(fmt::format(
        "get_loss_func: rec_loss must be one of rec_losses(), but it is {}", options.rec_loss));
  return LossFunc([this, options, kind](const Variable& batch, const Array& labels) {
    Variable x = batch, t;
    if (x.name().empty()) x.set_name("x");
    if (labels) {
      t = F::as_variable(one_hot(labels, classes));
      t.set_name("t");
    }
    auto [mu, ln_var] = encode(x, t);
    const auto batchsize = static_cast<double>(mu.length(0));
    const Variable fixed = F::as_variable(Array::full({}, 2 * std::log(options.sigma), x.dtype()));
    // reconstruction error
    rec_loss = {};
    for (int l = 0; l < options.k; ++l) {
      Variable z = F::gaussian(mu, ln_var);
      z.set_name("z");
      const Variable rec =
          kind->term({.x = x,
                      .decode = [&](bool sigmoid) { return decode(z, t, sigmoid); },
                      .ln_var = ln_var_x ? ln_var_x : fixed,
                      .k = static_cast<double>(options.k),
                      .batchsize = batchsize,
                      .pixels = static_cast<double>(x.size()) / batchsize});
      rec_loss = rec_loss ? rec_loss + rec : rec;
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

double VAE::pixel_variance(const LossOptions& options, double batchsize, const Array& x,
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
  F::random::Generator generator(0);  // the numbers of the training stay what they are
  constexpr std::int64_t kAtOnce = 500;
  double squares = 0;
  for (std::int64_t i = 0; i < x.length(0); i += kAtOnce) {
    const std::int64_t n = std::min(kAtOnce, x.length(0) - i);
    const Array batch = x.slice(0, i, n);
    const Variable classes_of_batch = t ? Variable(t.array().slice(0, i, n)) : Variable();
    const auto [mu, ln_var] = encode(batch, classes_of_batch);
    squares +=
        F::sum(F::square(batch - decode(F::gaussian(mu, ln_var, {}, generator), classes_of_batch)))
            .item();
  }
  return (squares / static_cast<double>(x.size()) + kLeastVariance) / options.rec_weight;
}

Encoder::Encoder(int n_in, int n_latent, int n_h, const nn::Initializer& initialW)
    : linear(n_in, n_h, {.initialW = initialW}),
      mu(n_h, n_latent, {.initialW = initialW}),
      ln_sigma(n_h, n_latent, {.initialW = initialW}) {}

D::Independent Encoder::operator()(const Variable& x) {
  const Variable h = F::tanh(linear(x));
  const Variable loc = mu(h);
  const Variable log_scale = ln_sigma(h);  // log(sigma)
  return D::Independent(D::Normal({.loc = loc, .log_scale = log_scale}));
}

void Encoder::list(L::Members& members) {
  members("linear", linear)("mu", mu)("ln_sigma", ln_sigma);
}

Decoder::Decoder(int n_in, int n_latent, int n_h, bool check, const nn::Initializer& initialW)
    : binary_check(check),
      linear(n_latent, n_h, {.initialW = initialW}),
      output(n_h, n_in, {.initialW = initialW}) {}

D::Independent Decoder::operator()(const Variable& z, bool inference) {
  const int n_batch_axes = inference ? 1 : 2;
  Variable h = F::tanh(linear(z, n_batch_axes));
  h = output(h, n_batch_axes);
  return D::Independent(D::Bernoulli({.logit = h, .binary_check = binary_check}), 1);
}

void Decoder::list(L::Members& members) { members("linear", linear)("output", output); }

Prior::Prior(int n_latent)
    : loc(Array::zeros({n_latent}, F::Dtype::float32)),
      scale(Array::full({n_latent}, 1, F::Dtype::float32)) {}

D::Independent Prior::operator()() {
  return D::Independent(D::Normal({.loc = loc, .scale = scale}), 1);
}

void Prior::list(L::Members& members) { members.persistent("loc", loc).persistent("scale", scale); }

AvgELBOLoss::AvgELBOLoss(const Encoder& q, const Decoder& p, const Prior& prior_of_z, double weight,
                         int samples, int number_of_classes)
    : encoder(q),
      decoder(p),
      prior(prior_of_z),
      beta(weight),
      k(samples),
      classes(number_of_classes) {}

Variable AvgELBOLoss::operator()(const Variable& x, const Array& labels) {
  const Variable t = labels ? Variable(one_hot(labels, classes)) : Variable();
  const auto q_z = encoder(join_classes(x, t));
  Variable z = q_z.sample(k);
  if (t) z = F::concat({z, F::broadcast_to(t, {k, t.length(0), classes})}, 2);
  const auto p_x = decoder(z);
  const auto p_z = prior();

  F::Shape repeated = x.shape();
  repeated.insert(0, k);
  const Variable reconstr = F::mean(p_x.log_prob(F::broadcast_to(x, repeated)));
  const Variable kl_penalty = F::mean(D::kl_divergence(q_z, p_z));
  const Variable loss = -(reconstr - beta * kl_penalty);
  nn::report({{"loss", loss}}, *this);
  nn::report({{"reconstr", reconstr}}, *this);
  nn::report({{"kl_penalty", kl_penalty}}, *this);
  return loss;
}

void AvgELBOLoss::list(L::Members& members) {
  members("encoder", encoder)("decoder", decoder)("prior", prior);
}

}  // namespace vae
