#include "examples/vae_lab/options.h"

#include <fmt/format.h>

#include <cctype>
#include <iterator>
#include <ostream>
#include <span>
#include <vector>

#include "autograd/base/error.h"
#include "examples/flags/flags.h"
#include "examples/vae_lab/beta_schedule.h"
#include "examples/vae_lab/rare_squares.h"
#include "examples/vae_lab/rec_loss.h"

namespace vae::lab {
namespace {

namespace po = flags::po;
using autograd::Error;

// A line for each entry with its name and its formula.
template <class Entry>
std::string table(std::span<const Entry> entries) {
  std::string lines;
  for (const Entry& entry : entries)
    lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", entry.name, entry.formula);
  return lines;
}

template <class Entry>
std::vector<std::string_view> names(std::span<const Entry> entries) {
  std::vector<std::string_view> result;
  for (const Entry& entry : entries) result.push_back(entry.name);
  return result;
}

constexpr const char* kOptimizers[] = {"adam",     "sgd",       "momentum_sgd", "nesterov_ag",
                                       "ada_grad", "ada_delta", "rmsprop"};

po::options_description description(LabOptions& o) {
  po::options_description all = flags::describe(
      "Trains a variational autoencoder, with more options than examples/vae. Flags");
  auto flag = all.add_options();
  flag("help,h", "show this help");
  flag("data", po::value(&o.data)->default_value(o.data), kKnownData);
  flag("model", po::value(&o.model)->default_value(o.model),
       "the model: question (encode, decode, get_loss_func) or distributions (Encoder, Decoder, "
       "Prior, AvgELBOLoss)");
  flag("loss", po::value(&o.loss)->default_value(o.loss),
       ("the reconstruction term (model question):\n" + table(rec_losses())).c_str());
  flag("epoch,e", po::value(&o.epoch)->default_value(o.epoch), "number of epochs to learn");
  flag("batch-size,b", po::value(&o.batch_size)->default_value(o.batch_size),
       "learning minibatch size");
  flag("dim-z,z", po::value(&o.dim_z)->default_value(o.dim_z), "dimension of encoded vector");
  flag("dim-h", po::value(&o.dim_h)->default_value(o.dim_h), "dimension of hidden layers");
  flag("layers", po::value(&o.layers)->default_value(o.layers),
       "hidden layers of encoder and decoder: 1 or 2 (model question)");
  flag("act", po::value(&o.act)->default_value(o.act),
       "activation: tanh, softplus or relu (model question)");
  flag("init", po::value(&o.init)->default_value(o.init),
       "weights: lecun (normal) or xavier (uniform)");
  flag("beta", po::value(&o.beta)->default_value(o.beta), "weight of the KL term");
  flag("beta-schedule", po::value(&o.beta_schedule)->default_value(o.beta_schedule),
       ("schedule of the weight of the KL term:\n" + table(beta_schedules())).c_str());
  flag("free-bits", po::value(&o.free_bits)->default_value(o.free_bits),
       "KL divergence in nats that each latent unit may have without a penalty (model question)");
  flag("rec-weight", po::value(&o.rec_weight)->default_value(o.rec_weight),
       "weight of the reconstruction term (model question)");
  flag("sigma", po::value<double>(),
       "standard deviation of a pixel for --loss gaussian_nll (default: 1), or its initial value "
       "for gaussian_nll_learned (default: 0.25)");
  flag("k,k", po::value(&o.k)->default_value(o.k), "number of samples of z for each image");
  flag("binarize", po::value(&o.binarize)->default_value(o.binarize),
       "make the images black and white: none, threshold (>= 0.5) or dynamic (the pixels of each "
       "training batch are sampled anew, with the grey level as the probability of 1; the test "
       "images are sampled once, equally for every seed)");
  flag("binary", po::bool_switch(&o.binary), "the same as --binarize threshold");
  flag("optimizer", po::value(&o.optimizer)->default_value(o.optimizer),
       "adam, sgd, momentum_sgd, nesterov_ag, ada_grad, ada_delta or rmsprop; Chainer's "
       "spelling, such as AdaDelta, is also accepted");
  flag("lr", po::value<double>(),
       "learning rate of the optimizer (adam: alpha); default: that of the optimizer");
  flag("conditional", po::bool_switch(&o.conditional),
       "give encoder and decoder the class of each image as an input");
  flag("eval-iwae", po::value<int>(),
       "after the training, compute a lower bound of the log likelihood of the test images with "
       "this number of weighted samples of z for each image");
  flag("plot", po::bool_switch(&o.plot),
       "also write pictures of the latent space: reconstructions, interpolations (two of them "
       "as moving GIFs), traversals; with --dim-z 2 also the codes by class and a map");
  flags::add_flags(all, o);
  return all;
}

// Accepts the flags that the help lists, and the spellings of Chainer 1 to 5.
const flags::CommandLine& command_line() {
  static const flags::CommandLine line("vae_lab", {{"dimz", "dim-z"}, {"batchsize", "batch-size"}});
  return line;
}

// The name of the optimizer in our spelling: AdaDelta becomes ada_delta.
std::string optimizer_named(const std::string& name) {
  const auto letters = [](std::string word) {
    std::erase(word, '_');
    for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return word;
  };
  for (const char* known : kOptimizers)
    if (letters(known) == letters(name)) return known;
  return name;
}

void validate(const LabOptions& o) {
  const flags::CommandLine& line = command_line();
  line.require(o.epoch >= 1, "epoch", "at least 1", o.epoch);
  line.require(o.batch_size >= 1, "batch-size", "at least 1", o.batch_size);
  line.require(o.dim_z >= 1, "dim-z", "at least 1", o.dim_z);
  line.require(o.dim_h >= 1, "dim-h", "at least 1", o.dim_h);
  line.require(o.k >= 1, "k", "at least 1", o.k);
  line.require(o.layers == 1 || o.layers == 2, "layers", "1 or 2", o.layers);
  line.require(o.beta >= 0 && o.beta < 1e30, "beta", "a finite number that is not negative",
               o.beta);
  line.require(o.rec_weight > 0 && o.rec_weight < 1e30, "rec-weight", "a finite positive number",
               o.rec_weight);
  line.require(!o.sigma || (*o.sigma >= 1e-15 && *o.sigma <= 1e15), "sigma", "from 1e-15 to 1e15",
               o.sigma.value_or(0));
  line.require(o.free_bits >= 0 && o.free_bits < 1e30, "free-bits",
               "a finite number that is not negative", o.free_bits);
  line.require(!o.eval_iwae || *o.eval_iwae >= 1, "eval-iwae", "at least 1",
               o.eval_iwae.value_or(0));
  line.require(!o.lr || (*o.lr > 0 && *o.lr < 1e30), "lr", "a finite positive number",
               o.lr.value_or(0));
  line.require_sound(o);
  line.require(!o.data.empty(), "data", "digits, mnist or the name of a folder", "empty");
  line.require_one_of("model", o.model, {"question", "distributions"});
  line.require_one_of("loss", o.loss, names(rec_losses()));
  line.require_one_of("beta-schedule", o.beta_schedule, names(beta_schedules()));
  line.require_one_of("optimizer", o.optimizer, {std::begin(kOptimizers), std::end(kOptimizers)});
  line.require_one_of("act", o.act, {"tanh", "softplus", "relu"});
  line.require_one_of("init", o.init, {"lecun", "xavier"});
  line.require_one_of("binarize", o.binarize, {"none", "threshold", "dynamic"});
  const bool of_grey = o.loss.starts_with("gaussian_nll") || o.loss == "continuous_bernoulli";
  if (of_grey && o.binarize == "dynamic")
    throw Error(
        fmt::format("vae_lab: --loss {} requires grey pixels, but --binarize is dynamic", o.loss));
  if (o.model == "distributions") {
    if (o.loss != "bernoulli_nll")
      throw Error(fmt::format(
          "vae_lab: --model distributions has a Bernoulli decoder only, but --loss is {}", o.loss));
    if (o.beta_schedule != "constant" || o.free_bits != 0)
      throw Error(
          fmt::format("vae_lab: --model distributions has a constant weight of the KL term, but "
                      "--{} is given",
                      o.free_bits != 0 ? "free-bits" : "beta-schedule"));
    if (o.rec_weight != 1)
      throw Error(
          fmt::format("vae_lab: --model distributions has no weight of the reconstruction term, "
                      "but --rec-weight is {}",
                      o.rec_weight));
    if (o.layers != 1)
      throw Error(fmt::format(
          "vae_lab: --model distributions has one hidden layer, but --layers is {}", o.layers));
    if (o.act != "tanh")
      throw Error(fmt::format(
          "vae_lab: --model distributions has the activation tanh, but --act is {}", o.act));
  }
  if (o.sigma && !o.loss.starts_with("gaussian_nll"))
    throw Error(fmt::format(
        "vae_lab: --sigma is the standard deviation of --loss gaussian_nll, but --loss is {}",
        o.loss));
  if (o.loss == "gaussian_nll_optimal" && o.sigma)
    throw Error("vae_lab: gaussian_nll_optimal finds sigma itself, but --sigma is given");
  if (o.lr && o.optimizer == "ada_delta")
    throw Error("vae_lab: ada_delta has no learning rate, but --lr is given");
}

}  // namespace

std::optional<LabOptions> parse_options(int argc, const char* const* argv, std::ostream& out) {
  LabOptions options;
  const auto read = command_line().read(
      argc, argv, description(options), out,
      "The results are log, model.npz, graph.dot, a snapshot and pictures in the folder --out; "
      "with --plot\nalso reconstructions.png, interpolation.png, interpolation.gif, montage.gif, "
      "montage.png,\ntraversals.png, and with --dim-z 2 latent_space.png and latent_map.png.\n"
      "Examples:\n"
      "  vae_lab --data mnist --loss mean_squared_error --rec-weight 784   the answer to the "
      "question\n"
      "  vae_lab --data mnist --loss sum_squared_error --rec-weight 0.2    slightly above the "
      "border\n"
      "  vae_lab --data mnist --dim-z 2 --plot --epoch 20                  a map of the codes\n"
      "  vae_lab --data mnist --conditional --plot                         a conditional model");
  if (!read) return {};
  const po::variables_map& values = *read;
  options.optimizer = optimizer_named(options.optimizer);
  if (options.beta_schedule != "constant" && (values["beta"].defaulted() || options.beta == 0))
    throw Error(fmt::format(
        "vae_lab: --beta-schedule {} requires its final weight --beta, but --beta is {}",
        options.beta_schedule, values["beta"].defaulted() ? "not given" : "0"));
  if (values.count("eval-iwae")) options.eval_iwae = values["eval-iwae"].as<int>();
  if (values.count("lr")) options.lr = values["lr"].as<double>();
  if (values.count("sigma")) options.sigma = values["sigma"].as<double>();
  // The model with distributions always has one hidden layer, so --layers may be omitted.
  if (options.model == "distributions" && values["layers"].defaulted()) options.layers = 1;
  if (options.binary && values["binarize"].defaulted()) options.binarize = "threshold";
  if (options.test && values["epoch"].defaulted()) options.epoch = LabOptions::kTestEpochs;
  validate(options);
  if (options.binary && options.binarize != "threshold")
    throw Error(
        fmt::format("vae_lab: --binary is the same as --binarize threshold, but --binarize is {}",
                    options.binarize));
  options.binary = options.binarize != "none";
  return options;
}

}  // namespace vae::lab
