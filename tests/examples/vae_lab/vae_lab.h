// Runs the program vae_lab.
#pragma once

#include "tests/examples/vae/train_vae.h"

inline Outcome vae_lab(const Arguments& arguments, const Prepare& prepare = {}) {
  return run(build_path("examples/vae_lab/vae_lab"), arguments, prepare);
}
