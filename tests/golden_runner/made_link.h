#pragma once

#include <optional>

#include "nn/link.h"
#include "tests/golden_runner/table.h"

// How the manifest says a link is made.
namespace golden {

// The arguments of a call in Python.
class Arguments {
 public:
  explicit Arguments(const std::string& text) : call_(parse_python(text)) {}
  const Expression* find(std::size_t position, std::string_view name) {
    return call_.argument(position, name);
  }
  int integer(std::size_t position, std::string_view name, int otherwise) {
    const Expression* e = find(position, name);
    return e ? literal(*e).integer() : otherwise;
  }
  bool flag(std::size_t position, std::string_view name, bool otherwise = false) {
    const Expression* e = find(position, name);
    return e ? literal(*e).flag() : otherwise;
  }
  autograd::HeightWidth height_width(std::size_t position, std::string_view name, int otherwise) {
    const Expression* e = find(position, name);
    return e ? literal(*e).height_width().value_or(otherwise) : otherwise;
  }
  // None if there is none, or None.
  std::optional<Shape> shape(std::size_t position, std::string_view name) {
    const Expression* e = find(position, name);
    if (!e || literal(*e).is(Value::Kind::null)) return {};
    Shape lengths;
    for (const int n : literal(*e).integers()) lengths.push_back(n);
    return lengths;
  }

 private:
  Expression call_;
};

// Gives the link the parameters that the case has stored.
void set_parameters(nn::Link& link, const Call& c);

void add_recurrent_links(Table& table);

}  // namespace golden
