// Trains the models of examples/vae with features that the Python program does not have: other
// losses, schedules, classes, bounds of the likelihood, moving pictures.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/autograd.h"
#include "examples/flags/flags.h"
#include "examples/pictures/draw_results.h"
#include "examples/vae/images.h"
#include "examples/vae_lab/beta_schedule.h"
#include "examples/vae_lab/binarize.h"
#include "examples/vae_lab/classes.h"
#include "examples/vae_lab/likelihood.h"
#include "examples/vae_lab/model.h"
#include "examples/vae_lab/options.h"
#include "examples/vae_lab/plots.h"
#include "examples/vae_lab/prediction.h"
#include "examples/vae_lab/rare_squares.h"
#include "nn/nn.h"
#include "nn/text.h"

namespace {

using autograd::Array;
namespace lab = vae::lab;
namespace F = autograd;
namespace training = nn::training;
namespace extensions = nn::training::extensions;

void say(const std::string& line = "") { nn::text::put(stdout, line + "\n", "vae_lab"); }

// A view of the first `count` examples, or of all if x has fewer.
Array first(std::int64_t count, const Array& x) {
  return x.slice(0, 0, std::min(count, x.length(0)));
}

// Examples are images, or images with their labels.
nn::datasets::TupleDataset dataset(const lab::LabOptions& o, const Array& x,
                                   const std::optional<Array>& labels) {
  return o.conditional ? nn::datasets::TupleDataset(x, *labels) : nn::datasets::TupleDataset(x);
}

// Evaluates at most 5,000 images. The outputs of a conditional model always differ between classes.
// So the monitor decodes all codes with the same class, and the differences come from the codes
// alone.
nn::vae::CollapseMonitor monitor(const lab::Model& model, const vae::ImageSet& images) {
  const Array x = first(5000, images.train);
  if (model.classes == 0) return {x, model.encode, model.decode};
  const Array told = lab::with_classes(x, first(5000, *images.train_labels), model.classes);
  const auto decode = [model_decode = model.decode,
                       classes = model.classes](const vae::Variable& z) {
    const Array first_class = Array::zeros({z.length(0)}, F::Dtype::int32);
    return model_decode(lab::with_classes(z.array(), first_class, classes));
  };
  return {told, model.encode, decode};
}

void announce(const lab::LabOptions& o, const vae::ImageSet& images) {
  const std::string hidden =
      o.layers == 2 ? fmt::format("{0}-{0}", o.dim_h) : fmt::format("{}", o.dim_h);
  const char* const colours = o.binarize == "dynamic"
                                  ? ", black and white, sampled anew for each training batch"
                              : o.binary ? ", black and white"
                                         : "";
  say(fmt::format("Data: {}: {} training images, {} test images, {}x{} pixels{}", o.data,
                  images.train.length(0), images.test.length(0), images.height, images.width,
                  colours));
  say(fmt::format("Model: {}{}, {}-{}-{}, {}, loss {}, optimizer {}, seed {}, {} thread{}", o.model,
                  o.conditional ? fmt::format(", conditional on {} classes", images.classes) : "",
                  images.train.length(1), hidden, o.dim_z, o.act, o.loss, o.optimizer, o.seed,
                  F::parallel::threads(), F::parallel::threads() == 1 ? "" : "s"));
  say(fmt::format("# dim z: {}", o.dim_z));
  say(fmt::format("# Minibatch-size: {}", o.batch_size));
  say(fmt::format("# epoch: {}", o.epoch));
  say(lab::prediction(
      o, o.conditional ? lab::within_classes(images.train, *images.train_labels, images.classes)
                       : images.train));
  say();
}

// Writes the result files after the training. If the training was resumed in another folder, the
// log and the graph exist there only if the resumed training wrote them.
void write_results(const lab::LabOptions& o, const lab::Model& model, const vae::ImageSet& images) {
  const auto there = [&o](const std::string& name) {
    return std::filesystem::exists(o.out + "/" + name);
  };
  nn::serializers::save_npz(o.out + "/model.npz", *model.link);
  lab::save_images(model, images, o.out);
  for (const std::string& missing : pictures::draw_results(o.out)) say(missing);
  std::string written;
  for (const char* name :
       {"log", "log_iteration", "model.npz", "graph.dot", "graph.png", "train.png",
        "train_reconstructed.png", "test.png", "test_reconstructed.png", "sampled.png", "loss.png"})
    if (there(name)) written += (written.empty() ? "" : ", ") + std::string(name);
  if (o.plot) {
    std::vector<std::string> missing;
    for (const std::string& name :
         lab::save_plots({model.encode, model.decode, model.classes}, images, o.out, missing))
      written += ", " + name;
    for (const std::string& sentence : missing) say(sentence);
  }

  say(fmt::format("In {}/: {}.", o.out, written));
}

void train(const lab::LabOptions& o) {
  flags::require_readable("vae_lab", o);
  if (o.threads > 0) F::parallel::set_threads(o.threads);
  F::random::seed(static_cast<std::uint32_t>(o.seed));

  // The dataset. With --binarize dynamic, the training samples the pixels of each batch; everything
  // else uses pixels that are sampled once.
  const bool dynamic = o.binarize == "dynamic";
  const vae::ImageSet loaded = lab::load_images(o.data, o.binarize == "threshold", o.test);
  const vae::ImageSet images = dynamic ? lab::drawn_once(loaded) : loaded;
  if (o.conditional && !images.train_labels)
    throw F::Error(fmt::format("vae_lab: --conditional needs labels, but {} has none", o.data));
  announce(o, images);

  // The model and its optimizer
  const int pixels = images.height * images.width;
  const lab::Model model = lab::make_model(o, pixels, o.conditional ? images.classes : 0);
  const auto optimizer = lab::make_optimizer(o);
  optimizer->setup(*model.link);
  if (!o.initmodel.empty()) nn::serializers::load_npz(o.initmodel, *model.link);

  // Iterators, an updater, a trainer
  nn::iterators::SerialIterator train_iter(dataset(o, loaded.train, loaded.train_labels),
                                           o.batch_size);
  nn::iterators::SerialIterator test_iter(dataset(o, images.test, images.test_labels), o.batch_size,
                                          {.repeat = false, .shuffle = false});
  const auto draw_pixels = [](const nn::datasets::Batch& batch) {
    F::Arrays arrays = nn::datasets::concat_examples(batch).arrays();
    arrays[0] = F::array::bernoulli(arrays[0], F::random::generator());
    return arrays;
  };
  training::StandardUpdater updater(train_iter, *optimizer, model.loss_func,
                                    dynamic
                                        ? training::StandardUpdaterOptions{.converter = draw_pixels}
                                        : training::StandardUpdaterOptions{});
  training::Trainer trainer(updater, {o.epoch, "epoch"}, o.out);
  trainer.extend(extensions::Evaluator(
      test_iter, *model.link, model.loss_func_of ? model.loss_func_of(o.k) : model.loss_func));
  trainer.extend(extensions::DumpGraph("main/loss", {.filename = "graph.dot"}));
  trainer.extend(extensions::snapshot({.n_retains = 1, .compression = false}));
  trainer.extend(monitor(model, images));
  trainer.extend(extensions::NonNumberMonitor({.stop = true}));
  if (o.beta_schedule != "constant")
    trainer.extend(lab::Annealing(*lab::find_beta_schedule(o.beta_schedule), model.beta_factor,
                                  o.beta, o.epoch));
  trainer.extend(extensions::LogReport());
  // The losses of the first twenty iterations, one by one, for comparison with a run of Chainer
  // with the same seed.
  std::vector<double> first_iterations(20);
  std::iota(first_iterations.begin(), first_iterations.end(), 1);
  trainer.extend(extensions::LogReport({.trigger = training::triggers::ManualScheduleTrigger(
                                            first_iterations, "iteration"),
                                        .filename = "log_iteration"}),
                 {.name = "first"});
  trainer.extend(extensions::PrintReport(
      {"epoch", "main/loss", "validation/main/loss", "main/" + model.terms[0],
       "main/" + model.terms[1], "elapsed_time", "main/active_units", "main/output_spread"}));
  trainer.extend(extensions::ProgressBar());
  if (!o.resume.empty()) nn::serializers::load_npz(o.resume, trainer);
  if (updater.epoch() >= o.epoch)
    say(
        fmt::format("The training in {} has already run for {} epochs, so there is nothing left to "
                    "train; --epoch sets the total number of epochs.",
                    o.resume, updater.epoch()));

  trainer.run({.stop_on_signal = true});

  say();
  if (model.loss_func_of) {
    const auto means = extensions::Evaluator(test_iter, *model.link, model.loss_func_of(10))();
    // fmt would print the sign of a NaN.
    const auto unsigned_nan = [](double mean) { return std::isnan(mean) ? std::abs(mean) : mean; };
    say(fmt::format("Test mean loss with k = 10: {:.4f}, reconstruction {:.4f}",
                    unsigned_nan(means.at("main/loss")), unsigned_nan(means.at("main/rec_loss"))));
  }
  if (o.eval_iwae) say(lab::likelihood_bound(o, model, images));
  write_results(o, model, images);
  if (o.data == "digits")
    say("Next: train on MNIST with examples/vae_lab/run --data mnist; --help lists all flags");
}

}  // namespace

int main(int argc, char** argv) {
  return flags::run_program(
      "vae_lab", [&] { return lab::parse_options(argc, argv, std::cout); }, train);
}
