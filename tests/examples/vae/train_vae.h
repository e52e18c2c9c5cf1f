// Runs the program train_vae.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "nn/files/json.h"
#include "tests/examples/program.h"
#include "tests/paths.h"

inline Outcome train_vae(const Arguments& arguments, const Prepare& prepare = {}) {
  return run(build_path("examples/vae/train_vae"), arguments, prepare);
}

// The log of a training.
inline std::vector<nn::LogEntry> log_of(const std::string& results,
                                        const std::string& name = "log") {
  return nn::json::load_log(contents(results + "/" + name), name);
}

// A training with these flags, as the parameter of a test.
struct Kind {
  std::string name;
  Arguments arguments;
};
inline std::ostream& operator<<(std::ostream& out, const Kind& kind) { return out << kind.name; }

// A training that takes no time: 100 images, four batches an epoch.
inline Arguments tiny(const std::string& out) {
  return {"--test", "--dim-h",   "16", "--batch-size", "30", "--epoch",
          "1",      "--threads", "1",  "--out",        out};
}
