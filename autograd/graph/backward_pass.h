#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "autograd/graph/function_node.h"

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
  // Whether a gradient for this node is worth computing.
  using Wanted = std::function<bool(const VariableNode&)>;

  BackwardPass(const Options& options, Wanted wanted)
      : options_(options), wanted_(std::move(wanted)) {}

  void seed(const Variable& output, const Variable& gradient);
  void run();

  // After run(): the gradient that arrived at a leaf, or at a node that was asked to be kept; null
  // if none did.
  Variable take(const VariableNode& node);
  void keep(const VariableNode& node) { kept_.emplace(&node, Variable()); }
  // The leaves reached, in the order they were first reached.
  const std::vector<std::shared_ptr<VariableNode>>& leaves() const { return leaves_; }

  // The question that FunctionNode::needs_grad() puts to the pass that is running in this thread.
  static bool wants(const VariableNode& node);

 private:
  void add(const std::shared_ptr<VariableNode>& node, const Variable& gradient);
  Variables output_gradients(const FunctionNode& f);
  void call(FunctionNode& f);

  Options options_;
  Wanted wanted_;
  using Gradients =
      std::unordered_map<const VariableNode*, Variable, std::hash<const VariableNode*>,
                         std::equal_to<>,
                         pool::Allocator<std::pair<const VariableNode* const, Variable>>>;
  Gradients gradients_, kept_;
  std::unordered_set<const FunctionNode*> seen_;      // those with several outputs
  std::vector<std::shared_ptr<FunctionNode>> queue_;  // a heap: the highest rank first
  std::vector<std::shared_ptr<VariableNode>> leaves_, roots_;
};

}  // namespace autograd
