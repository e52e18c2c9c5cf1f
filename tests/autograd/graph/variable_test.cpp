#include "autograd/graph/variable.h"

#include <gtest/gtest.h>

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/functions/math/basic_math.h"
#include "autograd/graph/function_node.h"

namespace autograd {
namespace {

TEST(Variable, IsAHandle) {
  const Variable x(Array::of({1.f, 2.f}), {.name = "x"});
  const Variable same = x, other(x.array());
  EXPECT_TRUE(x.is(same));
  EXPECT_FALSE(x.is(other));
  Variable(same).set_name("renamed");
  EXPECT_EQ(x.name(), "renamed");
  EXPECT_EQ(other.name(), "");
  EXPECT_FALSE(Variable());
}

// An array is a constant where a function takes a variable. A variable that is kept is made of an
// array in so many words, and then wants a gradient.
static_assert(std::is_constructible_v<Variable, const Array&>);
static_assert(!std::is_convertible_v<const Array&, Variable>);
static_assert(!std::is_convertible_v<Array, Variable>);
static_assert(!std::is_assignable_v<Variable&, const Array&>);
static_assert(!std::is_assignable_v<Variable&, Array>);
static_assert(std::is_convertible_v<const Array&, const Variable&>);
static_assert(std::is_convertible_v<Array, const Variable&>);
static_assert(!std::is_convertible_v<const Array&, std::optional<Variable>>);
static_assert(!std::is_assignable_v<std::optional<Variable>&, const Array&>);
static_assert(!std::is_convertible_v<const Array&, std::pair<Variable, int>>);
static_assert(!std::is_invocable_v<Variable (*)(Variable), const Array&>);
static_assert(!std::is_invocable_r_v<Variable, Array (*)()>);

template <class List>
concept TakesArrays = requires(List list, const Array& a) {
  list.push_back(a);
}
|| requires(List list, const Array& a) { list.insert(list.begin(), a); }
|| requires(List list, const Array& a) { list.insert(list.begin(), 2, a); }
|| requires(List list, const Array& a) { list.assign(2, a); }
|| requires(List list, const Array& a) { list.resize(2, a); }
|| requires(const Array& a) { List(2, a); }
|| requires(const Array& a) { List{a, a}; }
|| requires(List list, const Array& a) { list[0] = a; }
|| requires(List list, const Array& a) {
  list = {a, a};
};
static_assert(!TakesArrays<Variables>);
static_assert(TakesArrays<Arrays>);

TEST(Variable, WantsAGradientWhenItIsMadeOfAnArray) {
  const Array a = Array::of({1.f, 2.f});
  const Arrays two{a, a};
  Variables list{Variable(a)};
  list.push_back(Variable(a));
  list.emplace_back(a);
  for (const Variable& v : Variables(two.begin(), two.end())) list.push_back(v);
  for (const Variable& v : list) EXPECT_TRUE(v.requires_grad());
  EXPECT_FALSE(as_variable(a).requires_grad());
  EXPECT_FALSE(Variable(a, {.requires_grad = false}).requires_grad());
  const Variable x(a);
  EXPECT_TRUE(as_variable(x).is(x));
}

TEST(Variable, ListOfArgumentsTakesArraysAsConstants) {
  const Array a = Array::of({1.f, 2.f});
  const Variable x(a);
  const auto wants = [](const VariableList& xs) {
    std::vector<bool> all;
    for (const Variable& v : xs) all.push_back(v.requires_grad());
    return all;
  };
  EXPECT_EQ(wants({a, x, a}), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(wants(Variables{x, x}), (std::vector<bool>{true, true}));
  EXPECT_EQ(wants(std::vector<Variable>{x}), (std::vector<bool>{true}));
  EXPECT_EQ(wants(Arrays{a, a}), (std::vector<bool>{false, false}));
  EXPECT_EQ(wants({}), std::vector<bool>{});
}

TEST(Variable, KnowsItsPlaceInTheGraph) {
  const Variable x(Array::of({1.f, 2.f}));
  EXPECT_EQ(x.rank(), 0);
  EXPECT_EQ(x.creator(), nullptr);
  const Variable y = (x + x) * x;
  EXPECT_EQ(y.rank(), 2);
  EXPECT_EQ(y.creator()->name(), "mul");
  EXPECT_EQ(y.creator()->label(), "_ * _");
  EXPECT_EQ((x * 0.2).creator()->label(), "_ * 0.2");
  EXPECT_EQ((x - 1).creator()->label(), "_ + (-1)");
  EXPECT_EQ(y.node()->label(), "(2), float32");
  EXPECT_EQ(Variable(Array::scalar(1.0)).node()->label(), "float64");
}

TEST(Variable, LeavesNothingOfItselfInTheGraph) {
  const Variable x(Array::of({1.f, 2.f}));
  Variable middle = x * x;
  const Ref<VariableNode> node = middle.node();
  const Variable y = middle * x;
  { const Variable again = Variable::at(middle.array(), node); }
  EXPECT_EQ(node->variable, middle.id());
  middle = Variable();
  EXPECT_EQ(node->variable, nullptr);
}

TEST(Variable, TakesAnotherArray) {
  Variable x(Array::of({1.f, 2.f}), {.name = "x"});
  const auto place = x.node();
  x.set_array(Array::of({3.f, 4.f}));
  EXPECT_EQ(x.node(), place);
  x.set_array(Array::of({3.0}));
  EXPECT_EQ(x.name(), "x");
  EXPECT_EQ(x.dtype(), Dtype::float64);
  Variable y = x * x;
  y.backward();
  EXPECT_EQ(x.grad().item(), 6);
}

// Python's loss = 0, to which losses are added.
TEST(Variable, SumsBeginWithNone) {
  const Variable x(Array::scalar(3.f));
  Variable sum_of, difference;
  for (int i = 1; i <= 3; ++i) {
    sum_of += x * i;
    difference -= x * i;
  }
  EXPECT_EQ(sum_of.item(), 18);
  EXPECT_EQ(difference.item(), -18);
  sum_of.backward();
  EXPECT_EQ(x.grad().item(), 6);

  Variable constant;
  constant += Array::scalar(1.f);
  EXPECT_FALSE(constant.requires_grad());
  Variable none;
  EXPECT_THROW(none *= x, Error);
  EXPECT_THROW(none += 1.0, Error);
  EXPECT_THROW(static_cast<void>(none + x), Error);

  const Array a = Array::of<float>({1, 2});
  Array total, rest;
  total += a;
  total += a;
  rest -= a;
  EXPECT_EQ(total.to_vector<float>(), (std::vector<float>{2, 4}));
  EXPECT_EQ(rest.to_vector<float>(), (std::vector<float>{-1, -2}));
  EXPECT_EQ(a.to_vector<float>(), (std::vector<float>{1, 2})) << "the sum has memory of its own";
}

TEST(Variable, CompoundAssignmentNamesTheNewVariable) {
  const Variable x(Array::scalar(2.0));
  Variable y = x;
  y += x;
  y *= 3;
  y -= 1;
  y /= x;
  EXPECT_EQ(y.item(), 5.5);
  EXPECT_EQ(x.item(), 2);
  y.backward();
  EXPECT_EQ(x.grad().item(), 0.25);  // (6 x - 1) / x: 1 / x^2
}

}  // namespace
}  // namespace autograd
