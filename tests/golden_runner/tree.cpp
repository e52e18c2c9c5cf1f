#include "tests/golden_runner/tree.h"

namespace golden {

void Tree::add(const std::string& path, const autograd::Array& value) {
  const std::size_t slash = path.find('/');
  if (slash == std::string::npos) {
    parameters_[path] = nn::Parameter(nn::Initializer(value), value.shape(), path);
    return;
  }
  auto& child = children_[path.substr(0, slash)];
  if (!child) child = std::make_unique<Tree>();
  child->add(path.substr(slash + 1), value);
}

void Tree::list(nn::Members& members) {
  for (auto& [name, parameter] : parameters_) members(name, parameter);
  for (auto& [name, child] : children_) members(name, *child);
}

std::map<std::string, nn::Parameter> Tree::parameters() { return golden::parameters(*this); }

std::map<std::string, nn::Parameter> parameters(nn::Link& link) {
  std::map<std::string, nn::Parameter> result;
  for (const auto& [path, parameter] : link.namedparams()) result[path.substr(1)] = parameter;
  return result;
}

}  // namespace golden
