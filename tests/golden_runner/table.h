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

// The keyword arguments of a call. It remembers which were read.
class Kwargs {
 public:
  Kwargs() = default;
  explicit Kwargs(Value values) : values_(std::move(values)) {}

  const Value& operator[](std::string_view name) const { return values_[name]; }
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

  // That they are read where the text of the call is.
  void stand_in_text() const;
  std::vector<std::string> unread() const { return values_.unread(); }

 private:
  Value values_;
};

// The arguments of a call that is written in Python, as literals. It remembers which were read.
class Arguments {
 public:
  explicit Arguments(Expression call) : call_(std::move(call)) {}

  const Expression& call() const { return call_; }
  // Null if it is not there.
  const Expression* find(std::size_t position, std::string_view name);
  // The literal, None where there is none.
  Value literal(std::size_t position, std::string_view name);
  int integer(std::size_t position, std::string_view name, int otherwise) {
    return literal(position, name).integer(otherwise);
  }
  double number(std::size_t position, std::string_view name, double otherwise) {
    return literal(position, name).number(otherwise);
  }
  bool flag(std::size_t position, std::string_view name, bool otherwise = false) {
    return literal(position, name).flag(otherwise);
  }
  std::optional<autograd::HeightWidth> height_width(std::size_t position, std::string_view name) {
    return literal(position, name).height_width();
  }
  autograd::HeightWidth height_width(std::size_t position, std::string_view name, int otherwise) {
    return height_width(position, name).value_or(otherwise);
  }
  // None if there is none, or None.
  std::optional<Shape> shape(std::size_t position, std::string_view name);
  std::optional<Axes> axes(std::size_t position, std::string_view name);
  std::optional<autograd::PerAxis> per_axis(std::size_t position, std::string_view name);

  std::vector<std::string> unread() const;

 private:
  Expression call_;
  std::set<const Expression*> read_;
};

// It remembers which of its arguments were read.
struct Call {
  std::string function;
  Kwargs kwargs;
  Variables inputs;                        // what goes in by position; read by x() and xs()
  std::vector<std::string> names;          // of the inputs
  std::map<std::string, Array> constants;  // what goes in by name, without a gradient
  std::map<std::string, Array> params;     // the values that the parameters of a link have, by path
  std::string text, link;                  // what Python ran, and how it made the link
  std::vector<autograd::Dtype> output_dtypes;

  // Left by a call of a link: its parameters, and what else it changed, named as in Python
  // ("link.avg_mean").
  mutable std::map<std::string, Variable> variables;
  mutable std::map<std::string, Array> after;

  std::size_t count() const { return inputs.size(); }
  const Variable& x(std::size_t i) const {
    read_inputs_.insert(i);
    return inputs.at(i);
  }
  const Array& array(std::size_t i) const { return x(i).array(); }
  // None if there are not so many.
  Variable optional_x(std::size_t i) const { return i < count() ? x(i) : Variable(); }
  const Variables& xs() const {
    for (std::size_t i = 0; i < count(); ++i) read_inputs_.insert(i);
    return inputs;
  }
  // The input of that name.
  const Variable& named(const std::string& name) const;
  // The input or the constant of that name.
  Array array_named(const std::string& name) const;
  // What the lines make `ys` in the end, part by part: "ys = [a.data, a.row]".
  std::vector<Expression> results() const;
  // Null if there is no such constant.
  Array constant(const std::string& name) const;
  // Whether the plain number of `number - x` stands on the left.
  bool number_first() const;
  // How the link was made: "L.Linear(4, 2)".
  Arguments& made() const;

  // The arguments that nobody has read, each with the name of what it is: "kwargs/axis", "x1".
  std::vector<std::string> unread() const;

 private:
  mutable std::set<std::size_t> read_inputs_;
  mutable std::set<std::string> read_constants_;
  mutable std::optional<Arguments> made_;
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

  // Throws NotBuilt if there is no such function, and an Error if it does not read one of the
  // arguments.
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
