#include "examples/vae/net.h"

#include "autograd/functions/functions.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/normal.h"
#include "nn/training/reporter.h"

namespace vae {

using F::Array;

std::optional<RecLoss> rec_loss_named(std::string_view name) {
  if (name == "bernoulli_nll") return RecLoss::bernoulli_nll;
  if (name == "mean_squared_error") return RecLoss::mean_squared_error;
  if (name == "pixels_x_mean_squared_error") return RecLoss::pixels_x_mean_squared_error;
  if (name == "pixels_x_mean_squared_error_over_batch")
    return RecLoss::pixels_x_mean_squared_error_over_batch;
  if (name == "sum_squared_error") return RecLoss::sum_squared_error;
  if (name == "gaussian_nll") return RecLoss::gaussian_nll;
  return {};
}

VAE::VAE(int n_in, int n_latent, int n_h, const Options& options)
    : act_func(options.act_func),
      // encoder
      le1(n_in, n_h, {.initialW = options.initialW}),
      le2(options.layers == 2
              ? std::optional<L::Linear>(std::in_place, n_h, n_h,
                                         L::Linear::Options{.initialW = options.initialW})
              : std::nullopt),
      le3_mu(n_h, n_latent, {.initialW = options.initialW}),
      le3_ln_var(n_h, n_latent, {.initialW = options.initialW}),
      // decoder
      ld1(n_latent, n_h, {.initialW = options.initialW}),
      ld2(options.layers == 2
              ? std::optional<L::Linear>(std::in_place, n_h, n_h,
                                         L::Linear::Options{.initialW = options.initialW})
              : std::nullopt),
      ld3(n_h, n_in, {.initialW = options.initialW}) {}

void VAE::list(L::Members& members) {
  members("le1", le1);
  if (le2) members("le2", *le2);
  members(le2 ? "le3_mu" : "le2_mu", le3_mu)(le2 ? "le3_ln_var" : "le2_ln_var", le3_ln_var)("ld1",
                                                                                            ld1);
  if (ld2) members("ld2", *ld2);
  members(ld2 ? "ld3" : "ld2", ld3);
}

std::pair<Variable, Variable> VAE::encode(const Variable& x) {
  Variable h = act_func(le1(x));
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

Variable VAE::decode(const Variable& z, bool sigmoid) {
  Variable h = act_func(ld1(z));
  h.set_name("dec_h1");
  if (ld2) {
    h = act_func((*ld2)(h));
    h.set_name("dec_h2");
  }
  const Variable h3 = ld3(h);
  return sigmoid ? F::sigmoid(h3) : h3;
}

std::function<Variable(const Variable&)> VAE::get_loss_func(double C, int k, RecLoss kind,
                                                            double rec_weight) {
  return [this, C, k, kind, rec_weight](const Variable& batch) {
    Variable x = batch;
    if (x.name().empty()) x.set_name("x");
    auto [mu, ln_var] = encode(x);
    const auto batchsize = static_cast<double>(mu.length(0));
    const auto pixels = static_cast<double>(x.size()) / batchsize;
    // reconstruction error
    rec_loss = {};
    for (int l = 0; l < k; ++l) {
      Variable z = F::gaussian(mu, ln_var);
      z.set_name("z");
      Variable rec;
      switch (kind) {
        case RecLoss::bernoulli_nll:
          rec = F::bernoulli_nll(x, decode(z, false)) / (k * batchsize);
          break;
        case RecLoss::mean_squared_error:
          rec = F::mean_squared_error(x, decode(z)) / k;
          break;
        case RecLoss::pixels_x_mean_squared_error:
          rec = pixels * F::mean_squared_error(x, decode(z)) / k;
          break;
        case RecLoss::pixels_x_mean_squared_error_over_batch:
          rec = pixels * F::mean_squared_error(x, decode(z)) / (k * batchsize);
          break;
        case RecLoss::sum_squared_error:
          rec = F::mean(F::sum(F::square(x - decode(z)), 1)) / k;
          break;
        case RecLoss::gaussian_nll: {
          const Array ln_var_of_pixels = Array::zeros({}, x.dtype());
          rec = F::gaussian_nll(x, decode(z), F::broadcast_to(ln_var_of_pixels, x.shape())) /
                (k * batchsize);
          break;
        }
      }
      rec_loss = rec_loss ? rec_loss + rec : rec;
    }
    if (rec_weight != 1) rec_loss = rec_weight * rec_loss;
    rec_loss.set_name("reconstruction error");
    latent_loss = C * F::gaussian_kl_divergence(mu, ln_var) / batchsize;
    latent_loss.set_name("latent loss");
    loss = rec_loss + latent_loss;
    loss.set_name("loss");
    nn::report({{"loss", loss}, {"rec_loss", rec_loss}, {"latent_loss", latent_loss}}, *this);
    return loss;
  };
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
                         int samples)
    : encoder(q), decoder(p), prior(prior_of_z), beta(weight), k(samples) {}

Variable AvgELBOLoss::operator()(const Variable& x) {
  const auto q_z = encoder(x);
  const Variable z = q_z.sample(k);
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
