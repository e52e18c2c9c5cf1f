// Trains the convolutional VAE of VAE-CIFAR10_chainer, like its notebook.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "autograd/autograd.h"
#include "examples/cifar_vae/data.h"
#include "examples/cifar_vae/images.h"
#include "examples/cifar_vae/net.h"
#include "examples/cifar_vae/options.h"
#include "examples/flags/flags.h"
#include "nn/nn.h"
#include "nn/text.h"

namespace {

using autograd::Array;
using autograd::Variable;
using cifar_vae::AvgELBOLoss;
namespace F = autograd;
namespace training = nn::training;
namespace extensions = nn::training::extensions;

void say(const std::string& line = "") { nn::text::put(stdout, line + "\n", "train_cifar_vae"); }

Array first(std::int64_t count, const Array& x) {
  return x.slice(0, 0, std::min(count, x.length(0)));
}

// Predicts from the covariance of the first images whether the code will collapse.
std::string prediction(const cifar_vae::CifarVaeOptions& o, const Array& train) {
  const Array images = first(10000, train);
  const double scale = cifar_vae::brightness(o);
  const double c = scale * scale / static_cast<double>(images.size() / images.length(0));
  return nn::vae::describe_collapse(
      images, {.weight = c, .beta = o.beta, .units = o.dim_z}, {.cure = [&](double factor) {
        const std::string smaller_beta = fmt::format("--beta {:.2g}", o.beta / factor);
        return o.loss == "mean_squared_error" ? "--loss mean_squared_error_255, or " + smaller_beta
                                              : smaller_beta;
      }});
}

void announce(const cifar_vae::CifarVaeOptions& o, const cifar_vae::ImageSet& images) {
  say(fmt::format("Data: {}: {} training images, {} test images, 32x32 pixels, 3 colours",
                  images.name, images.train.length(0), images.test.length(0)));
  say(fmt::format("Model: ch {}, loss {}, optimizer adam, seed {}, {} thread{}", o.ch, o.loss,
                  o.seed, F::parallel::threads(), F::parallel::threads() == 1 ? "" : "s"));
  say(fmt::format("# dim z: {}", o.dim_z));
  say(fmt::format("# Minibatch-size: {}", o.batch_size));
  say(fmt::format("# epoch: {}", o.epoch));
  say(prediction(o, images.train));
  say();
}

// Saves inputs, their reconstructions from the means of their codes, and images of sampled codes.
void save_pictures(AvgELBOLoss& model, const cifar_vae::CifarVaeOptions& o,
                   const cifar_vae::ImageSet& images) {
  const auto testing = F::using_config(&F::Config::train, false);
  const auto no_graph = F::no_backprop_mode();
  const auto decoded = [&](const Variable& z) { return model.decoder(z).array(); };
  for (const auto& [name, set] : {std::pair("train", images.train), {"test", images.test}}) {
    const Array x = first(64, set);
    cifar_vae::save_grid(x, fmt::format("{}/{}.png", o.out, name));
    cifar_vae::save_grid(decoded(model.encoder(x).mean()),
                         fmt::format("{}/{}_reconstructed.png", o.out, name));
  }
  cifar_vae::save_grid(decoded(model.prior().sample(64)), o.out + "/sampled.png");
}

void train(const cifar_vae::CifarVaeOptions& o) {
  flags::require_readable("train_cifar_vae", o);
  if (o.threads > 0) F::parallel::set_threads(o.threads);
  F::random::seed(static_cast<std::uint32_t>(o.seed));
  const cifar_vae::ImageSet images = cifar_vae::load_images(o.data, o.test);
  announce(o, images);

  // The model and its optimizer
  const cifar_vae::Encoder encoder(o.dim_z, o.ch);
  const cifar_vae::Decoder decoder(o.dim_z, 4, o.ch);
  AvgELBOLoss avg_elbo_loss(encoder, decoder, cifar_vae::Prior(o.dim_z), o.beta, o.k,
                            cifar_vae::brightness(o));
  nn::optimizers::Adam optimizer;
  optimizer.setup(avg_elbo_loss);
  if (!o.initmodel.empty()) nn::serializers::load_npz(o.initmodel, avg_elbo_loss);

  // Iterators, an updater, a trainer
  nn::iterators::SerialIterator train_iter(nn::datasets::TupleDataset(images.train), o.batch_size);
  nn::iterators::SerialIterator test_iter(nn::datasets::TupleDataset(images.test), o.batch_size,
                                          {.repeat = false, .shuffle = false});
  const auto loss_func = [&](const Variable& x) { return avg_elbo_loss(x); };
  training::StandardUpdater updater(train_iter, optimizer, loss_func);
  training::Trainer trainer(updater, {o.epoch, "epoch"}, o.out);
  trainer.extend(extensions::Evaluator(test_iter, avg_elbo_loss, loss_func));
  trainer.extend(nn::vae::CollapseMonitor(
      first(1000, images.test),
      [&](const Variable& x) {
        const auto q = avg_elbo_loss.encoder(x);
        return std::pair(q.mean(), 2.0 * q.log_scale());
      },
      [&](const Variable& z) { return avg_elbo_loss.decoder(z); }, {.batch_size = 100}));
  trainer.extend(extensions::NonNumberMonitor({.stop = true}));
  trainer.extend(extensions::PlotReport({"main/reconstr", "validation/main/reconstr"}, "epoch",
                                        {.filename = "loss.png"}));
  // Each extension needs its own trigger, because a trigger remembers when it last fired.
  const auto interval = [&] { return training::Trigger(o.snapshot_interval, "iteration"); };
  trainer.extend(extensions::snapshot_object(avg_elbo_loss.encoder,
                                             "encoder_{.updater.iteration}.npz", {.n_retains = 2}),
                 {.name = "snapshot_encoder", .trigger = interval()});
  trainer.extend(extensions::snapshot_object(avg_elbo_loss.decoder,
                                             "decoder_{.updater.iteration}.npz", {.n_retains = 2}),
                 {.name = "snapshot_decoder", .trigger = interval()});
  trainer.extend(extensions::snapshot({.n_retains = 1, .compression = false}));
  trainer.extend(extensions::LogReport());
  trainer.extend(extensions::PrintReport({"epoch", "main/loss", "validation/main/loss",
                                          "main/reconstr", "main/kl_penalty", "main/active_units",
                                          "main/output_spread", "elapsed_time"}));
  trainer.extend(extensions::ProgressBar());
  if (!o.resume.empty()) nn::serializers::load_npz(o.resume, trainer);

  trainer.run({.stop_on_signal = true});

  nn::serializers::save_npz(o.out + "/model.npz", avg_elbo_loss);
  save_pictures(avg_elbo_loss, o, images);
  const auto if_there = [&o](const std::string& name, const char* words) {
    return std::filesystem::exists(o.out + "/" + name) ? words : "";
  };
  const std::string last_encoder = fmt::format(
      "encoder_{}.npz", updater.iteration() / o.snapshot_interval * o.snapshot_interval);
  say(
      fmt::format("\nIn {}/: log, {}model.npz, {}train.png, train_reconstructed.png, test.png, "
                  "test_reconstructed.png, sampled.png.",
                  o.out, if_there("loss.png", "loss.png, "),
                  if_there(last_encoder, "snapshots of encoder and decoder, ")));
}

}  // namespace

int main(int argc, char** argv) {
  return flags::run_program(
      "train_cifar_vae", [&] { return cifar_vae::parse_options(argc, argv, std::cout); }, train);
}
