#include "nn/training/extensions/dump_graph.h"

#include <fmt/format.h>

#include "autograd/graph/config.h"
#include "nn/files/write_file.h"
#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

DumpGraph::DumpGraph(std::string root_name, DumpGraphOptions options)
    : root_name_(std::move(root_name)), options_(std::move(options)) {}

Trigger DumpGraph::default_trigger() {
  return [this](Trainer&) { return !std::exchange(called_, true); };
}

void DumpGraph::initialize(Trainer&) {
  if (called_) return;
  original_flag_ = std::exchange(autograd::config().keep_graph_on_report, true);
  watching_ = true;
}

void DumpGraph::operator()(Trainer& trainer) {
  called_ = true;
  const Observed* root = trainer.observation().find(root_name_);
  if (root == nullptr || !root->variable())
    throw autograd::Error(fmt::format(
        "DumpGraph: {} must be reported as a variable in the first iteration, but it is not",
        root_name_));
  const std::string dot =
      autograd::build_computational_graph({root->variable()}, options_.graph).dump();
  finalize();
  write_file(trainer.out() + "/" + options_.filename, dot, "DumpGraph");
}

void DumpGraph::finalize() {
  if (std::exchange(watching_, false)) autograd::config().keep_graph_on_report = original_flag_;
}

void DumpGraph::serialize(Serializer& s) {
  if (!s.is_saving() && !s.contains_any({"_flag_called", "_original_flag"})) return;
  s.value("_original_flag",
          original_flag_);  // Chainer saves it; its value does not change during a training here
  s("_flag_called", called_);
}

}  // namespace nn::training::extensions
