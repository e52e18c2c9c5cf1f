#include "autograd/testing/leak_scope.h"

#include <gtest/gtest.h>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/backward.h"
#include "tests/message.h"

namespace autograd::testing {
namespace {

TEST(LeakScope, CountsWhatIsLeft) {
  LeakScope leaks;
  {
    const Variable x(Array::of({1.f, 2.f}));
    const Variable y = x * x;
    EXPECT_EQ(leaks.left(), (LeakScope::Counts{2, 1, 2}));
    EXPECT_EQ(message_of([&] { leaks.check(); }),
              "LeakScope: objects made in a scope must be destroyed with it, but 2 variable nodes, "
              "1 function node and 2 storages are left");
  }
  leaks.check();
}

TEST(LeakScope, ATrainingStepLeavesNothing) {
  Variable w(Array::of({1.f, 2.f}));
  const auto step = [&] {
    Variable loss = sum(tanh(w * w) * 2);
    loss.backward();
    w.cleargrad();
  };
  step();
  LeakScope leaks;
  for (int i = 0; i < 5; ++i) step();
  leaks.check();
}

TEST(LeakScope, SecondDerivativesLeaveNothing) {
  Variable x(Array::of({0.3f, 2.f}));
  x.node();
  LeakScope leaks;
  {
    const Variable y = sum(tanh(x) * x);
    const Variable gx = grad({y}, {x}, {.create_graph = true})[0];
    const Variable ggx = grad({sum(gx * gx)}, {x})[0];
    EXPECT_EQ(ggx.size(), 2);
  }
  leaks.check();
  {
    // Gradients that have a graph of their own hold the variable's node, not the variable: no
    // circle.
    Variable y = sum(tanh(x) * x);
    y.backward({.enable_double_backprop = true});
    x.cleargrad();
  }
  leaks.check();
}

}  // namespace
}  // namespace autograd::testing
