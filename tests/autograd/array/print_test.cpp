#include "autograd/array/print.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "tests/paths.h"

namespace autograd {
namespace {

// What NumPy printed, by tests/autograd/array/record_print.py: a line `dtype axis,axis,... indent
// separator`, a line of numbers, and what array2string and str gave, each with the count of its lines.
struct Case {
  std::string head;
  Array array;
  PrintOptions options;
  std::string text, printed;
};

template <class T>
Array array_of(std::istringstream& numbers, const Shape& shape) {
  std::vector<T> values;
  for (std::string word; numbers >> word;)
    if constexpr (std::is_floating_point_v<T>)
      values.push_back(static_cast<T>(std::strtod(word.c_str(), nullptr)));
    else
      values.push_back(static_cast<T>(std::strtoll(word.c_str(), nullptr, 10)));
  if constexpr (std::is_same_v<T, bool>)
    return Array::from(std::span<const std::uint8_t>(
                           std::vector<std::uint8_t>(values.begin(), values.end())),
                       shape)
        .astype(Dtype::bool_);
  else
    return Array::from(std::span<const T>(values), shape);
}

std::string read_lines(std::istream& in) {
  std::string count, text, line;
  std::getline(in, count);
  for (int i = 0; i < std::stoi(count); ++i) {
    std::getline(in, line);
    text += (i ? "\n" : "") + line;
  }
  return text;
}

std::vector<Case> read_cases() {
  std::ifstream in(source_path("tests/autograd/array/numpy_print.txt"));
  std::vector<Case> cases;
  for (std::string head, numbers; std::getline(in, head) && std::getline(in, numbers);) {
    std::istringstream words(head);
    std::string dtype, axes, separator;
    int indent;
    words >> dtype >> axes >> indent >> separator;
    Shape shape;
    std::istringstream lengths(axes);
    for (std::string n; axes != "-" && std::getline(lengths, n, ',');)
      shape.push_back(std::stoll(n));
    std::istringstream values(numbers);
    Array array;
    for (Dtype d :
         {Dtype::bool_, Dtype::uint8, Dtype::int32, Dtype::int64, Dtype::float32, Dtype::float64})
      if (name(d) == dtype)
        array =
            visit(d, [&]<class T>(std::type_identity<T>) { return array_of<T>(values, shape); });
    const std::string text = read_lines(in), printed = read_lines(in);
    cases.push_back({head, array, {separator == "comma" ? ", " : " ", indent}, text, printed});
  }
  return cases;
}

std::string printed(const auto& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

TEST(Print, WritesArraysAsNumPy) {
  const std::vector<Case> cases = read_cases();
  ASSERT_EQ(cases.size(), 153U);
  for (const Case& c : cases) {
    EXPECT_EQ(array2string(c.array, c.options), c.text) << c.head;
    EXPECT_EQ(printed(c.array), c.printed) << c.head;
  }
}

TEST(Print, WritesNoneForNoArray) { EXPECT_EQ(printed(Array()), "None"); }

TEST(Print, WritesShapesAsPythonsTuples) {
  EXPECT_EQ(printed(Shape{}), "()");
  EXPECT_EQ(printed(Shape{5}), "(5,)");
  EXPECT_EQ(printed(Shape{5, 2}), "(5, 2)");
}

}  // namespace
}  // namespace autograd
