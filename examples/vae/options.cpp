#include "examples/vae/options.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <span>
#include <vector>

#include "autograd/base/error.h"
#include "examples/vae/beta_schedule.h"
#include "examples/vae/rec_loss.h"

namespace vae {
namespace {

namespace po = boost::program_options;
using autograd::Error;

// A line for each entry: its name and its formula.
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

po::options_description flags(Options& o) {
  po::options_description all("Trains a variational autoencoder. Flags", 100, 50);
  auto flag = all.add_options();
  flag("help,h", "show this help");
  flag("data", po::value(&o.data)->default_value(o.data),
       "digits (embedded), mnist, or a folder with idx files");
  flag("model", po::value(&o.model)->default_value(o.model),
       "question (encode, decode, get_loss_func) or distributions (Encoder, Decoder, Prior, "
       "AvgELBOLoss)");
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
       ("how that weight grows:\n" + table(beta_schedules())).c_str());
  flag("free-bits", po::value(&o.free_bits)->default_value(o.free_bits),
       "nats that each latent unit may carry without being trained to carry less (model question)");
  flag("rec-weight", po::value(&o.rec_weight)->default_value(o.rec_weight),
       "weight of the reconstruction term (model question)");
  flag("sigma", po::value<double>(),
       "standard deviation of a pixel for --loss gaussian_nll (1 if not given), or where it starts "
       "for gaussian_nll_learned (0.25)");
  flag("k,k", po::value(&o.k)->default_value(o.k), "draws of z for each image");
  flag("binarize", po::value(&o.binarize)->default_value(o.binarize),
       "make the images black and white: none, threshold (>= 0.5) or dynamic (each training batch "
       "is drawn anew, the grey level being the probability of 1; the test images are drawn once, "
       "the same for every seed)");
  flag("binary", po::bool_switch(&o.binary), "the same as --binarize threshold");
  flag("optimizer", po::value(&o.optimizer)->default_value(o.optimizer),
       "adam, sgd, momentum_sgd, nesterov_ag, ada_grad, ada_delta or rmsprop");
  flag("lr", po::value<double>(),
       "its learning rate (adam: alpha); the optimizer's own default if not given");
  flag("seed", po::value(&o.seed)->default_value(o.seed),
       "seed of all random numbers, as numpy.random.seed");
  flag("threads", po::value(&o.threads)->default_value(o.threads),
       "number of threads; 0: one for each processor");
  flag("initmodel,m", po::value(&o.initmodel), "initialize the model from this npz file");
  flag("resume,r", po::value(&o.resume), "resume the training from this snapshot");
  flag("out,o", po::value(&o.out)->default_value(o.out), "folder for the results");
  flag("eval-iwae", po::value<int>(),
       "after the training, bound the log likelihood of the test images by so many weighted draws "
       "of z for each");
  flag("test", po::bool_switch(&o.test), "use tiny datasets, for a quick test");
  flag("config", po::value<std::string>(), "read flags from this file, one `flag = value` a line");
  return all;
}

// The spellings of Chainer 1 to 5; they work, but help does not show them.
po::options_description old_flags(Options& o) {
  po::options_description old;
  old.add_options()("dimz", po::value(&o.dim_z))("batchsize", po::value(&o.batch_size));
  return old;
}

// What a flag's value must be.
std::string_view kind_of(const std::string& flag, const po::options_description& all) {
  const auto semantic = all.find(flag, false).semantic();
  const auto* typed = dynamic_cast<const po::typed_value_base*>(semantic.get());
  if (typed == nullptr) return "readable";
  if (typed->value_type() == typeid(bool)) return "true or false";
  if (typed->value_type() == typeid(double)) return "a number";
  return typed->value_type() == typeid(int) ? "an integer of 32 bits" : "an integer of 64 bits";
}

// Boost's exceptions about the form of flags in the house's form: rule, but facts.
[[noreturn]] void rethrow(const po::error& error) {
  using Syntax = po::invalid_command_line_syntax;
  if (const auto* e = dynamic_cast<const po::unknown_option*>(&error))
    throw Error(fmt::format("train_vae: every flag must be one that --help lists, but {} is not",
                            e->get_option_name()));
  if (const auto* e = dynamic_cast<const po::ambiguous_option*>(&error))
    throw Error(
        fmt::format("train_vae: a shortened flag must mean one flag only, but {} could be several",
                    e->get_option_name()));
  if (const auto* e = dynamic_cast<const Syntax*>(&error)) {
    if (e->kind() == Syntax::missing_parameter || e->kind() == Syntax::empty_adjacent_parameter)
      throw Error(fmt::format("train_vae: {} must be given a value, but it is given none",
                              e->get_option_name()));
    throw Error(fmt::format("train_vae: {} must be given no value, but it is given one",
                            e->get_option_name()));
  }
  throw Error(fmt::format("train_vae: the flags must be readable, but {}", error.what()));
}

// Puts what was parsed into `values`; those that are there already win.
void store(po::parsed_options parsed, const po::options_description& all,
           po::variables_map& values) {
  std::set<std::string> given;
  for (po::option& option : parsed.options) {
    std::string& flag = option.string_key;
    if (flag == "dimz") flag = "dim-z";
    if (flag == "batchsize") flag = "batch-size";
    if (!given.insert(flag).second)
      throw Error(
          fmt::format("train_vae: a flag may be given once, but --{} is given twice", flag));
    po::parsed_options alone(&all);  // Boost does not tell which flag of a file has the wrong value
    alone.options.push_back(option);
    try {
      po::variables_map ignored;
      po::store(alone, ignored);
    } catch (const po::validation_error&) {
      const bool empty = option.value.empty() || option.value[0].empty();
      throw Error(fmt::format("train_vae: --{} must be {}, but it is {}", flag, kind_of(flag, all),
                              empty ? "empty" : option.value[0]));
    }
  }
  po::store(parsed, values);
}

void read_command_line(int argc, const char* const* argv, const po::options_description& all,
                       po::variables_map& values) {
  po::options_description with_strays;
  with_strays.add(all).add_options()("stray", po::value<std::string>());
  po::positional_options_description strays;
  strays.add("stray", -1);
  const po::parsed_options parsed =
      po::command_line_parser(argc, argv).options(with_strays).positional(strays).run();
  for (const po::option& option : parsed.options) {
    if (option.string_key == "stray")
      throw Error(fmt::format(
          "train_vae: every argument must belong to a flag that --help lists, but {} does not",
          option.value[0]));
    if (!option.value.empty() && option.value[0].starts_with("--"))
      throw Error(fmt::format("train_vae: --{} must be given a value, but the flag {} follows",
                              option.string_key, option.value[0]));
  }
  store(parsed, all, values);
}

void read_config(const std::string& path, const po::options_description& all,
                 po::variables_map& values) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path))
    throw Error(
        fmt::format("train_vae: --config must name a readable file, but {} is not one", path));
  try {
    const po::parsed_options parsed = po::parse_config_file(file, all);
    for (const po::option& option : parsed.options)
      if (option.string_key == "config" || option.string_key == "help")
        throw Error(fmt::format("train_vae: {} may not be in a --config file, but it is in {}",
                                option.string_key, path));
    store(parsed, all, values);
  } catch (const po::invalid_config_file_syntax& error) {
    throw Error(fmt::format("train_vae: every line of {} must be `flag = value`, but one is {}",
                            path, error.tokens()));
  }
}

