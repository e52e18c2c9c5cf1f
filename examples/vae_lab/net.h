#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "examples/vae/net.h"
#include "nn/parameter.h"

// The models of examples/vae with what the experiments vary.
namespace vae::lab {

// A loss of a batch: of images, and of their labels where the model is told the class.
class LossFunc {
 public:
  using Function = std::function<Variable(const Variable& x, const Array& labels)>;
  LossFunc() = default;
  explicit LossFunc(Function function) : function_(std::move(function)) {}

  Variable operator()(const Variable& x) const { return function_(x, {}); }
  Variable operator()(const Variable& x, const Array& labels) const { return function_(x, labels); }

 private:
  Function function_;
};

struct VAEOptions {
  ActFunc act_func = [](const Variable& x) { return F::tanh(x); };
  int layers = 2;
  nn::Initializer initialW{};  // none: LeCunNormal, Chainer's default
  // The logarithm of the pixels' variance as a parameter, which starts here.
  std::optional<double> ln_var_x{};
  // Of a conditional model, whose encoder and decoder are told the class of the image: the images
  // x and the codes z that they take have one-hot columns behind them, with_classes() (K. Sohn,
  // H. Lee, X. Yan, "Learning structured output representation using deep conditional generative
  // models", 2015). 0: it is told no class.
  int classes = 0;
};

struct VAELossOptions {
  double C = 1;                            // weight of the KL divergence
  int k = 1;                               // draws of z
  std::string rec_loss = "bernoulli_nll";  // one of rec_losses()
  double rec_weight = 1;
  double sigma = 1;                     // of a pixel, for gaussian_nll
  double free_bits = 0;                 // nats that each latent unit may carry for nothing
  std::function<double()> annealing{};  // what C is multiplied with at the time; none: 1
};

// The question's VAE with one or two hidden layers, any activation and initial weights, and, if
// asked for, a variance of the pixels that is learned or classes that it is told. The parameters
// have the names of vae::VAE; with one layer those of Chainer's example: le1, le2_mu, le2_ln_var,
// ld1, ld2. A learned variance is ln_var_x.
class VAE : public nn::Chain {
 public:
  VAE(int n_in, int n_latent, int n_h, const VAEOptions& options = {});

  // (mu, ln_var) of q(z | x)
  std::pair<Variable, Variable> encode(const Variable& x);
  // The pixels that z stands for; with sigmoid = false their logits.
  Variable decode(const Variable& z, bool sigmoid = true);

  // The loss as a function of a batch: rec_weight * rec_loss + C * KL, the reconstruction averaged
  // over k draws of z. It leaves rec_loss, latent_loss and loss here and reports them.
  LossFunc get_loss_func(const VAELossOptions& options);

  void list(nn::Members& members) override;

  // The variance of a pixel of images x (n, pixels) to which such a loss is the likelihood of a
  // Gaussian decoder, sigma^2 = 1 / (2 c) with the loss's weight c of a squared error: the model's
  // own if it is a parameter, and if it is the best one, that of these images with z drawn. t: the
  // one-hot columns of a conditional model.
  double pixel_variance(const VAELossOptions& options, double batchsize, const Array& x,
                        const Variable& t = {});

  Variable rec_loss, latent_loss, loss;

 private:
  ActFunc act_func;
  int classes;
  std::vector<nn::Linear> encoder;  // le1, le2
  nn::Linear mu_of, ln_var_of;
  std::vector<nn::Linear> decoder;  // ld1, ld2
  nn::Linear output;
  nn::Parameter ln_var_x;
};

// Chainer 6's model told the class: encoder and decoder take the one-hot columns as further inputs,
// for which they were made.
class ConditionalELBOLoss : public AvgELBOLoss {
 public:
  ConditionalELBOLoss(const AvgELBOLoss& loss, int number_of_classes)
      : AvgELBOLoss(loss), classes(number_of_classes) {}
  using AvgELBOLoss::operator();
  Variable operator()(const Variable& x, const Array& labels);

  int classes;
};

}  // namespace vae::lab
