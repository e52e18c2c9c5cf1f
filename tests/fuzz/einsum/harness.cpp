// The subscripts of einsum, the end of the line, and shapes: for each input a byte that says how many
// axes it has and how it lies in memory, then a byte for each length.
//
// The numbers are such that nothing is rounded, so that the result must equal that of a plain loop
// over all indices.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/autograd.h"
#include "tests/fuzz/require.h"

namespace {

using namespace autograd;
using Int = std::int64_t;

constexpr Int kMostSteps = 1 << 11;  // of the plain loop

// What the subscripts say by the rules of numpy.einsum: a name for each axis of each input and of
// the result. The axes of `...` are called 0, 1, ... from the last.
struct Plan {
  std::vector<std::string> inputs;
  std::string output;
  std::map<char, Int> lengths;
};

std::string with_digits(std::string term, int axes) {
  const std::size_t at = term.find("...");
  if (at == std::string::npos) return term;
  std::string digits;
  for (int i = axes; i-- > 0;) digits += static_cast<char>('0' + i);
  return term.replace(at, 3, digits);
}

Plan plan_of(std::string_view subscripts, const Arrays& xs) {
  std::string text(subscripts);
  std::erase(text, ' ');
  const std::size_t arrow = text.find("->");
  const std::string left = text.substr(0, arrow);
  Plan plan;
  int most = 0;
  for (std::size_t begin = 0, i = 0; i < xs.size(); ++i) {
    const std::size_t end = std::min(left.find(',', begin), left.size());
    const std::string term = left.substr(begin, end - begin);
    begin = end + 1;
    const bool dots = term.find("...") != std::string::npos;
    const int axes = xs[i].ndim() - static_cast<int>(term.size()) + (dots ? 3 : 0);
    if (dots) most = std::max(most, axes);
    plan.inputs.push_back(with_digits(term, axes));
    fuzz::require(static_cast<int>(plan.inputs.back().size()) == xs[i].ndim(),
                  "each axis must have a name");
    for (int axis = 0; axis < xs[i].ndim(); ++axis) {
      Int& length =
          plan.lengths.emplace(plan.inputs[i][static_cast<std::size_t>(axis)], 1).first->second;
      fuzz::require(length == 1 || xs[i].length(axis) == 1 || length == xs[i].length(axis),
                    "axes of one name must broadcast");
      if (length == 1) length = xs[i].length(axis);
    }
  }
  if (arrow != std::string::npos) {
    plan.output = with_digits(text.substr(arrow + 2), most);
  } else {
    for (int i = most; i-- > 0;) plan.output += static_cast<char>('0' + i);
    for (const auto& [name, length] : plan.lengths)
      if (name > '9' && std::ranges::count(left, name) == 1) plan.output += name;
  }
  return plan;
}

// The result in C order; none where that would take long.
std::optional<std::vector<double>> plain_einsum(const Plan& plan, const Arrays& xs) {
  Int steps = 1, size = 1;
  for (const auto& [name, length] : plan.lengths) steps *= length;
  for (const char name : plan.output) size *= plan.lengths.at(name);
  if (steps > kMostSteps || size > kMostSteps) return {};
  std::vector<std::vector<double>> numbers;
  for (const Array& x : xs) numbers.push_back(x.to_vector<double>());
  std::vector<double> result(static_cast<std::size_t>(size), 0);
  for (Int step = 0; step < steps; ++step) {
    std::map<char, Int> at;
    Int rest = step;
    for (const auto& [name, length] : plan.lengths) at[name] = rest % length, rest /= length;
    double product = 1;
    for (std::size_t i = 0; i < xs.size(); ++i) {
      Int place = 0;
      for (int axis = 0; axis < xs[i].ndim(); ++axis) {
        const Int length = xs[i].length(axis);
        place = place * length +
                (length == 1 ? 0 : at.at(plan.inputs[i][static_cast<std::size_t>(axis)]));
      }
      product *= numbers[i][static_cast<std::size_t>(place)];
    }
    Int place = 0;
    for (const char name : plan.output) place = place * plan.lengths.at(name) + at.at(name);
    result[static_cast<std::size_t>(place)] += product;
  }
  return result;
}

// Small whole numbers.
Array numbers(const Shape& shape, int way) {
  Array a = Array::empty(shape, Dtype::float64);
  double* p = a.mutable_data<double>();
  for (Int i = 0; i < a.size(); ++i) p[i] = static_cast<double>((i * 5 + 3 * way) % 7 - 3);
  if (a.ndim() == 0 || a.size() == 0) return a;
  switch (way % 4) {
    case 1:
      return a.transpose().copy().transpose();
    case 2:
      return a.slice(0, 0, 1).broadcast_to(shape);
    case 3:
      return a.slice(0, a.length(0) - 1, a.length(0), -1);
    default:
      return a;
  }
}

double total(const Array& a) {
  double sum = 0;
  for (const double v : a.to_vector<double>()) sum += v;
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view subscripts = input.substr(0, input.find('\n'));
  constexpr std::size_t kMostInputs = 6;
  Arrays xs;
  for (std::size_t at = subscripts.size() + 1; at < size && xs.size() < kMostInputs;) {
    const int head = data[at++];
    Shape shape;
    for (int axis = head % 6; axis > 0 && at < size; --axis) shape.push_back(data[at++] % 5);
    xs.push_back(numbers(shape, head / 6));
  }
  Variables variables;
  for (const Array& x : xs) variables.emplace_back(x);

  fuzz::accepts([&] {
    const Variable y = einsum(subscripts, variables);
    const Plan plan = plan_of(subscripts, xs);
    const std::optional<std::vector<double>> plain = plain_einsum(plan, xs);
    Shape shape;
    for (const char name : plan.output) shape.push_back(plan.lengths.at(name));
    fuzz::require(y.shape() == shape, "the result must have the shape that the subscripts say");
    if (!plain) return;
    fuzz::require(y.array().to_vector<double>() == *plain,
                  "the result must be that of a plain loop");
    sum(y).backward();
    for (const Variable& x : variables) {
      const Array g = x.grad();
      fuzz::require(g && g.shape() == x.shape(), "a gradient must have the shape of its input");
      // The result is linear in each input.
      fuzz::require(total(g * x.array()) == total(y.array()),
                    "the gradient times the input must give the result");
    }
  });
  return 0;
}
