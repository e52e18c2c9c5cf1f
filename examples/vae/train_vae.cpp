// Trains a VAE like Chainer's examples/vae/train_vae.py, with the model of that program or the
// model of the question.

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <numeric>
#include <optional>

#include "autograd/array/random.h"
#include "autograd/autograd.h"
#include "examples/flags/flags.h"
#include "examples/pictures/draw_results.h"
#include "examples/vae/data.h"
#include "examples/vae/images.h"
#include "examples/vae/net.h"
#include "nn/nn.h"
#include "nn/text.h"

namespace {

using autograd::Array;
using autograd::Variable;
namespace F = autograd;
namespace training = nn::training;
namespace extensions = nn::training::extensions;

struct TrainVaeOptions : flags::Training {
  std::string data = "digits", model = "question", loss = "bernoulli_nll";
  int epoch = 100, dim_z = 20, dim_h = 500, k = 1, batch_size = 100;
  double beta = 1;
  bool binary = false;
};

std::optional<TrainVaeOptions> parse_args(int argc, char** argv) {
  namespace po = flags::po;
  TrainVaeOptions args;
  po::options_description all = flags::describe("Chainer example: VAE. Flags");
  auto add = all.add_options();
  add("help,h", "show this help");
  add("data", po::value(&args.data)->default_value(args.data),
      "the data set: digits (embedded), mnist, or a folder with idx files");
  add("model", po::value(&args.model)->default_value(args.model),
      "the model: question (encode, decode, get_loss_func) or distributions (Encoder, Decoder, "
      "Prior, AvgELBOLoss)");
  add("loss", po::value(&args.loss)->default_value(args.loss),
      "reconstruction error of --model question: bernoulli_nll, mean_squared_error, "
      "pixels_x_mean_squared_error or sum_squared_error");
  add("epoch,e", po::value(&args.epoch)->default_value(args.epoch), "number of epochs to learn");
  add("dim-z,z", po::value(&args.dim_z)->default_value(args.dim_z), "dimension of encoded vector");
  add("dim-h", po::value(&args.dim_h)->default_value(args.dim_h), "dimension of hidden layer");
  add("beta", po::value(&args.beta)->default_value(args.beta),
      "regularization coefficient for the second term of ELBO bound");
  add("k,k", po::value(&args.k)->default_value(args.k),
      "number of Monte Carlo samples used in encoded vector");
  add("binary", po::bool_switch(&args.binary), "use binarized images");
  add("batch-size,b", po::value(&args.batch_size)->default_value(args.batch_size),
      "learning minibatch size");
  flags::add_flags(all, args);
  const flags::CommandLine line("train_vae", {{"dimz", "dim-z"}, {"batchsize", "batch-size"}});
  const auto given = line.read(argc, argv, all, std::cout,
                               "Examples:\n"
                               "  train_vae --data mnist --epoch 10\n"
                               "  train_vae --data mnist --loss mean_squared_error --epoch 3    "
                               "all outputs are equal (the question)\n"
                               "  train_vae --data mnist --loss sum_squared_error --epoch 3     "
                               "it learns (the answer)\n"
                               "For other losses, schedules, conditional models and moving "
                               "pictures, see examples/vae_lab.");
  if (!given) return {};
  if (args.test && (*given)["epoch"].defaulted()) args.epoch = TrainVaeOptions::kTestEpochs;
  line.require_one_of("model", args.model, {"question", "distributions"});
  line.require_one_of(
      "loss", args.loss,
      {"bernoulli_nll", "mean_squared_error", "pixels_x_mean_squared_error", "sum_squared_error"});
  line.require(args.model == "question" || args.loss == "bernoulli_nll", "loss",
               "bernoulli_nll for --model distributions", args.loss);
  line.require(args.beta >= 0 && args.beta < 1e30, "beta", "a finite number that is not negative",
               args.beta);
  for (const auto& [flag, value] : {std::pair("epoch", args.epoch),
                                    {"dim-z", args.dim_z},
                                    {"dim-h", args.dim_h},
                                    {"k", args.k},
                                    {"batch-size", args.batch_size}})
    line.require(value >= 1, flag, "at least 1", value);
  line.require(!args.data.empty(), "data", "digits, mnist or the name of a folder", "empty");
  line.require_sound(args);
  return args;
}

void print(const std::string& line = "") { nn::text::put(stdout, line + "\n", "train_vae"); }

// The parts of a model that the trainer and the pictures use.
struct Model {
  nn::Link& link;
  vae::LossFunc loss_func;
  // The loss for the test after the training, as in Chainer's older example.
  std::function<vae::LossFunc(int k)> loss_func_of = {};
  std::function<std::pair<Variable, Variable>(const Variable& x)> encode;  // to mu and ln_var
  std::function<Variable(const Variable& z)> decode;
  std::function<Variable(int n)> sample;  // draws z from the prior
  std::vector<std::string> terms;         // the names of the loss's two terms in the report
};

// Predicts from the covariance of the images whether a squared error makes the code collapse.
std::string prediction(const TrainVaeOptions& args, const Array& train) {
  const double c = args.loss == "mean_squared_error" ? 1 / static_cast<double>(train.length(1)) : 1;
  return nn::vae::describe_collapse(
      train, {.weight = c, .beta = args.beta, .units = args.dim_z}, {.cure = [&](double factor) {
        const std::string smaller_beta = fmt::format("--beta {:.2g}", args.beta / factor);
        return c * factor <= 1.1 ? "--loss sum_squared_error, or " + smaller_beta : smaller_beta;
      }});
}

void run(const TrainVaeOptions& args, const vae::ImageSet& images, const Model& model) {
  // Setup an optimizer
  nn::optimizers::Adam optimizer;
  optimizer.setup(model.link);

  // If initial parameters are given, initialize the model with them.
  if (!args.initmodel.empty()) nn::serializers::load_npz(args.initmodel, model.link);

  const nn::datasets::TupleDataset train(images.train), test(images.test);
  nn::iterators::SerialIterator train_iter(train, args.batch_size);
  nn::iterators::SerialIterator test_iter(test, args.batch_size,
                                          {.repeat = false, .shuffle = false});

  // Set up an updater. StandardUpdater can explicitly specify a loss function
  // used in the training
  training::StandardUpdater updater(train_iter, optimizer, model.loss_func);

  // Set up the trainer and extensions.
  training::Trainer trainer(updater, {args.epoch, "epoch"}, args.out);
  trainer.extend(extensions::Evaluator(test_iter, model.link, model.loss_func));
  trainer.extend(extensions::DumpGraph("main/loss", {.filename = "graph.dot"}));
  trainer.extend(extensions::snapshot({.n_retains = 1, .compression = false}));
  trainer.extend(nn::vae::CollapseMonitor(
      images.train.slice(0, 0, std::min<std::int64_t>(5000, images.train.length(0))), model.encode,
      model.decode));
  trainer.extend(extensions::NonNumberMonitor({.stop = true}));
  trainer.extend(extensions::LogReport());
  // The losses of the first twenty iterations, for comparison with Chainer and the same seed.
  std::vector<double> first(20);
  std::iota(first.begin(), first.end(), 1);
  trainer.extend(extensions::LogReport(
                     {.trigger = training::triggers::ManualScheduleTrigger(first, "iteration"),
                      .filename = "log_iteration"}),
                 {.name = "first"});
  trainer.extend(extensions::PrintReport({"epoch", "main/loss", "validation/main/loss",
                                          "main/" + model.terms[0], "main/" + model.terms[1],
                                          "elapsed_time"}));
  trainer.extend(extensions::ProgressBar());

  // If snapshot file is given, resume the training.
  if (!args.resume.empty()) nn::serializers::load_npz(args.resume, trainer);
  if (updater.epoch() >= args.epoch)
    print(
        fmt::format("The training in {} has already run for {} epochs, so there is nothing left to "
                    "train; --epoch sets the total number of epochs.",
                    args.resume, updater.epoch()));

  // Run the training
  trainer.run({.stop_on_signal = true});
  nn::serializers::save_npz(args.out + "/model.npz", model.link);

  if (model.loss_func_of) {
    const auto means = extensions::Evaluator(test_iter, model.link, model.loss_func_of(10))();
    print(fmt::format("\nTest mean loss with k = 10: {:.4f}, reconstruction {:.4f}",
                      means.at("main/loss"), means.at("main/rec_loss")));
  }

  // Save images for demonstration
  const auto testing = F::using_config(&F::Config::train, false);
  const auto no_backprop = F::no_backprop_mode();
  vae::save_images([&](const Array& x) { return model.decode(model.encode(x).first).array(); },
                   [&](int n) { return model.decode(model.sample(n)).array(); }, images, args.out);
  for (const std::string& missing : pictures::draw_results(args.out)) print(missing);
}

// Chainer 6's model.
void train_distributions(const TrainVaeOptions& args, const vae::ImageSet& images) {
  // Prepare VAE model, defined in net.cpp
  const int n_in = images.height * images.width;
  vae::Encoder encoder = vae::make_encoder(n_in, args.dim_z, args.dim_h);
  vae::Decoder decoder = vae::make_decoder(n_in, args.dim_z, args.dim_h, args.binary);
  vae::Prior prior = vae::make_prior(args.dim_z);
  vae::AvgELBOLoss avg_elbo_loss(encoder, decoder, prior, args.beta, args.k);

  run(args, images,
      {.link = avg_elbo_loss,
       .loss_func = [&](const Variable& x) { return avg_elbo_loss(x); },
       .encode =
           [&](const Variable& x) {
             const auto q_z = encoder(x);
             return std::pair(q_z.mean(), F::log(q_z.variance()));
           },
       .decode = [&](const Variable& z) { return decoder(z, true).mean(); },
       .sample = [&](int n) { return prior().sample(n); },
       .terms = {"reconstr", "kl_penalty"}});
}

// The question's model.
void train_question(const TrainVaeOptions& args, const vae::ImageSet& images) {
  vae::VAE model(images.height * images.width, args.dim_z, args.dim_h);

  run(args, images,
      {.link = model,
       .loss_func = model.get_loss_func(args.beta, args.k, args.loss),
       .loss_func_of = [&](int k) { return model.get_loss_func(args.beta, k, args.loss); },
       .encode = [&](const Variable& x) { return model.encode(x); },
       .decode = [&](const Variable& z) { return model.decode(z); },
       .sample =
           [&](int n) {
             return F::as_variable(F::array::standard_normal({n, args.dim_z}, F::Dtype::float32,
                                                             F::random::generator()));
           },
       .terms = {"rec_loss", "latent_loss"}});
}

void train(const TrainVaeOptions& args) {
  flags::require_readable("train_vae", args);
  if (args.threads > 0) F::parallel::set_threads(args.threads);
  F::random::seed(static_cast<std::uint32_t>(args.seed));

  const vae::ImageSet images = vae::load_images(args.data, args.binary, args.test);
  print(fmt::format("Data: {}: {} training images, {} test images, {}x{} pixels{}", args.data,
                    images.train.length(0), images.test.length(0), images.height, images.width,
                    args.binary ? ", black and white" : ""));
  print(fmt::format("Model: {}, loss {}, seed {}, {} thread{}", args.model, args.loss, args.seed,
                    F::parallel::threads(), F::parallel::threads() == 1 ? "" : "s"));
  print(fmt::format("# dim z: {}", args.dim_z));
  print(fmt::format("# Minibatch-size: {}", args.batch_size));
  print(fmt::format("# epoch: {}", args.epoch));
  if (args.loss != "bernoulli_nll") print(prediction(args, images.train));
  print();
  args.model == "question" ? train_question(args, images) : train_distributions(args, images);
  print(fmt::format("The results are in {}/.", args.out));
}

}  // namespace

int main(int argc, char** argv) {
  return flags::run_program(
      "train_vae", [&] { return parse_args(argc, argv); }, train);
}
