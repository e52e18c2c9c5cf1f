#include "examples/vae_lab/model.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "autograd/autograd.h"
#include "examples/vae_lab/classes.h"
#include "examples/vae_lab/rec_loss.h"
#include "nn/nn.h"

namespace vae::lab {
namespace {

nn::Initializer initializer(const std::string& name) {
  if (name == "xavier") return nn::initializers::GlorotUniform();
  return nn::initializers::LeCunNormal();
}

ActFunc activation(const std::string& name) {
  if (name == "relu") return [](const Variable& x) { return F::relu(x); };
  if (name == "softplus") return [](const Variable& x) { return F::softplus(x); };
  return [](const Variable& x) { return F::tanh(x); };
}

// Describes the pixels for which a Bernoulli decoder's log p(x) is a likelihood.
std::string bernoulli_pixels(const LabOptions& o) {
  return o.binary ? "Bernoulli pixels"
                  : "Bernoulli pixels; this likelihood is for black and white images, but these "
                    "images are grey: use --binarize";
}

Likelihood likelihood_of(VAE& m, const VAELossOptions& loss, const LabOptions& o, int classes,
                         const Array& train) {
  const RecLoss& kind = *find_rec_loss(loss.rec_loss);
  if (!kind.gaussian()) {
    const auto log_p = [&m, &kind, classes](const Variable& x, const Variable& z) {
      const auto [pixels, t] = split_classes(x, classes);
      return kind.log_likelihood(pixels, m.decode(join_classes(z, t), false));
    };
    return {log_p,
            loss.rec_loss == "bernoulli_nll" ? bernoulli_pixels(o) : "continuous Bernoulli pixels"};
  }
  const auto [train_pixels, train_t] = split_classes(train, classes);
  const double sigma2 = m.pixel_variance(loss, o.batch_size, train_pixels.array(), train_t);
  const auto log_p = [&m, sigma2, classes](const Variable& x, const Variable& z) {
    const auto [pixels, t] = split_classes(x, classes);
    const double normaliser =
        static_cast<double>(pixels.length(1)) * std::log(2 * std::numbers::pi * sigma2) / 2;
    return -F::sum(F::square(pixels - m.decode(join_classes(z, t))), 1) / (2 * sigma2) - normaliser;
  };
  return {log_p, fmt::format("Gaussian pixels, sigma^2 = {:.4g}", sigma2)};
}

// Codes for pictures. For a conditional model, each code is repeated with every class.
Array with_every_class(const Array& z, int classes) {
  if (classes == 0) return z;
  const std::int64_t n = z.length(0), units = z.length(1);
  const Array each = z.expand_dims(1).broadcast_to({n, classes, units}).reshape({-1, units});
  const Array labels = Array::arange(classes).broadcast_to({n, classes}).reshape({-1});
  return with_classes(each, labels, classes);
}

Model question_model(const LabOptions& o, int pixels, int classes) {
  const bool learns = find_rec_loss(o.loss)->variance == RecLoss::Variance::parameter;
  auto model = std::make_unique<VAE>(
      pixels, o.dim_z, o.dim_h,
      VAEOptions{
          .act_func = activation(o.act),
          .layers = o.layers,
          .initialW = initializer(o.init),
          .ln_var_x = learns ? std::optional(2 * std::log(o.sigma.value_or(0.25))) : std::nullopt,
          .classes = classes});
  VAE* const m = model.get();
  const VAELossOptions plain{.C = o.beta,
                             .k = o.k,
                             .rec_loss = o.loss,
                             .rec_weight = o.rec_weight,
                             .sigma = o.sigma.value_or(1)};
  Model result;
  result.link = std::move(model);
  result.beta_factor = std::make_shared<double>(1);
  VAELossOptions trained = plain;
  trained.free_bits = o.free_bits;
  trained.annealing = [factor = result.beta_factor] { return *factor; };
  result.loss_func = m->get_loss_func(trained);
  result.loss_func_of = [m, plain](int k) {
    VAELossOptions options = plain;
    options.k = k;
    return m->get_loss_func(options);
  };
  result.encode = [m](const Variable& x) { return m->encode(x); };
  result.decode = [m](const Variable& z) { return m->decode(z); };
  result.sample = [classes, dim_z = o.dim_z](int n) {
    return with_every_class(
        F::array::standard_normal({n, dim_z}, F::Dtype::float32, F::random::generator()), classes);
  };
  result.likelihood = [m, plain, o, classes](const Array& x) {
    return likelihood_of(*m, plain, o, classes, x);
  };
  result.terms = {"rec_loss", "latent_loss"};
  return result;
}

Model distributions_model(const LabOptions& o, int pixels, int classes) {
  Encoder encoder = make_encoder(pixels + classes, o.dim_z, o.dim_h);
  Decoder decoder = make_decoder(pixels, o.dim_z + classes, o.dim_h, o.binary);
  if (o.init != "lecun")
    for (nn::Linear* layer :
         {&encoder.linear, &encoder.mu, &encoder.ln_sigma, &decoder.linear, &decoder.output})
      *layer = nn::Linear(static_cast<int>(layer->W.length(1)),
                          static_cast<int>(layer->W.length(0)), {.initialW = initializer(o.init)});
  auto model = std::make_unique<ConditionalELBOLoss>(
      AvgELBOLoss(encoder, decoder, make_prior(o.dim_z), o.beta, o.k), classes);
  ConditionalELBOLoss* const m = model.get();
  Model result;
  result.link = std::move(model);
  result.loss_func = LossFunc(
      [m](const Variable& x, const Array& labels) { return labels ? (*m)(x, labels) : (*m)(x); });
  result.encode = [m](const Variable& x) {
    const auto q = m->encoder(x);
    return std::pair(q.mean(), F::log(q.variance()));
  };
  result.decode = [m](const Variable& z) { return m->decoder(z, true).mean(); };
  result.sample = [m, classes](int n) {
    const auto no_graph = F::no_backprop_mode();
    return with_every_class(m->prior().sample(n).array(), classes);
  };
  result.likelihood = [m, o, classes](const Array&) {
    const auto log_p = [m, classes](const Variable& x, const Variable& z) {
      const auto [pixels_of_x, t] = split_classes(x, classes);
      return m->decoder(join_classes(z, t), true).log_prob(pixels_of_x);
    };
    return Likelihood{log_p, bernoulli_pixels(o)};
  };
  result.terms = {"reconstr", "kl_penalty"};
  return result;
}

}  // namespace

Model make_model(const LabOptions& o, int pixels, int classes) {
  Model model = o.model == "question" ? question_model(o, pixels, classes)
                                      : distributions_model(o, pixels, classes);
  model.classes = classes;
  return model;
}

Array reconstructed(const Model& model, const Array& x) {
  const auto testing = F::using_config(&F::Config::train, false);
  const auto no_graph = F::no_backprop_mode();
  const Variable t = split_classes(x, model.classes).second;
  return model.decode(join_classes(model.encode(x).first, t)).array();
}

std::unique_ptr<nn::Optimizer> make_optimizer(const LabOptions& o) {
  std::unique_ptr<nn::Optimizer> optimizer;
  if (o.optimizer == "sgd") optimizer = std::make_unique<nn::optimizers::SGD>();
  if (o.optimizer == "momentum_sgd") optimizer = std::make_unique<nn::optimizers::MomentumSGD>();
  if (o.optimizer == "nesterov_ag") optimizer = std::make_unique<nn::optimizers::NesterovAG>();
  if (o.optimizer == "ada_grad") optimizer = std::make_unique<nn::optimizers::AdaGrad>();
  if (o.optimizer == "ada_delta") optimizer = std::make_unique<nn::optimizers::AdaDelta>();
  if (o.optimizer == "rmsprop") optimizer = std::make_unique<nn::optimizers::RMSprop>();
  if (!optimizer) optimizer = std::make_unique<nn::optimizers::Adam>();
  if (o.lr) optimizer->hyperparameter(o.optimizer == "adam" ? "alpha" : "lr") = *o.lr;
  return optimizer;
}

}  // namespace vae::lab
