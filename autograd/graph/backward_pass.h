#pragma once

#include <unordered_set>
#include <utility>
#include <vector>

#include "autograd/graph/function_node.h"
#include "autograd/graph/gradient_map.h"

namespace autograd {

struct BackwardPassOptions {
  bool create_graph = false;
  bool retain_graph = false;
  bool retain_grad = false;  // leave the gradients of variables in between in them
  bool allow_updates = false;
};

// One walk from outputs back to leaves. The function of the highest rank that a gradient has
// reached comes next, so each is run once, when all its output gradients are complete; nothing
// recurses.
class BackwardPass {
 public:
  using Nodes = std::unordered_set<const VariableNode*>;

  // Gradients are computed for the nodes of `wanted`; without it, for those that lead to a variable
  // that somebody holds.
  explicit BackwardPass(const BackwardPassOptions& options, const Nodes* wanted = nullptr)
      : options_(options), wanted_(wanted) {}

  void seed(const Variable& output, const Variable& gradient);
  void run();

  // After run(): the gradient that arrived at a leaf, or at a node that was asked to be kept; null
  // if none did. take() takes the gradient of a leaf away.
  Variable arrived_at(const VariableNode& node);
  Variable take(const VariableNode& leaf);
  void keep(const VariableNode& node) {
    if (!kept_.find(&node)) kept_.insert(&node, Variable());
  }
  // The leaves reached, in the order they were first reached.
  const std::vector<Ref<VariableNode>>& leaves() const { return leaves_; }

  // The variables in between that somebody holds, with their gradients, if the options say so.
  struct Passed {
    Ref<VariableBody> variable;
    Variable gradient;
  };
  std::vector<Passed>& passed() { return passed_; }

  // The gradient as a user may have it: itself if its array lies in C order in a block that nobody
  // else has, else with a copy of that array at the same place of the graph. On their way gradients
  // share memory with one another: both sides of a sum have the same one, the parts of a
  // concatenation lie in one array, and each element of a sum's gradient is the same number.
  static Variable owned(Variable gradient);

  // The question that FunctionNode::needs_grad() puts to the pass that is running in this thread.
  static bool wants(const VariableNode& node);

  // Given what unchain() took out of a graph. A pass that is running in this thread may still have
  // it in its queue, so the outermost one keeps it until it ends; without one it goes at once.
  static void keep_while_running(Ref<FunctionNode> function);
  static void keep_while_running(Ref<VariableNode> node);

 private:
  void add(const Ref<VariableNode>& node, Variable gradient);
  void add_to(GradientMap::Entry& sum, const Variable& gradient) const;
  Variable output_gradient(VariableNode& node);
  void call(FunctionNode& f);

  BackwardPassOptions options_;
  const Nodes* wanted_;
  GradientMap gradients_, kept_;
  Variables gys_;                                 // of the function that is being called
  std::unordered_set<const FunctionNode*> seen_;  // those with several outputs
  // A heap: the highest rank first. Plain pointers, since the roots hold all functions below them,
  // and keep_while_running() those that are unchained meanwhile.
  std::vector<FunctionNode*> queue_;
  std::vector<Ref<VariableNode>> leaves_, roots_;
  std::vector<Passed> passed_;
};

}  // namespace autograd
