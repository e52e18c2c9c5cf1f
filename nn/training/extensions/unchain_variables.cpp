#include "nn/training/extensions/unchain_variables.h"

#include <utility>

#include "autograd/graph/config.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

void UnchainVariables::initialize(Trainer&) {
  kept_graphs_ = autograd::config().keep_graph_on_report;
}

// An extension that runs before this one may have put the flag back.
Trigger UnchainVariables::default_trigger() {
  return [this](Trainer&) {
    return std::exchange(kept_graphs_, autograd::config().keep_graph_on_report);
  };
}

void UnchainVariables::operator()(Trainer& trainer) {
  for (const auto& [name, value] : trainer.observation())
    if (autograd::Variable variable = value.variable()) variable.unchain_backward();
}

UnchainVariables unchain_variables() { return {}; }

}  // namespace nn::training::extensions
