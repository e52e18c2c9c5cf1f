#include "examples/cifar_vae/net.h"

#include <cmath>

#include "autograd/functions/functions.h"
#include "nn/distributions/independent.h"
#include "nn/initializers/initializers.h"
#include "nn/reporting/reporter.h"

namespace cifar_vae {

using F::Array;

Variable feature_vector_normalization(const Variable& x, double eps) {
  const Variable alpha = 1.0 / F::sqrt(F::mean(x * x, 1, true) + eps);
  return F::broadcast_to(alpha, x.shape()) * x;
}

Variable minibatch_std(const Variable& x) {
  const Variable m = F::mean(x, 0, true);
  const Variable d = x - F::broadcast_to(m, x.shape());
  const Variable v = F::mean(d * d, 0, true);
  const Variable sd = F::mean(F::sqrt(v + 1e-8), F::None, true);
  const Variable std = F::broadcast_to(sd, {x.length(0), 1, x.length(2), x.length(3)});
  return F::concat({x, std}, 1);
}

namespace {

const nn::Initializer kUnit = nn::initializers::Normal(1.0);

L::Convolution2D conv(int in, int out, int ksize, int stride, int pad, const nn::Initializer& w) {
  return {in, out, ksize, {.stride = stride, .pad = pad, .initialW = w}};
}
L::Linear linear(int in, int out, const nn::Initializer& w) { return {in, out, {.initialW = w}}; }

}  // namespace

EqualizedConv2d::EqualizedConv2d(int in_ch, int out_ch, int ksize, int stride, int pad)
    : inv_c(std::sqrt(2.0 / (in_ch * ksize * ksize))),
      c(conv(in_ch, out_ch, ksize, stride, pad, kUnit)) {}
Variable EqualizedConv2d::operator()(const Variable& x) { return c(inv_c * x); }

EqualizedLinear::EqualizedLinear(int in_ch, int out_ch)
    : inv_c(std::sqrt(2.0 / in_ch)), c(linear(in_ch, out_ch, kUnit)) {}
Variable EqualizedLinear::operator()(const Variable& x) { return c(inv_c * x); }

Encoder::Encoder(int n_latent, int n, int bottom_width, double wscale)
    : Encoder(n_latent, n, bottom_width, nn::initializers::Normal(wscale)) {}

Encoder::Encoder(int n_latent, int ch, int bottom_width, const nn::Initializer& w)
    : c0_0(conv(3, ch / 8, 3, 1, 1, w)),
      c0_1(conv(ch / 8, ch / 4, 4, 2, 1, w)),
      c1_0(conv(ch / 4, ch / 4, 3, 1, 1, w)),
      c1_1(conv(ch / 4, ch / 2, 4, 2, 1, w)),
      c2_0(conv(ch / 2, ch / 2, 3, 1, 1, w)),
      c2_1(conv(ch / 2, ch, 4, 2, 1, w)),
      c3_0(conv(ch, ch, 3, 1, 1, w)),
      mu(linear(bottom_width * bottom_width * ch, n_latent, w)),
      ln_sigma(linear(bottom_width * bottom_width * ch, n_latent, w)),
      bn0_1(ch / 4, {.use_gamma = false}),
      bn1_0(ch / 4, {.use_gamma = false}),
      bn1_1(ch / 2, {.use_gamma = false}),
      bn2_0(ch / 2, {.use_gamma = false}),
      bn2_1(ch, {.use_gamma = false}),
      bn3_0(ch, {.use_gamma = false}) {}

void Encoder::list(L::Members& members) {
  members("c0_0", c0_0)("c0_1", c0_1)("c1_0", c1_0)("c1_1", c1_1)("c2_0", c2_0)("c2_1", c2_1)(
      "c3_0", c3_0)("mu", mu)("ln_sigma", ln_sigma)("bn0_1", bn0_1)("bn1_0", bn1_0)("bn1_1", bn1_1)(
      "bn2_0", bn2_0)("bn2_1", bn2_1)("bn3_0", bn3_0);
}

D::Normal Encoder::operator()(const Variable& x) {
  Variable h = F::leaky_relu(c0_0(x));
  h = F::leaky_relu(bn0_1(c0_1(h)));
  h = F::leaky_relu(bn1_0(c1_0(h)));
  h = F::leaky_relu(bn1_1(c1_1(h)));
  h = F::leaky_relu(bn2_0(c2_0(h)));
  h = F::leaky_relu(bn2_1(c2_1(h)));
  h = F::leaky_relu(bn3_0(c3_0(h)));
  const Variable loc = mu(h);
  const Variable log_scale = ln_sigma(h);  // log(sigma)
  return D::Normal({.loc = loc, .log_scale = log_scale});
}

Decoder::Decoder(int n_latent, int bottom, int n, double wscale)
    : Decoder(n_latent, bottom, n, nn::initializers::Normal(wscale)) {}

Decoder::Decoder(int n_latent, int bottom, int n, const nn::Initializer& w)
    : ch(n),
      bottom_width(bottom),
      l0(linear(n_latent, bottom * bottom * n, w)),
      c1(conv(n, n / 2, 3, 1, 1, w)),
      c2(conv(n / 2, n / 4, 3, 1, 1, w)),
      c3(conv(n / 4, n / 8, 3, 1, 1, w)),
      c4(conv(n / 8, 3, 3, 1, 1, w)),
      bn0(bottom * bottom * n),
      bn1(n / 2),
      bn2(n / 4),
      bn3(n / 8) {}

void Decoder::list(L::Members& members) {
  members("l0", l0)("c1", c1)("c2", c2)("c3", c3)("c4", c4)("bn0", bn0)("bn1", bn1)("bn2", bn2)(
      "bn3", bn3);
}

Variable Decoder::operator()(const Variable& z) {
  Variable h = F::reshape(F::tanh(bn0(l0(z))), {z.length(0), ch, bottom_width, bottom_width});
  h = F::leaky_relu(bn1(c1(h)));
  h = F::unpooling_2d(h, 2, {.stride = 2, .pad = 0, .outsize = 8});
  h = F::leaky_relu(bn2(c2(h)));
  h = F::unpooling_2d(h, 2, {.stride = 2, .pad = 0, .outsize = 16});
  h = F::leaky_relu(bn3(c3(h)));
  h = F::unpooling_2d(h, 2, {.stride = 2, .pad = 0, .outsize = 32});
  return F::sigmoid(c4(h));
}

Prior::Prior(int n_latent)
    : loc(Array::zeros({n_latent}, F::Dtype::float32)),
      scale(Array::full({n_latent}, 1, F::Dtype::float32)) {}

D::Normal Prior::operator()() { return D::Normal({.loc = loc, .scale = scale}); }

void Prior::list(L::Members& members) { members.persistent("loc", loc).persistent("scale", scale); }

AvgELBOLoss::AvgELBOLoss(const Encoder& q, const Decoder& p, const Prior& prior_of_z, double weight,
                         int samples, double brightness)
    : encoder(q), decoder(p), prior(prior_of_z), beta(weight), k(samples), scale(brightness) {}

Variable AvgELBOLoss::operator()(const Variable& x1, const Variable& x2) {
  const auto q_z = encoder(x1);
  const Variable z = q_z.sample(k);
  const auto p_z = prior();
  Variable reconstr;
  for (int i = 0; i < k; ++i) {
    const Variable p_x = decoder(F::get_item(z, {i}));
    const Variable error = F::mean_squared_error(x2, scale == 1 ? p_x : p_x * scale) / k;
    reconstr = reconstr ? reconstr + error : error;
  }
  const Variable kl_penalty = F::mean(F::sum(D::kl_divergence(q_z, p_z), -1));
  const Variable loss = reconstr + beta * kl_penalty;
  nn::report({{"loss", loss}}, *this);
  nn::report({{"reconstr", reconstr}}, *this);
  nn::report({{"kl_penalty", kl_penalty}}, *this);
  return loss;
}

Variable AvgELBOLoss::operator()(const Variable& x) {
  return (*this)(x, scale == 1 ? x : x * scale);
}

void AvgELBOLoss::list(L::Members& members) {
  members("encoder", encoder)("decoder", decoder)("prior", prior);
}

}  // namespace cifar_vae