void require(bool holds, std::string_view flag, std::string_view rule, const auto& value) {
  if (!holds)
    throw Error(fmt::format("train_vae: --{} must be {}, but it is {}", flag, rule, value));
}

void require_one_of(std::string_view flag, const std::string& value,
                    const std::vector<std::string_view>& allowed) {
  std::string list;
  std::size_t i = 0;
  for (std::string_view name : allowed) {
    if (name == value) return;
    list += fmt::format("{}{}", i == 0 ? "" : i + 1 == allowed.size() ? " or " : ", ", name);
    ++i;
  }
  require(false, flag, list, value);
}

void validate(const Options& o) {
  require(o.epoch >= 1, "epoch", "at least 1", o.epoch);
  require(o.batch_size >= 1, "batch-size", "at least 1", o.batch_size);
  require(o.dim_z >= 1, "dim-z", "at least 1", o.dim_z);
  require(o.dim_h >= 1, "dim-h", "at least 1", o.dim_h);
  require(o.k >= 1, "k", "at least 1", o.k);
  require(o.layers == 1 || o.layers == 2, "layers", "1 or 2", o.layers);
  require(o.beta >= 0 && o.beta < 1e30, "beta", "a finite number that is not negative", o.beta);
  require(o.rec_weight > 0 && o.rec_weight < 1e30, "rec-weight", "a finite positive number",
          o.rec_weight);
  require(!o.sigma || (*o.sigma >= 1e-15 && *o.sigma <= 1e15), "sigma", "from 1e-15 to 1e15",
          o.sigma.value_or(0));
  require(o.free_bits >= 0 && o.free_bits < 1e30, "free-bits",
          "a finite number that is not negative", o.free_bits);
  require(!o.eval_iwae || *o.eval_iwae >= 1, "eval-iwae", "at least 1", o.eval_iwae.value_or(0));
  require(!o.lr || (*o.lr > 0 && *o.lr < 1e30), "lr", "a finite positive number", o.lr.value_or(0));
  require(o.seed >= 0 && o.seed <= 4294967295, "seed", "from 0 to 4294967295", o.seed);
  require(o.threads >= 0 && o.threads <= 1024, "threads", "from 0 to 1024", o.threads);
  require(!o.out.empty(), "out", "the name of a folder", "empty");
  require(!o.data.empty(), "data", "digits, mnist or the name of a folder", "empty");
  require_one_of("model", o.model, {"question", "distributions"});
  require_one_of("loss", o.loss, names(rec_losses()));
  require_one_of("beta-schedule", o.beta_schedule, names(beta_schedules()));
  require_one_of(
      "optimizer", o.optimizer,
      {"adam", "sgd", "momentum_sgd", "nesterov_ag", "ada_grad", "ada_delta", "rmsprop"});
  require_one_of("act", o.act, {"tanh", "softplus", "relu"});
  require_one_of("init", o.init, {"lecun", "xavier"});
  require_one_of("binarize", o.binarize, {"none", "threshold", "dynamic"});
  const bool of_grey = o.loss.starts_with("gaussian_nll") || o.loss == "continuous_bernoulli";
  if (of_grey && o.binarize == "dynamic")
    throw Error(
        fmt::format("train_vae: --loss {} is for grey pixels, but --binarize is dynamic", o.loss));
  if (o.model == "distributions") {
    if (o.loss != "bernoulli_nll")
      throw Error(fmt::format(
          "train_vae: --model distributions has a Bernoulli decoder only, but --loss is {}",
          o.loss));
    if (o.beta_schedule != "constant" || o.free_bits != 0)
      throw Error(
          fmt::format("train_vae: --model distributions has a constant weight of the KL term, but "
                      "--{} is given",
                      o.free_bits != 0 ? "free-bits" : "beta-schedule"));
    if (o.rec_weight != 1)
      throw Error(fmt::format(
          "train_vae: --model distributions has a weight of the KL term only, --beta, but "
          "--rec-weight is {}",
          o.rec_weight));
    if (o.layers != 1)
      throw Error(fmt::format(
          "train_vae: --model distributions has one hidden layer, but --layers is {}", o.layers));
    if (o.act != "tanh")
      throw Error(fmt::format(
          "train_vae: --model distributions has the activation tanh, but --act is {}", o.act));
  }
  if (o.sigma && !o.loss.starts_with("gaussian_nll"))
    throw Error(fmt::format(
        "train_vae: --sigma is the standard deviation of --loss gaussian_nll, but --loss is {}",
        o.loss));
  if (o.loss == "gaussian_nll_optimal" && o.sigma)
    throw Error("train_vae: gaussian_nll_optimal finds sigma itself, but --sigma is given");
  if (o.lr && o.optimizer == "ada_delta")
    throw Error("train_vae: ada_delta has no learning rate, but --lr is given");
}

}  // namespace

