#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "examples/vae_lab/options.h"

namespace vae::lab {

struct StudyOptions {
  // The options that all trainings have in common: data, seed, threads, out and others, but not
  // `epoch`.
  LabOptions common;
  std::optional<int> epoch;  // the epochs of every training
  bool sweep = false;        // whether to run the sweep of the weight only
};

// Reads the command line. If --help is given, prints the help and returns no value. Throws
// autograd::Error for a wrong flag or value.
std::optional<StudyOptions> parse_study_options(int argc, const char* const* argv,
                                                std::ostream& out);

// The epochs of the table's and of the sweep's trainings: --epoch, if given; else 6 and 5 with at
// least 10,000 training images, and 100 with fewer.
struct StudyEpochs {
  int table = 0, sweep = 0;
};
StudyEpochs study_epochs(const StudyOptions& options, std::int64_t images);

}  // namespace vae::lab
