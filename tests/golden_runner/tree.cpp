#include "tests/golden_runner/tree.h"

namespace golden {

using autograd::Array;

std::pair<Tree*, std::string> Tree::place(const std::string& path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string::npos) return {this, path};
  auto& child = children_[path.substr(0, slash)];
  if (!child) child = std::make_unique<Tree>();
  return child->place(path.substr(slash + 1));
}

void Tree::add(const std::string& path, const Array& value) {
  const auto [link, name] = place(path);
  link->parameters_[name] =
      nn::Parameter(nn::Initializer(value), value.shape(), name, value.dtype());
}

void Tree::add_blank(const std::string& path, const nn::FileValue& entry) {
  const auto [link, name] = place(path);
  if (const Array* value = std::get_if<Array>(&entry)) {
    const Array blank = Array::zeros(value->shape(), value->dtype());
    if (is_float(value->dtype()))
      add(path, blank);
    else
      link->arrays_[name] = blank;
  } else if (std::holds_alternative<std::string>(entry)) {
    link->texts_[name];
  } else {
    link->parameters_[name] = nn::Parameter(nn::Initializer(0), {}, name);
  }
}

void Tree::list(nn::Members& members) {
  for (auto& [name, parameter] : parameters_) members(name, parameter);
  for (auto& [name, array] : arrays_) members.persistent(name, array);
  for (auto& [name, text] : texts_) members.persistent(name, text);
  for (auto& [name, child] : children_) members(name, *child);
}

std::map<std::string, nn::Parameter> parameters(nn::Link& link) {
  std::map<std::string, nn::Parameter> result;
  for (const auto& [path, parameter] : link.namedparams()) result[path.substr(1)] = parameter;
  return result;
}

}  // namespace golden
