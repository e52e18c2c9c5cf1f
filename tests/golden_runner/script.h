#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/golden_runner/table.h"

// The lines of Python that a case of a link or of a distribution was run with.
namespace golden {

// What an expression stands for: a variable, a list or tuple, or else a literal.
struct Thing {
  Thing() = default;
  Thing(const Variable& v) : variable(v) {}  // NOLINT(google-explicit-constructor)
  Thing(std::vector<Thing> things)           // NOLINT(google-explicit-constructor)
      : list(std::move(things)) {}
  static Thing of(const Variables& variables) {
    return std::vector<Thing>(variables.begin(), variables.end());
  }

  Value literal;  // None unless there is another
  Variable variable;
  std::optional<std::vector<Thing>> list;
};

// The arguments of a call. It remembers which were read.
class Given {
 public:
  Given(std::vector<Thing> positional, std::map<std::string, Thing> by_name)
      : positional_(std::move(positional)), by_name_(std::move(by_name)) {}

  std::size_t count() const { return positional_.size() + by_name_.size(); }
  // Null if it is not there.
  const Thing* find(std::size_t position, const std::string& name);
  // None where there is none.
  Variable x(std::size_t position, const std::string& name);
  Variables xs(std::size_t position, const std::string& name);
  bool flag(std::size_t position, const std::string& name, bool otherwise = false);
  std::string text(std::size_t position, const std::string& name, const std::string& otherwise);
  // All of them, positional ones first.
  Variables all();
  bool has_names() const { return !by_name_.empty(); }
  std::map<std::string, Variable> named();
  int integer(std::size_t position, const std::string& name, int otherwise);
  // Throws if there is an argument that was not read.
  void require_all_read(const std::string& function) const;

 private:
  std::vector<Thing> positional_;
  std::map<std::string, Thing> by_name_;
  std::set<std::size_t> positions_read_;
  std::set<std::string> names_read_;
};

// What the lines can do with `link`.
struct Scripted {
  std::function<Thing(Given&)> call = {};
  std::map<std::string, std::function<Thing(Given&)>> methods = {};
  std::map<std::string, std::function<Variable()>> members = {};
  // link.name = value
  std::map<std::string, std::function<void(const Thing&)>> assign = {};
  // The array that link.name[...] = value fills; an empty one if there is none.
  std::function<Array(const std::string&)> array = {};
  // The value of an expression that has nothing to do with a link.
  std::function<Thing(const Expression&)> other = {};
};

// Runs the lines of the case, and gives their `ys`, or the value of the only one.
Variables run_script(const Call& c, const Scripted& link);

}  // namespace golden
