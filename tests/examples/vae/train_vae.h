// Runs the program train_vae.
#pragma once

#include "tests/examples/program.h"
#include "tests/paths.h"

inline Outcome train_vae(const Arguments& arguments, const Prepare& prepare = {}) {
  return run(build_path("examples/vae/train_vae"), arguments, prepare);
}

// A training that takes no time: 100 images, four batches an epoch.
inline Arguments tiny(const std::string& out) {
  return {"--test", "--dim-h",   "16", "--batch-size", "30", "--epoch",
          "1",      "--threads", "1",  "--out",        out};
}
