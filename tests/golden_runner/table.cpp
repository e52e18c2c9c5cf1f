#include "tests/golden_runner/table.h"

#include "autograd/base/error.h"

namespace golden {

bool Kwargs::has(std::string_view name) const {
  for (const std::string& key : values_.keys())
    if (key == name) return true;
  return false;
}

Axes Kwargs::axes(std::string_view name) const {
  const Value& v = (*this)[name];
  if (v.is(Value::Kind::null)) return std::nullopt;
  const std::vector<int> axes = v.integers();
  return Axes(std::span<const int>(axes));
}

Shape Kwargs::shape(std::string_view name) const {
  Shape shape;
  for (const int n : (*this)[name].integers()) shape.push_back(n);
  return shape;
}

std::optional<autograd::PerAxis> Kwargs::per_axis(std::string_view name) const {
  const Value& v = (*this)[name];
  if (v.is(Value::Kind::null)) return {};
  return v.is(Value::Kind::number) ? autograd::PerAxis(v.integer())
                                   : autograd::PerAxis(shape(name));
}

std::vector<std::string> Kwargs::unread() const {
  std::vector<std::string> names;
  for (const std::string& key : values_.keys())
    if (!read_.contains(key)) names.push_back(key);
  return names;
}

Array Call::constant(const std::string& name) const {
  const auto found = constants.find(name);
  return found == constants.end() ? Array() : found->second;
}

bool Call::number_first() const {
  return parse_python(text).parts.at(0).value.is(Value::Kind::number);
}

Variables Table::call(const Call& call) const {
  auto f = functions_.find(call.function);
  if (f == functions_.end())
    f = functions_.find(call.function.substr(0, call.function.find('.') + 1));
  if (f == functions_.end()) throw NotBuilt{call.function};
  Variables ys = f->second(call);
  for (const std::string& name : call.kwargs.unread())
    throw NotBuilt{call.function + " with " + name};
  return ys;
}

}  // namespace golden
