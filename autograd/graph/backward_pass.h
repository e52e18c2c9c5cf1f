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
  bool retain_grad = false;  // leave gradients in intermediate variables
  bool allow_updates = false;
};

// One walk from outputs back to leaves, without recursion. The next function is always the one of
// the highest rank among those that a gradient has reached. So each function runs once, after the
// gradients of all its outputs are complete.
class BackwardPass {
 public:
  using Nodes = std::unordered_set<const VariableNode*>;

  // Computes gradients for the nodes in `wanted`; if it is null, for all nodes with a creator or
  // with a variable that still has a handle.
  explicit BackwardPass(const BackwardPassOptions& options, const Nodes* wanted = nullptr)
      : options_(options), wanted_(wanted) {}

  void seed(const Variable& output, const Variable& gradient);
  void run();

  // After run(): the gradient of a leaf, or of a node that was passed to keep(); null if no gradient
  // reached it. take() moves the gradient of a leaf out.
  Variable arrived_at(const VariableNode& node);
  Variable take(const VariableNode& leaf);
  void keep(const VariableNode& node) {
    if (!kept_.find(&node)) kept_.insert(&node, Variable());
  }
  // The leaves that a gradient has reached, in the order in which they were first reached.
  const std::vector<Ref<VariableNode>>& leaves() const { return leaves_; }

  // With retain_grad: the intermediate variables that still have a handle, and their gradients.
  struct Passed {
    Ref<VariableBody> variable;
    Variable gradient;
  };
  std::vector<Passed>& passed() { return passed_; }

  // A gradient that can be given to the user: contiguous, and sharing memory with nothing. Returns
  // the gradient itself if it is so already, else a copy at the same place in the graph. Inside a
  // pass gradients do share memory: the two operands of a sum have one gradient, the gradients of
  // concatenated arrays are views of one array, and the gradient of sum() is a broadcast number.
  static Variable owned(Variable gradient);

  // Whether the pass that is running in this thread computes a gradient for this node. Called by
  // FunctionNode::needs_grad().
  static bool wants(const VariableNode& node);

  // Takes over a node that unchain() removed from a graph. If a pass is running in this thread, its
  // queue may still point to the node, so the outermost pass keeps the node until it ends. If no
  // pass is running, the node is released at once.
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
  // A heap, highest rank first. The pointers stay valid: roots_ own all functions below them, and
  // keep_while_running() keeps those that are unchained during the pass.
  std::vector<FunctionNode*> queue_;
  std::vector<Ref<VariableNode>> leaves_, roots_;
  std::vector<Passed> passed_;
};

}  // namespace autograd
