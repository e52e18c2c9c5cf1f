#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "autograd/graph/function_node.h"

namespace autograd {

struct GraphOptions {
  std::string variable_style = R"(shape="octagon",fillcolor="#E0E0E0",style="filled")";
  std::string function_style = R"(shape="record",fillcolor="#6495ED",style="filled")";
  std::string rankdir = "TB";    // TB, BT, LR or RL
  bool remove_variable = false;  // draw functions only
  bool show_name = true;         // write variables' names
  bool show_attributes = false;  // write functions' attributes under their labels
};

// The functions and variables that some outputs were computed from, for drawing.
class ComputationalGraph {
 public:
  using Node = std::variant<Ref<VariableNode>, Ref<FunctionNode>>;
  ComputationalGraph(std::vector<Node> nodes, std::vector<std::pair<int, int>> edges,
                     GraphOptions options);

  const std::vector<Node>& nodes() const& { return nodes_; }
  std::vector<Node> nodes() const&& { return nodes_; }
  // Pairs of indices into nodes(): from a variable to a function that uses it, or from a function
  // to its output.
  const std::vector<std::pair<int, int>>& edges() const& { return edges_; }
  std::vector<std::pair<int, int>> edges() const&& { return edges_; }

  // The graph in the DOT language of Graphviz, as Chainer writes it.
  std::string dump() const;

 private:
  std::vector<Node> nodes_;
  std::vector<std::pair<int, int>> edges_;
  GraphOptions options_;
};

ComputationalGraph build_computational_graph(const Variables& outputs,
                                             const GraphOptions& options = {});

}  // namespace autograd