std::optional<Options> parse_options(int argc, const char* const* argv, std::ostream& out) {
  Options options;
  const po::options_description shown = flags(options);
  po::options_description all;
  all.add(shown).add(old_flags(options));
  po::variables_map values;
  try {
    read_command_line(argc, argv, all, values);
    if (values.count("help")) {
      out << shown
          << "\nThe results are log, model.npz, graph.dot, a snapshot and pictures in the folder "
             "--out.\n";
      return {};
    }
    if (values.count("config")) read_config(values["config"].as<std::string>(), all, values);
    po::notify(values);
  } catch (const po::error& error) {
    rethrow(error);
  }
  if (options.beta_schedule != "constant" && (values["beta"].defaulted() || options.beta == 0))
    throw Error(
        fmt::format("train_vae: --beta-schedule {} leads to the weight --beta, but --beta is {}",
                    options.beta_schedule, values["beta"].defaulted() ? "not given" : "0"));
  if (values.count("eval-iwae")) options.eval_iwae = values["eval-iwae"].as<int>();
  if (values.count("lr")) options.lr = values["lr"].as<double>();
  if (values.count("sigma")) options.sigma = values["sigma"].as<double>();
  // The model with distributions has one hidden layer, which need not be said.
  if (options.model == "distributions" && values["layers"].defaulted()) options.layers = 1;
  if (options.binary && values["binarize"].defaulted()) options.binarize = "threshold";
  validate(options);
  if (options.binary && options.binarize != "threshold")
    throw Error(
        fmt::format("train_vae: --binary is the same as --binarize threshold, but --binarize is {}",
                    options.binarize));
  options.binary = options.binarize != "none";
  return options;
}

}  // namespace vae
