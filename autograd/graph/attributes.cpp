#include "autograd/graph/attributes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <type_traits>

#include "autograd/base/error.h"

namespace autograd {

Attributes::Attributes(std::initializer_list<Member> members) {
  all_.reserve(members.size());
  for (const Member& member : members) add(member);
}

void Attributes::add(const Member& member) {
  if (member.value_) all_.push_back({member.name_, *member.value_});
}

const Attributes::Value* Attributes::find(std::string_view name) const& {
  const auto found = std::ranges::find_if(all_, [&](const Attribute& a) { return a.name == name; });
  return found == all_.end() ? nullptr : &found->value;
}

void Attributes::fail(std::string_view name) const {
  const bool found = find(name) != nullptr;
  throw Error(fmt::format("Attributes: {}, but {} is asked for of ({})",
                          found ? "the type must be that of the value" : "the name must be known",
                          name, to_string(*this)));
}

std::string to_string(const Attributes::Value& value) {
  return std::visit(
      [](const auto& v) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>)
          return v;
        else
          return fmt::format("{}", v);
      },
      value);
}

std::string to_string(const Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes)
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, to_string(value));
  return text;
}

}  // namespace autograd
