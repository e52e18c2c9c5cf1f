#include "tests/golden_runner/dot.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/noise/noise.h"
#include "autograd/graph/computational_graph.h"
#include "nn/links/connection/linear.h"

namespace golden {
namespace {

using Counts = std::map<std::pair<std::string, std::string>, int>;

constexpr std::string_view kBegin = "digraph graphname{rankdir=TB;";

std::vector<std::string_view> statements(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    if (end == std::string_view::npos)
      throw autograd::Error("dot: a statement must end with a semicolon, but one does not");
    result.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return result;
}

// What stands between `before` and the next `after`; empty if it is not there.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return "";
  text.remove_prefix(start + before.size());
  return std::string(text.substr(0, text.find(after)));
}

}  // namespace

Drawing read_dot(std::string_view text) {
  if (!text.starts_with(kBegin) || !text.ends_with("}"))
    throw autograd::Error(
        "dot: a drawing must have Chainer's head and end with a brace, but this one does not");
  text.remove_prefix(kBegin.size());
  text.remove_suffix(1);
  Drawing drawing;
  std::map<std::string, std::string> labels;
  std::vector<std::pair<std::string, std::string>> edges;
  for (const std::string_view statement : statements(text)) {
    if (const std::size_t arrow = statement.find(" -> "); arrow != std::string_view::npos) {
      edges.emplace_back(statement.substr(0, arrow), statement.substr(arrow + 4));
      continue;
    }
    const std::string label = between(statement, "[label=\"", "\"");
    const std::string style = between(statement, "\",", "]");
    const bool function = style == R"(shape="record",fillcolor="#6495ED",style="filled")";
    if (!function && style != R"(shape="octagon",fillcolor="#E0E0E0",style="filled")")
      throw autograd::Error("dot: a node must have Chainer's style, but there is " +
                            std::string(statement));
    labels[std::string(statement.substr(0, statement.find(' ')))] = label;
    ++drawing.nodes[{function ? "function" : "variable", label}];
  }
  for (const auto& [from, to] : edges) ++drawing.edges[{labels.at(from), labels.at(to)}];
  return drawing;
}

namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw autograd::Error(path + ": a drawing is expected there, but it cannot be opened");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void check_counts(const std::string& part, const Value& said, const Counts& found, Report& report) {
  report.expect(said.items().size() == found.size(), part,
                fmt::format("there are {} kinds, not {}", found.size(), said.items().size()));
  for (const Value& item : said.items()) {
    const auto& [a, b] = std::pair(item.items()[0].text(), item.items()[1].text());
    const auto at = found.find({a, b});
    const int count = at == found.end() ? 0 : at->second;
    report.expect(
        count == item.items()[2].integer(), part,
        fmt::format("{} {} stands there {} times, not {}", a, b, count, item.items()[2].integer()));
  }
}

// What the manifest's VAE looks like when this library draws it. A loss is one function here and
// several in Chainer, so only the network is compared.
Drawing draw_network(const Value& vae, bool remove_variable) {
  const int n_in = vae["n_in"].integer(), n_h = vae["n_h"].integer(),
            n_latent = vae["n_latent"].integer();
  nn::Linear le1(n_in, n_h), le2(n_h, n_h), mu(n_h, n_latent), ln_var(n_h, n_latent);
  nn::Linear ld1(n_latent, n_h), ld2(n_h, n_h), ld3(n_h, n_in);
  const Variable x(Array::zeros({vae["batch"].integer(), n_in}, autograd::Dtype::float32),
                   {.requires_grad = false});
  using autograd::tanh;
  const Variable h = tanh(le2(tanh(le1(x))));
  const Variable z = autograd::gaussian(mu(h), ln_var(h));
  const Variable logits = ld3(tanh(ld2(tanh(ld1(z)))));
  return read_dot(
      autograd::build_computational_graph({logits}, {.remove_variable = remove_variable}).dump());
}

// Those of the counts whose label, or one of whose two, is a function of the network.
Counts of_network(const Counts& counts, bool both) {
  const auto known = [](const std::string& label) {
    return label == "LinearFunction" || label == "Tanh" || label == "Gaussian";
  };
  Counts found;
  for (const auto& [labels, count] : counts) {
    const bool a = known(labels.first), b = known(labels.second);
    if (both ? a && b : a || b) found[labels] = count;
  }
  return found;
}

void check_same(const std::string& part, const Counts& got, const Counts& expected,
                Report& report) {
  for (const auto& [labels, count] : expected) {
    const auto at = got.find(labels);
    report.expect(at != got.end() && at->second == count, part,
                  fmt::format("{} {} is drawn {} times here, not {}", labels.first, labels.second,
                              at == got.end() ? 0 : at->second, count));
  }
  report.expect(got.size() == expected.size(), part,
                fmt::format("{} kinds are drawn here, not {}", got.size(), expected.size()));
}

}  // namespace

void check_dot(const std::string& name, const Value& manifest, Store& store, Report& report) {
  const Value& said = manifest["chainer_files"][name];
  const Drawing theirs = read_dot(read_text(store.path("chainer_files/" + name)));
  if (said.has("nodes")) check_counts("nodes", said["nodes"], theirs.nodes, report);
  if (said.has("edges")) check_counts("edges", said["edges"], theirs.edges, report);
  const bool no_variables = std::none_of(theirs.nodes.begin(), theirs.nodes.end(),
                                         [](const auto& n) { return n.first.first == "variable"; });
  const Drawing ours = draw_network(manifest["vae"], no_variables);
  check_same("nodes", of_network(ours.nodes, false), of_network(theirs.nodes, false), report);
  check_same("edges", of_network(ours.edges, no_variables), of_network(theirs.edges, no_variables),
             report);
}

}  // namespace golden
