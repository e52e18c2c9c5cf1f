#include "autograd/graph/variable.h"

#include <gtest/gtest.h>

#include "autograd/functions/basic_math.h"
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
