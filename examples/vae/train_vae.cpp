// Trains the question's VAE, or Chainer 6's, as Chainer's examples/vae/train_vae.py does.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <new>
#include <numeric>
#include <vector>

#include "autograd/autograd.h"
#include "examples/pictures/log_plot.h"
#include "examples/vae/data.h"
#include "examples/vae/draw_graph.h"
#include "examples/vae/images.h"
#include "examples/vae/net.h"
#include "examples/vae/options.h"
#include "examples/vae/prediction.h"
#include "nn/nn.h"

namespace {

using autograd::Array;
using autograd::Variable;
namespace F = autograd;
namespace training = nn::training;
namespace extensions = nn::training::extensions;

void say(const std::string& line = "") {
  std::puts(line.c_str());
  std::fflush(stdout);
}

// Either generation of the model, with what training and pictures need of it.
struct Model {
  std::unique_ptr<nn::Link> link;
  std::function<Variable(const Variable&)> loss_func;
  // The same loss with k draws of z, where the model lets it be chosen afterwards.
  std::function<std::function<Variable(const Variable&)>(int k)> loss_func_of;
  vae::PictureModel pictures;
  // What a CollapseMonitor looks at.
  extensions::CollapseMonitor::Encode encode;
  extensions::CollapseMonitor::Decode decode;
  std::vector<std::string> terms;  // what it reports besides the loss
};

nn::Initializer initializer(const std::string& name) {
  if (name == "xavier") return nn::initializers::GlorotUniform();
  return nn::initializers::LeCunNormal();
}

vae::ActFunc activation(const std::string& name) {
  if (name == "relu") return [](const Variable& x) { return F::relu(x); };
  if (name == "softplus") return [](const Variable& x) { return F::softplus(x); };
  return [](const Variable& x) { return F::tanh(x); };
}

// Runs f without recording a graph and in test mode.
template <class Function>
Array inferred(const Function& f) {
  const auto testing = F::using_config(&F::Config::train, false);
  const auto no_graph = F::no_backprop_mode();
  return f().array();
}

// At most so many examples, a view.
Array first(std::int64_t count, const Array& x) {
  return x.slice(0, 0, std::min(count, x.length(0)));
}

Model question_model(const vae::Options& o, int pixels) {
  auto model = std::make_unique<vae::VAE>(
      pixels, o.dim_z, o.dim_h,
      vae::VAE::Options{
          .act_func = activation(o.act), .layers = o.layers, .initialW = initializer(o.init)});
  vae::VAE* const m = model.get();
  const vae::RecLoss loss = *vae::rec_loss_named(o.loss);
  Model result;
  result.link = std::move(model);
  result.loss_func = m->get_loss_func(o.beta, o.k, loss, o.rec_weight);
  result.loss_func_of = [m, loss, beta = o.beta, weight = o.rec_weight](int k) {
    return m->get_loss_func(beta, k, loss, weight);
  };
  result.encode = [m](const Variable& x) { return m->encode(x); };
  result.decode = [m](const Variable& z) { return m->decode(z); };
  result.pictures.reconstruct = [m](const Array& x) { return inferred([&] { return (*m)(x); }); };
  result.pictures.sample = [m, dim_z = o.dim_z](int n) {
    std::vector<double> z(static_cast<std::size_t>(n * dim_z));
    F::random::generator().standard_normal(z);
    const Array codes =
        Array::from(std::span<const double>(z), F::Shape{n, dim_z}).astype(F::Dtype::float32);
    return inferred([&] { return m->decode(codes); });
  };
  result.terms = {"rec_loss", "latent_loss"};
  return result;
}

Model distributions_model(const vae::Options& o, int pixels) {
  const vae::Encoder encoder(pixels, o.dim_z, o.dim_h, initializer(o.init));
  const vae::Decoder decoder(pixels, o.dim_z, o.dim_h, o.binary, initializer(o.init));
  auto model =
      std::make_unique<vae::AvgELBOLoss>(encoder, decoder, vae::Prior(o.dim_z), o.beta, o.k);
  vae::AvgELBOLoss* const m = model.get();
  Model result;
  result.link = std::move(model);
  result.loss_func = [m](const Variable& x) { return (*m)(x); };
  result.encode = [m](const Variable& x) {
    const auto q = m->encoder(x);
    return std::pair(q.mean(), F::log(q.variance()));
  };
  result.decode = [m](const Variable& z) { return m->decoder(z, true).mean(); };
  result.pictures.reconstruct = [m](const Array& x) {
    return inferred([&] { return m->decoder(m->encoder(x).mean(), true).mean(); });
  };
  result.pictures.sample = [m](int n) {
    return inferred([&] { return m->decoder(m->prior().sample(n), true).mean(); });
  };
  result.terms = {"reconstr", "kl_penalty"};
  return result;
}

// Chainer's optimizer of that name, with its defaults unless --lr says otherwise.
std::unique_ptr<nn::Optimizer> make_optimizer(const vae::Options& o) {
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

void announce(const vae::Options& o, const vae::ImageSet& images) {
  const std::string hidden =
      o.layers == 2 ? fmt::format("{0}-{0}", o.dim_h) : fmt::format("{}", o.dim_h);
  say(fmt::format("Data: {}: {} images to train with, {} to test, {}x{} pixels{}", o.data,
                  images.train.length(0), images.test.length(0), images.height, images.width,
                  o.binary ? ", black and white" : ""));
  say(fmt::format("Model: {}, {}-{}-{}, {}, loss {}, optimizer {}, seed {}, {} thread{}", o.model,
                  images.train.length(1), hidden, o.dim_z, o.act, o.loss, o.optimizer, o.seed,
                  F::parallel::threads(), F::parallel::threads() == 1 ? "" : "s"));
  say(fmt::format("# dim z: {}", o.dim_z));
  say(fmt::format("# Minibatch-size: {}", o.batch_size));
  say(fmt::format("# epoch: {}", o.epoch));
  say(vae::prediction(o, images.train));
  say();
}

// The files beside the log, once the training is over. A training that was resumed into another
// folder has its log and its graph there only if it wrote them again.
void write_results(const vae::Options& o, const Model& model, const vae::ImageSet& images) {
  const auto there = [&o](const std::string& name) {
    return std::filesystem::exists(o.out + "/" + name);
  };
  nn::serializers::save_npz(o.out + "/model.npz", *model.link);
  vae::save_images(model.pictures, images, o.out);
  if (there("log") && !pictures::plot_log(o.out + "/log", o.out + "/loss.png"))
    say("loss.png is not written: this program was built without cairo.");
  if (there("graph.dot") && !vae::draw_graph(o.out + "/graph.dot", o.out + "/graph.png"))
    say("graph.png is not written: the program dot (Debian's package graphviz) is not here.");
  std::string written;
  for (const char* name :
       {"log", "log_iteration", "model.npz", "graph.dot", "graph.png", "train.png",
        "train_reconstructed.png", "test.png", "test_reconstructed.png", "sampled.png", "loss.png"})
    if (there(name)) written += (written.empty() ? "" : ", ") + std::string(name);
  say(fmt::format("In {}/: {}.", o.out, written));
}

void train(const vae::Options& o) {
  if (o.threads > 0) F::parallel::set_threads(o.threads);
  F::random::seed(static_cast<std::uint32_t>(o.seed));

  // The dataset
  const vae::ImageSet images = vae::load_images(o.data, o.binary, o.test);
  announce(o, images);

  // The model and its optimizer
  const int pixels = images.height * images.width;
  const Model model =
      o.model == "question" ? question_model(o, pixels) : distributions_model(o, pixels);
  const auto optimizer = make_optimizer(o);
  optimizer->setup(*model.link);
  if (!o.initmodel.empty()) nn::serializers::load_npz(o.initmodel, *model.link);

  // Iterators, an updater, a trainer
  nn::iterators::SerialIterator train_iter(nn::datasets::TupleDataset(images.train), o.batch_size);
  nn::iterators::SerialIterator test_iter(nn::datasets::TupleDataset(images.test), o.batch_size,
                                          {.repeat = false, .shuffle = false});
  training::StandardUpdater updater(train_iter, *optimizer, model.loss_func);
  training::Trainer trainer(updater, {o.epoch, "epoch"}, o.out);
  trainer.extend(extensions::Evaluator(test_iter, *model.link, model.loss_func));
  trainer.extend(extensions::DumpGraph("main/loss", {.filename = "graph.dot"}));
  trainer.extend(extensions::snapshot({.n_retains = 1, .compression = false}));
  trainer.extend(
      extensions::CollapseMonitor(first(5000, images.train), model.encode, model.decode));
  trainer.extend(extensions::LogReport());
  // What to hold beside a run of Chainer with the same seed: the losses of the first twenty
  // iterations, one by one.
  std::vector<double> first_iterations(20);
  std::iota(first_iterations.begin(), first_iterations.end(), 1);
  trainer.extend(extensions::LogReport({.trigger = training::triggers::ManualScheduleTrigger(
                                            first_iterations, "iteration"),
                                        .filename = "log_iteration"}),
                 {.name = "first"});
  trainer.extend(extensions::PrintReport(
      {"epoch", "main/loss", "validation/main/loss", "main/" + model.terms[0],
       "main/" + model.terms[1], "main/active_units", "main/output_spread", "elapsed_time"}));
  trainer.extend(extensions::ProgressBar());
  if (!o.resume.empty()) nn::serializers::load_npz(o.resume, trainer);
  if (updater.epoch() >= o.epoch)
    say(
        fmt::format("The training in {} has its {} epochs already, so nothing is left to train; "
                    "--epoch tells how many there are to be in all.",
                    o.resume, updater.epoch()));

  trainer.run();

  say();
  if (model.loss_func_of) {
    const auto means = extensions::Evaluator(test_iter, *model.link, model.loss_func_of(10))();
    // NaN has a sign that fmt would show.
    const auto unsigned_nan = [](double mean) { return std::isnan(mean) ? std::abs(mean) : mean; };
    say(fmt::format("Test mean loss with k = 10: {:.4f}, reconstruction {:.4f}",
                    unsigned_nan(means.at("main/loss")), unsigned_nan(means.at("main/rec_loss"))));
  }
  write_results(o, model, images);
  if (o.data == "digits")
    say("Next: the same on MNIST, examples/vae/run --data mnist; all flags: --help");
}

}  // namespace

int main(int argc, char** argv) {
  std::optional<vae::Options> options;
  try {
    options = vae::parse_options(argc, argv, std::cout);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
  if (!options) return 0;
  try {
    train(*options);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr,
                 "train_vae: model, images and batches must fit into memory, but there is not "
                 "enough of it\n");
    return 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
