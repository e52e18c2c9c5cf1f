#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "examples/vae/net.h"
#include "nn/parameter.h"

// The models of examples/vae with the options of the experiments.
namespace vae::lab {

// The loss of a batch of images; for a conditional model, also of their labels.
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
  nn::Initializer initialW{};  // default: LeCunNormal, as in Chainer
  // If given, the logarithm of the pixels' variance is a parameter with this initial value.
  std::optional<double> ln_var_x{};
  // The number of classes of a conditional model; 0: the model is not conditional. The encoder and
  // the decoder of a conditional model get the class of the image as one-hot columns after the
  // images x and the codes z, with_classes() (K. Sohn, H. Lee, X. Yan, "Learning structured output
  // representation using deep conditional generative models", 2015).
  int classes = 0;
};

struct VAELossOptions {
  double C = 1;                            // weight of the KL divergence
  int k = 1;                               // samples of z
  std::string rec_loss = "bernoulli_nll";  // one of rec_losses()
  double rec_weight = 1;
  double sigma = 1;                     // standard deviation of a pixel, for gaussian_nll
  double free_bits = 0;                 // nats that each latent unit may have without a penalty
  std::function<double()> annealing{};  // the current factor of C; default: 1
};

// The VAE of the question with one or two hidden layers, any activation and any initial weights.
// The variance of the pixels may be learned, and the model may be conditional. The parameters have
// the names of vae::VAE. With one layer, they have the names of Chainer's example: le1, le2_mu,
// le2_ln_var, ld1, ld2. The learned variance has the name ln_var_x.
class VAE : public nn::Chain {
 public:
  VAE(int n_in, int n_latent, int n_h, const VAEOptions& options = {});

  // (mu, ln_var) of q(z | x)
  std::pair<Variable, Variable> encode(const Variable& x);
  // The pixels of the code z; with sigmoid = false, their logits.
  Variable decode(const Variable& z, bool sigmoid = true);

  // The loss as a function of a batch: rec_weight * rec_loss + C * KL. The reconstruction term is
  // averaged over k samples of z. The function stores rec_loss, latent_loss and loss in the model
  // and reports them.
  LossFunc get_loss_func(const VAELossOptions& options);

  void list(nn::Members& members) override;

  // The variance of a pixel for which this loss is the likelihood of a Gaussian decoder: sigma^2 =
  // 1 / (2 c), where c is the loss's weight of a squared error. If the variance is a parameter,
  // returns the parameter's value. If the loss uses the best variance, returns the best variance
  // for images x (n, pixels) with sampled z. t: the one-hot columns of a conditional model.
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

// Chainer 6's model as a conditional model: encoder and decoder get the one-hot columns as further
// inputs, and must have been made for this number of inputs.
class ConditionalELBOLoss : public AvgELBOLoss {
 public:
  ConditionalELBOLoss(const AvgELBOLoss& loss, int number_of_classes)
      : AvgELBOLoss(loss), classes(number_of_classes) {}
  using AvgELBOLoss::operator();
  Variable operator()(const Variable& x, const Array& labels);

  int classes;
};

}  // namespace vae::lab
