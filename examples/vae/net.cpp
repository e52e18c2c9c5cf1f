#include "examples/vae/net.h"

#include "autograd/functions/functions.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/normal.h"
#include "nn/reporting/reporter.h"

namespace vae {

VAE::VAE(int n_in, int n_latent, int n_h, const ActFunc& act)
    : act_func(act),
      // encoder
      le1(n_in, n_h),
      le2(n_h, n_h),
      le3_mu(n_h, n_latent),
      le3_ln_var(n_h, n_latent),
      // decoder
      ld1(n_latent, n_h),
      ld2(n_h, n_h),
      ld3(n_h, n_in) {}

void VAE::list(nn::Members& members) {
  members("le1", le1)("le2", le2)("le3_mu", le3_mu)("le3_ln_var", le3_ln_var);
  members("ld1", ld1)("ld2", ld2)("ld3", ld3);
}

std::pair<Variable, Variable> VAE::encode(const Variable& x) {
  const Variable h1 = act_func(le1(x));
  const Variable h2 = act_func(le2(h1));
  const Variable mu = le3_mu(h2);
  const Variable ln_var = le3_ln_var(h2);
  return {mu, ln_var};
}

Variable VAE::decode(const Variable& z, bool sigmoid) {
  const Variable h1 = act_func(ld1(z));
  const Variable h2 = act_func(ld2(h1));
  const Variable h3 = ld3(h2);
  return sigmoid ? F::sigmoid(h3) : h3;
}

LossFunc VAE::get_loss_func(double C, int k, const std::string& rec) {
  return [this, C, k, rec](const Variable& x) {
    const auto [mu, ln_var] = encode(x);
    const auto batchsize = static_cast<double>(mu.length(0));
    const auto pixels = static_cast<double>(x.length(1));  // 28 * 28
    // reconstruction error
    rec_loss = {};
    for (int l = 0; l < k; ++l) {
      Variable z = F::gaussian(mu, ln_var);
      z.set_name("z");
      if (rec == "bernoulli_nll")
        rec_loss += F::bernoulli_nll(x, decode(z, false)) / (k * batchsize);
      else if (rec == "mean_squared_error")
        rec_loss += F::mean_squared_error(x, decode(z)) / k;
      else if (rec == "pixels_x_mean_squared_error")
        rec_loss += pixels * F::mean_squared_error(x, decode(z)) / k;
      else if (rec == "sum_squared_error")
        rec_loss += F::mean(F::sum(F::pow(x - decode(z), 2), 1)) / k;
      else
        throw F::Error("VAE: rec must be one of the reconstruction errors, but it is " + rec);
    }
    rec_loss.set_name("reconstruction error");
    latent_loss = C * F::gaussian_kl_divergence(mu, ln_var) / batchsize;
    latent_loss.set_name("latent loss");
    loss = rec_loss + latent_loss;
    loss.set_name("loss");
    nn::report({{"loss", loss}, {"rec_loss", rec_loss}, {"latent_loss", latent_loss}}, *this);
    return loss;
  };
}

AvgELBOLoss::AvgELBOLoss(const Encoder& q, const Decoder& p, const Prior& prior_of_z, double weight,
                         int samples)
    : beta(weight), k(samples), encoder(q), decoder(p), prior(prior_of_z) {}

void AvgELBOLoss::list(nn::Members& members) {
  members("encoder", encoder)("decoder", decoder)("prior", prior);
}

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

Encoder::Encoder(int n_in, int n_latent, int n_h)
    : linear(n_in, n_h), mu(n_h, n_latent), ln_sigma(n_h, n_latent) {}

void Encoder::list(nn::Members& members) {
  members("linear", linear)("mu", mu)("ln_sigma", ln_sigma);
}

D::Independent Encoder::operator()(const Variable& x) {
  const Variable h = F::tanh(linear(x));
  const Variable loc = mu(h);
  const Variable log_scale = ln_sigma(h);  // log(sigma)
  return D::Independent(D::Normal({.loc = loc, .log_scale = log_scale}));
}

Decoder::Decoder(int n_in, int n_latent, int n_h, bool check)
    : binary_check(check), linear(n_latent, n_h), output(n_h, n_in) {}

void Decoder::list(nn::Members& members) { members("linear", linear)("output", output); }

D::Independent Decoder::operator()(const Variable& z, bool inference) {
  const int n_batch_axes = inference ? 1 : 2;
  Variable h = F::tanh(linear(z, n_batch_axes));
  h = output(h, n_batch_axes);
  return D::Independent(D::Bernoulli({.logit = h, .binary_check = binary_check}), 1);
}

Prior::Prior(int n_latent)
    : loc(Array::zeros({n_latent}, F::Dtype::float32)),
      scale(Array::ones({n_latent}, F::Dtype::float32)) {}

void Prior::list(nn::Members& members) {
  members.persistent("loc", loc).persistent("scale", scale);
}

D::Independent Prior::operator()() {
  return D::Independent(D::Normal({.loc = loc, .scale = scale}), 1);
}

Encoder make_encoder(int n_in, int n_latent, int n_h) { return Encoder(n_in, n_latent, n_h); }

Decoder make_decoder(int n_in, int n_latent, int n_h, bool binary_check) {
  return Decoder(n_in, n_latent, n_h, binary_check);
}

Prior make_prior(int n_latent) { return Prior(n_latent); }

}  // namespace vae
