#pragma once

#include <memory>
#include <string>

#include "autograd/graph/computational_graph.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct DumpGraphOptions {
  std::string filename = "cg.dot";
  // How to draw the graph.
  autograd::GraphOptions graph = {};
};

// Writes the graph of a reported variable, such as main/loss, in the DOT language, once, in the
// first iteration. Until then it sets config().keep_graph_on_report. Unlike Chainer's it does not
// run Graphviz. chainer.training.extensions.DumpGraph.
class DumpGraph : public Extension {
 public:
  explicit DumpGraph(std::string root_name, DumpGraphOptions options = {});

  // Throws if no variable was reported under this name.
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "dump_graph"; }
  Trigger default_trigger() override;
  void initialize(Trainer&) override;
  void finalize() override;
  void serialize(Serializer& s) override;

 private:
  std::string root_name_;
  DumpGraphOptions options_;
  bool original_flag_ = false, watching_ = false, called_ = false;
};

// Chainer's older name.
using dump_graph = DumpGraph;

}  // namespace nn::training::extensions
