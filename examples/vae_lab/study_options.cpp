#include "examples/vae_lab/study_options.h"

#include "examples/flags/flags.h"
#include "examples/vae_lab/rare_squares.h"

namespace vae::lab {

std::optional<StudyOptions> parse_study_options(int argc, const char* const* argv,
                                                std::ostream& out) {
  namespace po = flags::po;
  StudyOptions options;
  LabOptions& o = options.common;
  o.out = "study";
  po::options_description all = flags::describe(
      "Trains the VAE of the question with each reconstruction term and each optimizer, and with\n"
      "weights of the reconstruction below and above the critical weight. Compares the results\n"
      "with the predictions. An interrupted study continues with the next training. Flags");
  auto flag = all.add_options();
  flag("help,h", "show this help");
  flag("data", po::value(&o.data)->default_value(o.data), kKnownData);
  flag("epoch,e", po::value<int>(),
       "epochs of each training; default: 6 (for the sweep of the weight: 5) with 10,000 images "
       "or more, 100 with fewer");
  flag("sweep", po::bool_switch(&options.sweep),
       "run the sweep of the weight only, not the table of losses and optimizers");
  flags::add_flags(all, static_cast<flags::Run&>(o));

  const flags::CommandLine line("study");
  const auto values =
      line.read(argc, argv, all, out,
                "The results are study.md, reconstructions.png, "
                "sweep_reconstructions.png and kl_against_weight.png\nin the folder "
                "--out, and a file for each training in its folder rows.");
  if (!values) return {};
  if (values->count("epoch")) options.epoch = (*values)["epoch"].as<int>();
  line.require(options.epoch.value_or(1) >= 1, "epoch", "at least 1", options.epoch.value_or(1));
  line.require_sound(o);
  line.require(!o.data.empty(), "data", "digits, mnist or the name of a folder", "empty");
  return options;
}

StudyEpochs study_epochs(const StudyOptions& options, std::int64_t images) {
  if (options.epoch) return {*options.epoch, *options.epoch};
  if (images >= 10'000) return {6, 5};
  return {100, 100};
}

}  // namespace vae::lab
