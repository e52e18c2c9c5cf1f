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

// The decoder of a trained model as a probability of images.
struct Likelihood {
  // log p(x | z), (n), in nats. x is what Model::encode takes, z is a code without class.
  std::function<Variable(const Variable& x, const Variable& z)> log_p;
  std::string pixels;  // of which kind: "Gaussian pixels, sigma^2 = 0.5"
};

// Either generation of the model, with what training and pictures need of it.
struct Model {
  std::unique_ptr<nn::Link> link;
  LossFunc loss_func;  // what is trained: with free bits, and with beta * *beta_factor
  std::shared_ptr<double> beta_factor;  // none where the model has no such thing
  // What is reported of the test set: the loss without schedule and free bits. With k draws of z,
  // where the model lets that be chosen afterwards.
  std::function<LossFunc(int k)> loss_func_of;
  std::function<Array(int n)> sample;  // z of n draws; each of them with every class
  // Of a conditional model, else 0. Its images x and codes z carry their classes as further
  // columns, with_classes(x, labels, classes), in all that follows.
  int classes = 0;
  nn::vae::CollapseMonitor::Encode encode;
  nn::vae::CollapseMonitor::Decode decode;
  // What the loss says of p(x | z), once the training on these images is over.
  std::function<Likelihood(const autograd::Array& x)> likelihood;
  std::vector<std::string> terms;  // what it reports besides the loss
};

// The model that the options ask for, for images of so many pixels and, if it is to be a
// conditional one, of so many classes. Its weights are drawn here.
Model make_model(const LabOptions& options, int pixels, int classes = 0);

// Images x (n, pixels), with their classes if the model is told them, through the mean of their
// codes; in test mode and without a graph.
Array reconstructed(const Model& model, const Array& x);

// Chainer's optimizer of that name, with its defaults unless --lr says otherwise.
std::unique_ptr<nn::Optimizer> make_optimizer(const LabOptions& options);

}  // namespace vae::lab
