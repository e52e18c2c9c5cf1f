#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "autograd/graph/variable.h"

// Every public function as one call, whose arguments somebody else chooses: tests/bounds changes one
// number after the other, the fuzzer tests/fuzz/functions draws all of them.
namespace calls {

using autograd::Array;
using autograd::Axes;
using autograd::HeightWidth;
using autograd::PerAxis;
using autograd::Shape;
using autograd::Variable;
using autograd::Variables;
using Int = std::int64_t;

// A number that a call takes: a length, a count, an axis, an index.
struct Number {
  std::string argument;  // its name in the header
  int part;              // which of several, as of the lengths of a shape
  Int ordinary;          // the call is accepted with this one
  bool is_int = false;   // an int; else an int64
  int ndim = -1;         // of an axis: how many axes there are; else -1
};

// Where a call gets its arguments from. Each has a name, and an ordinary value: with these the call
// is accepted. A call asks for the same names each time, in any order.
class Arguments {
 public:
  Arguments() = default;
  virtual ~Arguments() = default;
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  Int number(const std::string& name, Int ordinary) { return draw({name, 0, ordinary}); }
  int count(const std::string& name, int ordinary) {
    return static_cast<int>(draw({name, 0, ordinary, true}));
  }
  int axis(const std::string& name, int ordinary, int ndim) {
    return static_cast<int>(draw({name, 0, ordinary, true, ndim}));
  }
  std::vector<Int> numbers(const std::string& name, std::initializer_list<Int> ordinary);
  Shape shape(const std::string& name, const Shape& ordinary);
  HeightWidth pair(const std::string& name, HeightWidth ordinary);
  // The ordinary axes; alternatively all axes, or the first of these.
  Axes axes(const std::string& name, std::initializer_list<int> ordinary, int ndim);
  // The ordinary lengths; alternatively the first for all axes.
  PerAxis per_axis(const std::string& name, const Shape& ordinary);
  // The same; alternatively none.
  std::optional<Int> maybe_number(const std::string& name, Int ordinary);
  std::optional<int> maybe_axis(const std::string& name, int ordinary, int ndim);
  std::optional<HeightWidth> maybe_pair(const std::string& name, HeightWidth ordinary);
  std::optional<PerAxis> maybe_per_axis(const std::string& name, const Shape& ordinary);

  // One of `n` alternatives; the ordinary one is 0.
  virtual int choice(const std::string& name, int n) = 0;
  bool flag(const std::string& name, bool ordinary = false) {
    return (choice(name, 2) == 1) != ordinary;
  }
  template <class T>
  T one_of(const std::string& name, std::initializer_list<T> all) {
    return all.begin()[choice(name, static_cast<int>(all.size()))];
  }
  virtual double real(const std::string& name, double ordinary) = 0;

  // Floating numbers: as a constant, and as a variable that wants a gradient.
  virtual Array array(const std::string& name, const Shape& ordinary) = 0;
  Variable x(const std::string& name, const Shape& ordinary);
  Variable maybe_x(const std::string& name, const Shape& ordinary);
  // Labels, IDs or indices: an array that holds these numbers, again and again.
  Array positions(const std::string& name, std::initializer_list<Int> ordinary, const Shape& shape);
  virtual Array booleans(const std::string& name, const Shape& ordinary) = 0;

  // The variables that were given away by x().
  const Variables& inputs() const& { return inputs_; }

 protected:
  virtual Int draw(const Number& number) = 0;
  virtual Array integers(const std::string& name, const std::vector<Int>& numbers,
                         const Shape& ordinary) = 0;

 private:
  Variables inputs_;
};

struct Call {
  std::string name;
  std::function<Variables(Arguments&)> call;
  bool draws = false;  // random numbers, or something else that is new each time
};
using Calls = std::vector<Call>;

// Of autograd/functions, autograd/array, nn/links, and of what else in nn/ takes numbers.
Calls functions();
Calls arrays();
Calls links();
Calls data();

// Ordinary arguments.
class Ordinary : public Arguments {
 public:
  int choice(const std::string& name, int n) override;
  double real(const std::string& name, double ordinary) override;
  Array array(const std::string& name, const Shape& ordinary) override;
  Array booleans(const std::string& name, const Shape& ordinary) override;

 protected:
  Int draw(const Number& number) override { return number.ordinary; }
  Array integers(const std::string& name, const std::vector<Int>& numbers,
                 const Shape& ordinary) override;
};

// What calls are written with.
Variables results(std::initializer_list<Variable> ys);
inline Variables one(const Variable& y) { return {y}; }
inline Variables one(const Array& y) { return {autograd::as_variable(y)}; }
Calls joined(std::initializer_list<Calls> parts);

}  // namespace calls
