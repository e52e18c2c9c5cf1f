#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "examples/vae/images.h"
#include "examples/vae_lab/net.h"
#include "examples/vae_lab/options.h"
#include "nn/optimizers/optimizer.h"
#include "nn/vae/collapse_monitor.h"

namespace vae::lab {

// The decoder of a trained model as a probability distribution of images.
struct Likelihood {
  // log p(x | z), (n), in nats. x has the form of the argument of Model::encode; z is a code
  // without class.
  std::function<Variable(const Variable& x, const Variable& z)> log_p;
  std::string pixels;  // the kind of pixels: "Gaussian pixels, sigma^2 = 0.5"
};

// A model of either generation, with the functions that the training and the pictures use.
struct Model {
  std::unique_ptr<nn::Link> link;
  LossFunc loss_func;  // the training loss: with free bits, and with beta * *beta_factor
  std::shared_ptr<double> beta_factor;  // none if the model has no schedule of beta
  // The loss of the test set: without schedule and free bits, and with k samples of z. Empty if the
  // number of samples cannot be chosen after the training.
  std::function<LossFunc(int k)> loss_func_of;
  // Draws n samples of z; for a conditional model, each sample with every class.
  std::function<Array(int n)> sample;
  // The number of classes of a conditional model, else 0. In the following functions, the images x
  // and codes z of a conditional model have their classes as further columns: with_classes().
  int classes = 0;
  nn::vae::CollapseMonitor::Encode encode;
  nn::vae::CollapseMonitor::Decode decode;
  // The p(x | z) that belongs to the loss, after the training on the images x.
  std::function<Likelihood(const autograd::Array& x)> likelihood;
  std::vector<std::string> terms;  // the names of the reported values besides the loss
};

// Makes the model of the options for images with this number of pixels, and draws its weights. If
// `classes` is not 0, the model is conditional.
Model make_model(const LabOptions& options, int pixels, int classes = 0);

// The reconstructions of images x (n, pixels) from the means of their codes, in test mode and
// without a graph. For a conditional model, x has the classes as further columns.
Array reconstructed(const Model& model, const Array& x);

// Chainer's optimizer of the name --optimizer, with its defaults and the learning rate --lr, if
// given.
std::unique_ptr<nn::Optimizer> make_optimizer(const LabOptions& options);

}  // namespace vae::lab
