#pragma once

#include "nn/training/extension.h"

namespace nn::training::extensions {

// Cuts the reported variables off from their graphs after all other extensions have run, so that
// the graphs are freed. It acts in those iterations in which config().keep_graph_on_report was on.
// chainer.training.extensions.unchain_variables.
class UnchainVariables : public Extension {
 public:
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "unchain_variables"; }
  Trigger default_trigger() override;
  int default_priority() const override { return 0; }
  void initialize(Trainer& trainer) override;

 private:
  bool kept_graphs_ = false;
};

UnchainVariables unchain_variables();

}  // namespace nn::training::extensions
