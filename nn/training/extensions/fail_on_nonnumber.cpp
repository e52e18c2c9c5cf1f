#include "nn/training/extensions/fail_on_nonnumber.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nn/optimizers/optimizer.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

void FailOnNonNumber::operator()(Trainer& trainer) {
  for (const auto& [name, optimizer] : trainer.updater().get_all_optimizers()) {
    for (const auto& [path, parameter] : optimizer->target().namedparams(false)) {
      const auto values = parameter.array().to_vector<double>();
      if (std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
        continue;
      throw autograd::Error(fmt::format(
          "FailOnNonNumber: parameters must be finite, but those of the optimizer {} diverge at {}",
          name, path));
    }
  }
}

}  // namespace nn::training::extensions
