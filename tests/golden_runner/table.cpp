#include "tests/golden_runner/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "autograd/base/error.h"
#include "autograd/base/random.h"

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

void Kwargs::stand_in_text() const {
  for (const std::string& key : values_.keys()) values_[key];
}

const Expression* Arguments::find(std::size_t position, std::string_view name) {
  const Expression* e = call_.argument(position, name);
  if (e) read_.insert(e);
  return e;
}

Value Arguments::literal(std::size_t position, std::string_view name) {
  const Expression* e = find(position, name);
  return e ? golden::literal(*e) : Value();
}

std::optional<Shape> Arguments::shape(std::size_t position, std::string_view name) {
  const Value v = literal(position, name);
  if (v.is(Value::Kind::null)) return {};
  Shape lengths;
  for (const int n : v.integers()) lengths.push_back(n);
  return lengths;
}

std::optional<Axes> Arguments::axes(std::size_t position, std::string_view name) {
  const Value v = literal(position, name);
  if (v.is(Value::Kind::null)) return {};
  const std::vector<int> axes = v.integers();
  return Axes(std::span<const int>(axes));
}

std::optional<autograd::PerAxis> Arguments::per_axis(std::size_t position, std::string_view name) {
  const Value v = literal(position, name);
  if (v.is(Value::Kind::null)) return {};
  if (v.is(Value::Kind::number)) return autograd::PerAxis(v.integer());
  Shape lengths;
  for (const int n : v.integers()) lengths.push_back(n);
  return autograd::PerAxis(lengths);
}

std::vector<std::string> Arguments::unread() const {
  std::vector<std::string> all;
  for (std::size_t i = 1; i < call_.parts.size(); ++i) {
    if (read_.contains(&call_.parts[i])) continue;
    all.push_back(i <= call_.positional() ? fmt::format("number {}", i - 1)
                                          : call_.keywords[i - 1 - call_.positional()]);
  }
  return all;
}

Arguments& Call::made() const {
  if (!made_) made_.emplace(parse_python(link));
  return *made_;
}

std::vector<std::string> Call::unread() const {
  std::vector<std::string> all = kwargs.unread();
  if (made_)
    for (const std::string& name : made_->unread()) all.push_back(name);
  for (std::size_t i = 0; i < count(); ++i)
    if (!read_inputs_.contains(i))
      all.push_back(i < names.size() ? names[i] : fmt::format("x{}", i));
  for (const auto& [name, array] : constants)
    if (!read_constants_.contains(name)) all.push_back(name);
  return all;
}

const Variable& Call::named(const std::string& name) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return x(i);
  throw autograd::Error(
      fmt::format("{}: the inputs must have names, but none is {}", function, name));
}

Array Call::array_named(const std::string& name) const {
  if (const Array found = constant(name)) return found;
  return named(name).array();
}

std::vector<Expression> Call::results() const {
  const std::size_t last = text.rfind("ys = ");
  if (last == std::string::npos)
    throw autograd::Error(
        fmt::format("{}: the lines must give ys, but they are {}", function, text));
  return parse_python(std::string_view(text).substr(last + 5)).parts;
}

Array Call::constant(const std::string& name) const {
  read_constants_.insert(name);
  const auto found = constants.find(name);
  return found == constants.end() ? Array() : found->second;
}

bool Call::number_first() const {
  return parse_python(text).parts.at(0).value.is(Value::Kind::number);
}

Variables Table::call(const Call& call) const {
  auto f = functions_.find(call.function);
  if (f == functions_.end() && !call.link.empty()) f = functions_.find("link");
  if (f == functions_.end())
    f = functions_.find(call.function.substr(0, call.function.find('.') + 1));
  if (f == functions_.end()) throw NotBuilt{call.function};
  if (call.kwargs.has("seed"))
    autograd::random::seed(static_cast<std::uint32_t>(call.kwargs["seed"].integer()));
  Variables ys = f->second(call);
  if (const std::vector<std::string> unread = call.unread(); !unread.empty())
    throw autograd::Error(
        fmt::format("{}: the runner must read every argument, but it does not read {}",
                    call.function, fmt::join(unread, ", ")));
  return ys;
}

}  // namespace golden
