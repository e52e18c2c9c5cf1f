#include "tests/calls/arguments.h"

namespace calls {

std::vector<Int> Arguments::numbers(const std::string& name, std::initializer_list<Int> ordinary) {
  std::vector<Int> all;
  for (const Int n : ordinary) all.push_back(draw({name, static_cast<int>(all.size()), n}));
  return all;
}

Shape Arguments::shape(const std::string& name, const Shape& ordinary) {
  Shape drawn = ordinary;
  for (int i = 0; i < ordinary.ndim(); ++i) drawn[i] = draw({name, i, ordinary[i]});
  return drawn;
}

HeightWidth Arguments::pair(const std::string& name, HeightWidth ordinary) {
  const Int height = draw({name, 0, ordinary.height}), width = draw({name, 1, ordinary.width});
  return {height, width};
}

Axes Arguments::axes(const std::string& name, std::initializer_list<int> ordinary, int ndim) {
  std::vector<int> drawn;
  for (const int axis : ordinary)
    drawn.push_back(
        static_cast<int>(draw({name, static_cast<int>(drawn.size()), axis, true, ndim})));
  switch (choice(name + ": which", 3)) {
    case 0:
      return Axes(drawn);
    case 1:
      return std::nullopt;
    default:
      return drawn[0];
  }
}

PerAxis Arguments::per_axis(const std::string& name, const Shape& ordinary) {
  const Shape drawn = shape(name, ordinary);
  return choice(name + ": alike", 2) == 1 ? PerAxis(drawn[0]) : PerAxis(drawn);
}

std::optional<Int> Arguments::maybe_number(const std::string& name, Int ordinary) {
  const Int drawn = number(name, ordinary);
  return choice(name + ": none", 2) == 1 ? std::nullopt : std::optional(drawn);
}
std::optional<int> Arguments::maybe_axis(const std::string& name, int ordinary, int ndim) {
  const int drawn = axis(name, ordinary, ndim);
  return choice(name + ": none", 2) == 1 ? std::nullopt : std::optional(drawn);
}
std::optional<HeightWidth> Arguments::maybe_pair(const std::string& name, HeightWidth ordinary) {
  const HeightWidth drawn = pair(name, ordinary);
  return choice(name + ": none", 2) == 1 ? std::nullopt : std::optional(drawn);
}
std::optional<PerAxis> Arguments::maybe_per_axis(const std::string& name, const Shape& ordinary) {
  const PerAxis drawn = per_axis(name, ordinary);
  return choice(name + ": none", 2) == 1 ? std::nullopt : std::optional(drawn);
}

Variable Arguments::x(const std::string& name, const Shape& ordinary) {
  inputs_.push_back(Variable(array(name, ordinary)));
  return inputs_.back();
}
Variable Arguments::maybe_x(const std::string& name, const Shape& ordinary) {
  const Variable drawn = x(name, ordinary);
  return choice(name + ": none", 2) == 1 ? Variable() : drawn;
}

Array Arguments::positions(const std::string& name, std::initializer_list<Int> ordinary,
                           const Shape& shape) {
  return integers(name, numbers(name, ordinary), shape);
}

int Ordinary::choice(const std::string&, int) { return 0; }
double Ordinary::real(const std::string&, double ordinary) { return ordinary; }

// Different numbers, none of which is 0.
Array Ordinary::array(const std::string&, const Shape& ordinary) {
  Array numbers = Array::empty(ordinary, autograd::Dtype::float32);
  float* p = numbers.mutable_data<float>();
  for (Int i = 0; i < numbers.size(); ++i) p[i] = static_cast<float>(i) * 0.25f + 0.125f;
  return numbers;
}

Array Ordinary::booleans(const std::string&, const Shape& ordinary) {
  return Array::ones(ordinary, autograd::Dtype::bool_);
}

Array Ordinary::integers(const std::string&, const std::vector<Int>& numbers,
                         const Shape& ordinary) {
  Array all = Array::empty(ordinary, autograd::Dtype::int64);
  Int* p = all.mutable_data<Int>();
  for (Int i = 0; i < all.size(); ++i) p[i] = numbers[static_cast<std::size_t>(i) % numbers.size()];
  return all;
}

Variables results(std::initializer_list<Variable> ys) { return Variables(ys); }

Calls joined(std::initializer_list<Calls> parts) {
  Calls all;
  for (const Calls& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace calls
