#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "autograd/functions/activation.h"
#include "examples/vae/rec_loss.h"
#include "nn/distributions/distribution.h"
#include "nn/distributions/independent.h"
#include "nn/link.h"
#include "nn/links/linear.h"

// The two generations of Chainer's VAE example. A reader of the Python finds every line here under
// its name.
namespace vae {

using autograd::Variable;
namespace F = autograd;
namespace L = nn;
namespace D = nn::distributions;

// --- the question's VAE, and examples/vae of Chainer 1 to 5

using ActFunc = std::function<Variable(const Variable&)>;

// A loss of a batch: of images, and of their labels where the model is told the class.
class LossFunc {
 public:
  using Function = std::function<Variable(const Variable& x, const F::Array& labels)>;
  LossFunc() = default;
  explicit LossFunc(Function function) : function_(std::move(function)) {}

  Variable operator()(const Variable& x) const { return function_(x, {}); }
  Variable operator()(const Variable& x, const F::Array& labels) const {
    return function_(x, labels);
  }

 private:
  Function function_;
};

class VAE : public L::Chain {
 public:
  struct Options {
    ActFunc act_func = [](const Variable& x) { return F::tanh(x); };
    int layers =
        2;  // hidden layers of encoder and decoder: 2 as in the question, 1 as in Chainer's example
    nn::Initializer initialW{};  // none: LeCunNormal, Chainer's default
    // The logarithm of the pixels' variance as a parameter, which starts here.
    std::optional<double> ln_var_x{};
    // Of a conditional model, whose encoder and decoder are told the class of the image: it goes
    // into them as one-hot columns (K. Sohn, H. Lee, X. Yan, "Learning structured output
    // representation using deep conditional generative models", 2015). 0: they are not.
    int classes = 0;
  };
  VAE(int n_in, int n_latent, int n_h, const Options& options);
  VAE(int n_in, int n_latent, int n_h) : VAE(n_in, n_latent, n_h, Options{}) {}

  // The reconstruction of x through the mean of its code.
  Variable operator()(const Variable& x, bool sigmoid = true) {
    return decode(encode(x).first, sigmoid);
  }

  // (mu, ln_var) of q(z | x). A conditional model takes the classes t (n, classes),
  // one_hot(labels).
  std::pair<Variable, Variable> encode(const Variable& x, const Variable& t = {});
  // The pixels that z stands for; with sigmoid = false their logits.
  Variable decode(const Variable& z, bool sigmoid = true) { return decode(z, {}, sigmoid); }
  Variable decode(const Variable& z, const Variable& t, bool sigmoid = true);

  struct LossOptions {
    double C = 1;                            // weight of the KL divergence
    int k = 1;                               // draws of z
    std::string rec_loss = "bernoulli_nll";  // one of rec_losses()
    double rec_weight = 1;
    double sigma = 1;                     // of a pixel, for gaussian_nll
    double free_bits = 0;                 // nats that each latent unit may carry for nothing
    std::function<double()> annealing{};  // what C is multiplied with at the time; none: 1
  };
  // The loss as a function of a batch: rec_weight * rec_loss + C * KL, the reconstruction averaged
  // over k draws of z. It leaves rec_loss, latent_loss and loss here and reports them.
  LossFunc get_loss_func(const LossOptions& options);
  LossFunc get_loss_func(double C = 1, int k = 1) { return get_loss_func({.C = C, .k = k}); }

  // With one hidden layer the names are those of Chainer's example: le1, le2_mu, le2_ln_var, ld1,
  // ld2. A variance of the pixels that is learned is ln_var_x.
  void list(L::Members& members) override;

  // The variance of a pixel of images x (n, pixels) to which such a loss is the likelihood of a
  // Gaussian decoder, sigma^2 = 1 / (2 c) with the loss's weight c of a squared error: the model's
  // own if it is a parameter, and if it is the best one, that of these images with z drawn.
  double pixel_variance(const LossOptions& options, double batchsize, const F::Array& x,
                        const Variable& t = {});

  Variable rec_loss, latent_loss, loss;

 private:
  // What a layer is given: h, or h and the classes.
  Variable told(const Variable& h, const Variable& t) const;

  ActFunc act_func;
  int classes;
  // encoder
  L::Linear le1;
  std::optional<L::Linear> le2;
  L::Linear le3_mu, le3_ln_var;
  // decoder
  L::Linear ld1;
  std::optional<L::Linear> ld2;
  L::Linear ld3;
  nn::Parameter ln_var_x;
};

// --- examples/vae of Chainer 6 and later, written with distributions

class Encoder : public L::Chain {
 public:
  Encoder(int n_in, int n_latent, int n_h, const nn::Initializer& initialW = {});
  D::Independent operator()(const Variable& x);
  void list(L::Members& members) override;

 private:
  L::Linear linear, mu, ln_sigma;
};

class Decoder : public L::Chain {
 public:
  Decoder(int n_in, int n_latent, int n_h, bool binary_check = false,
          const nn::Initializer& initialW = {});
  D::Independent operator()(const Variable& z, bool inference = false);
  void list(L::Members& members) override;

 private:
  bool binary_check;
  L::Linear linear, output;
};

class Prior : public L::Link {
 public:
  explicit Prior(int n_latent);
  D::Independent operator()();
  void list(L::Members& members) override;

 private:
  F::Array loc, scale;
};

// The negative evidence lower bound, averaged over the batch: -(reconstr - beta * kl_penalty), with
// k draws of z. A conditional model gives encoder and decoder the one-hot columns of the class as
// further inputs, for which they were made.
class AvgELBOLoss : public L::Chain {
 public:
  AvgELBOLoss(const Encoder& encoder, const Decoder& decoder, const Prior& prior, double beta = 1,
              int k = 1, int classes = 0);
  Variable operator()(const Variable& x, const F::Array& labels = {});
  void list(L::Members& members) override;

  Encoder encoder;
  Decoder decoder;
  Prior prior;

 private:
  double beta;
  int k, classes;
};

}  // namespace vae
