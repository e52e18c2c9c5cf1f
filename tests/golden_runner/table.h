#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/graph/variable.h"
#include "tests/golden_runner/python.h"
#include "tests/golden_runner/report.h"
#include "tests/golden_runner/value.h"

// The functions that cases call by name.
namespace golden {

using autograd::Array;
using autograd::Arrays;
using autograd::Axes;
using autograd::Shape;
using autograd::Variable;
using autograd::Variables;

// The keyword arguments of a call. It remembers which were read: a call that has others is one that
// the table does not know to run.
class Kwargs {
 public:
  Kwargs() = default;
  explicit Kwargs(Value values) : values_(std::move(values)) {}

  const Value& operator[](std::string_view name) const {
    read_.insert(std::string(name));
    return values_[name];
  }
  // Whether there is one of that name, be it None.
  bool has(std::string_view name) const;
  bool flag(std::string_view name, bool otherwise = false) const {
    return (*this)[name].flag(otherwise);
  }
  double number(std::string_view name, double otherwise) const {
    return (*this)[name].number(otherwise);
  }
  int integer(std::string_view name, int otherwise) const {
    return (*this)[name].integer(otherwise);
  }
  std::string text(std::string_view name, const std::string& otherwise) const {
    return (*this)[name].text(otherwise);
  }
  std::optional<autograd::HeightWidth> height_width(std::string_view name) const {
    return (*this)[name].height_width();
  }
  // Likewise for any number of axes.
  std::optional<autograd::PerAxis> per_axis(std::string_view name) const;
  // None is all of them.
  Axes axes(std::string_view name = "axis") const;
  Shape shape(std::string_view name) const;

  std::vector<std::string> unread() const;

 private:
  Value values_;
  mutable std::set<std::string, std::less<>> read_;
};

struct Call {
  std::string function;
  Kwargs kwargs;
  Variables inputs;                        // what goes in by position
  std::vector<std::string> names;          // of the inputs
  std::map<std::string, Array> constants;  // what goes in by name, without a gradient
  std::map<std::string, Array> params;     // the values that the parameters of a link have, by path
  std::string text, link;                  // what Python ran, and how it made the link
  std::vector<autograd::Dtype> output_dtypes;

  // Left by a call of a link: its parameters, and what else it changed, named as in Python
  // ("link.avg_mean").
  mutable std::map<std::string, Variable> variables;
  mutable std::map<std::string, Array> after;

  const Variable& x(std::size_t i) const { return inputs.at(i); }
  const Array& array(std::size_t i) const { return inputs.at(i).array(); }
  // Null if there is no such constant.
  Array constant(const std::string& name) const;
  // Whether the plain number of `number - x` stands on the left.
  bool number_first() const;
};

using Function = std::function<Variables(const Call&)>;

class Table {
 public:
  // `f` takes a Call and returns a Variable, an Array or several Variables.
  template <class F>
  void add(const std::string& name, F f) {
    functions_[name] = [f](const Call& call) -> Variables {
      if constexpr (std::convertible_to<decltype(f(call)), Variables>)
        return f(call);
      else
        return {Variable(f(call))};
    };
  }
  // All functions whose names begin so.
  template <class F>
  void add_family(const std::string& prefix, F f) {
    add(prefix, f);
  }
  // A function of one variable and nothing else.
  void unary(const std::string& name, Variable (*f)(const Variable&)) {
    add(name, [f](const Call& c) { return f(c.x(0)); });
  }

  // Throws NotBuilt if there is no such function, or it does not know one of the arguments.
  Variables call(const Call& call) const;

 private:
  std::map<std::string, Function> functions_;
};

void add_math(Table& table);
void add_array(Table& table);
void add_activation(Table& table);
void add_loss(Table& table);
void add_noise(Table& table);
void add_connection(Table& table);
void add_pooling(Table& table);
void add_rnn(Table& table);
void add_normalization(Table& table);
void add_evaluation(Table& table);
void add_distributions(Table& table);
void add_links(Table& table);
void add_graph(Table& table);

}  // namespace golden
