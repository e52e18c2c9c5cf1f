#include "autograd/graph/computational_graph.h"

#include <fmt/format.h>

#include <set>
#include <unordered_map>

#include "autograd/graph/attributes.h"

namespace autograd {

ComputationalGraph::ComputationalGraph(std::vector<Node> nodes,
                                       std::vector<std::pair<int, int>> edges, GraphOptions options)
    : nodes_(std::move(nodes)), edges_(std::move(edges)), options_(std::move(options)) {}

static bool is_function(const ComputationalGraph::Node& node) { return node.index() == 1; }

// Escapes a text for a DOT string in quotes.
static std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// The attributes, one per line. Chainer draws functions as records. In a record, some characters
// separate fields, so they are escaped.
static std::string lines(const Attributes& attributes) {
  std::string out;
  for (const auto& [name, value] : attributes) {
    out += "\\n";
    for (char c : escaped(name + "=" + to_string(value))) {
      if (std::string_view("{}|<>").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string ComputationalGraph::dump() const {
  std::string dot = fmt::format("digraph graphname{{rankdir={};", options_.rankdir);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (is_function(nodes_[i])) {
      const FunctionNode& f = *std::get<1>(nodes_[i]);
      dot += fmt::format("{} [label=\"{}{}\",{}];", i, escaped(f.label()),
                         options_.show_attributes ? lines(f.attributes()) : "",
                         options_.function_style);
    } else if (!options_.remove_variable) {
      const VariableNode& v = *std::get<0>(nodes_[i]);
      const std::string label =
          options_.show_name && !v.name().empty() ? v.name() + ": " + v.label() : v.label();
      dot += fmt::format("{} [label=\"{}\",{}];", i, escaped(label), options_.variable_style);
    }
  }
  std::set<std::pair<int, int>> lines;
  if (!options_.remove_variable) {
    lines.insert(edges_.begin(), edges_.end());
  } else {
    // Adds edges from a function to the functions that use its outputs.
    std::unordered_map<int, std::vector<int>> users;
    for (const auto& [from, to] : edges_)
      if (!is_function(nodes_[static_cast<std::size_t>(from)])) users[from].push_back(to);
    for (const auto& [from, to] : edges_)
      if (is_function(nodes_[static_cast<std::size_t>(from)]))
        for (int user : users[to]) lines.emplace(from, user);
  }
  for (const auto& [from, to] : lines) dot += fmt::format("{} -> {};", from, to);
  return dot + "}";
}

ComputationalGraph build_computational_graph(const Variables& outputs,
                                             const GraphOptions& options) {
  std::vector<ComputationalGraph::Node> nodes;
  std::vector<std::pair<int, int>> edges;
  std::unordered_map<const void*, int> index;
  const auto add = [&](const auto& node) {
    const auto [found, added] = index.emplace(node.get(), static_cast<int>(nodes.size()));
    if (added) nodes.emplace_back(node);
    return found->second;
  };
  for (const Variable& y : outputs) add(y.node());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const ComputationalGraph::Node node = nodes[i];  // a copy: adding moves the vector's elements
    const int at = static_cast<int>(i);
    if (is_function(node)) {
      for (const auto& input : std::get<1>(node)->inputs()) edges.emplace_back(add(input), at);
    } else if (const auto& creator = std::get<0>(node)->creator()) {
      edges.emplace_back(add(creator), at);
    }
  }
  return {std::move(nodes), std::move(edges), options};
}

}  // namespace autograd
