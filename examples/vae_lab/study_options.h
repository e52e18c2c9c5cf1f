#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "examples/vae_lab/options.h"

namespace vae::lab {

struct StudyOptions {
  // data, seed, threads, out, and what else all trainings have in common; no `epoch`.
  LabOptions common;
  std::optional<int> epoch;  // of every training
  bool sweep = false;        // the weights across the border only
};

// Reads the command line. No value if it asked for help only, which is then printed. Throws
// autograd::Error with one sentence for a wrong flag or value.
std::optional<StudyOptions> parse_study_options(int argc, const char* const* argv,
                                                std::ostream& out);

// Epochs of the table's and of the sweep's trainings: what --epoch says, else 6 and 5 with 10,000
// images and more to train with, and 100 with fewer.
struct StudyEpochs {
  int table = 0, sweep = 0;
};
StudyEpochs study_epochs(const StudyOptions& options, std::int64_t images);

}  // namespace vae::lab
