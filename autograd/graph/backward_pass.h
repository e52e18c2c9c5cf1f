#pragma once

#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "autograd/graph/function_node.h"
#include "autograd/graph/gradient_map.h"

namespace autograd {

// One walk from outputs back to leaves. The function of the highest rank that a gradient has
// reached comes next, so each is run once, when all its output gradients are complete; nothing
// recurses.
class BackwardPass {
 public:
  struct Options {
    bool create_graph = false;
    bool retain_graph = false;
    bool retain_grad = false;  // leave the gradients of variables in between in them
  };
  using Nodes = std::unordered_set<const VariableNode*>;

  // Gradients are computed for the nodes of `wanted`; without it, for those that lead to a variable
  // that somebody holds.
  explicit BackwardPass(const Options& options, const Nodes* wanted = nullptr)
      : options_(options), wanted_(wanted) {}

  void seed(const Variable& output, const Variable& gradient);
  void run();

  // After run(): the gradient that arrived at a leaf, or at a node that was asked to be kept; null
  // if none did.
  Variable take(const VariableNode& node);
  void keep(const VariableNode& node) {
    if (!kept_.find(&node)) kept_.insert(&node, Variable());
  }
  // The leaves reached, in the order they were first reached.
  const std::vector<std::shared_ptr<VariableNode>>& leaves() const { return leaves_; }

  // The question that FunctionNode::needs_grad() puts to the pass that is running in this thread.
  static bool wants(const VariableNode& node);

 private:
  void add(const std::shared_ptr<VariableNode>& node, Variable gradient);
  void add_to(GradientMap::Entry& sum, const Variable& gradient) const;
  Variable output_gradient(const VariableNode& node);
  void call(FunctionNode& f);

  Options options_;
  const Nodes* wanted_;
  GradientMap gradients_, kept_;
  Variables gys_;                                     // of the function that is being called
  std::unordered_set<const FunctionNode*> seen_;      // those with several outputs
  std::vector<std::shared_ptr<FunctionNode>> queue_;  // a heap: the highest rank first
  std::vector<std::shared_ptr<VariableNode>> leaves_, roots_;
};

}  // namespace autograd
