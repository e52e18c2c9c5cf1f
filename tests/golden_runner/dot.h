#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/golden_runner/cases.h"

namespace golden {

// A drawing of a graph in the DOT language, by labels: node numbers and the order of lines are
// arbitrary.
struct Drawing {
  std::map<std::pair<std::string, std::string>, int>
      nodes;  // (kind, label) -> how many; the kind is "function" or "variable"
  std::map<std::pair<std::string, std::string>, int> edges;  // (label, label) -> how many
};

// Reads the form that Chainer writes; throws autograd::Error on any other.
Drawing read_dot(std::string_view text);

// Compares one of Chainer's drawings with the manifest, and with what this library draws of the
// same network.
void check_dot(const std::string& name, const Value& manifest, Store& store, Report& report);

}  // namespace golden
