// Backward through weights that were updated since forward: an error, or as Chainer computes.
#include <gmock/gmock.h>

#include "autograd/functions/functions.h"
#include "autograd/graph/backward.h"
#include "tests/message.h"

namespace autograd::allow_updates {
namespace {

Variable scalar(float x) { return Variable(Array::scalar(x)); }
double grad_of(const Variable& x) { return x.grad().item(); }
void write(const Variable& x, double value) {
  Array array = x.array();
  array.fill(value);
}

// y = v (w x)
struct Graph {
  Variable x = scalar(2), w = scalar(3), v = scalar(5), h = w * x, y = v * h;
};

TEST(AllowUpdates, IsSaid) {
  const Graph g;
  write(g.w, 7);
  EXPECT_EQ(message_of([&] { g.y.backward(); }),
            "mul: what backward needs must stay as it was in forward, but input 0, float32(), was "
            "overwritten since");
}

TEST(AllowUpdates, ComputesWithWhatVariablesHoldNow) {
  const Graph g;
  write(g.w, 7);
  write(g.v, 11);
  g.y.backward({.allow_updates = true});
  EXPECT_EQ(grad_of(g.x), 7 * 11);
  EXPECT_EQ(grad_of(g.w), 2 * 11);
  EXPECT_EQ(grad_of(g.v), 3 * 2) << "h was not updated: it is what forward computed";
}

TEST(AllowUpdates, TakesAnArrayThatWasPutIn) {
  Graph g;
  g.w.set_array(Array::scalar(7.f));
  g.y.backward({.retain_graph = true});
  EXPECT_EQ(grad_of(g.x), 3 * 5) << "the one that forward saw, unless it is said";
  g.x.cleargrad();
  g.y.backward({.retain_graph = true, .allow_updates = true});
  EXPECT_EQ(grad_of(g.x), 7 * 5);

  // One of another shape has another place in the graph.
  g.w.set_array(Array::zeros({2}, Dtype::float32));
  g.x.cleargrad();
  g.y.backward({.allow_updates = true});
  EXPECT_EQ(grad_of(g.x), 3 * 5);
}

TEST(AllowUpdates, TakesAnOutputToo) {
  Variable x = scalar(0), y = sigmoid(x);  // which keeps its output: y (1 - y)
  y.set_array(Array::scalar(.2f));
  y.backward({.allow_updates = true});
  EXPECT_FLOAT_EQ(static_cast<float>(grad_of(x)), .2f * .8f);
}

TEST(AllowUpdates, NeedsNoVariableThatIsHeld) {
  Variable x = scalar(2), y;
  Array w = Array::scalar(3.f);
  y = x * w;
  w.fill(7);
  y.backward({.allow_updates = true});
  EXPECT_EQ(grad_of(x), 7);
}

TEST(AllowUpdates, HoldsForOnePass) {
  const Graph g;
  write(g.w, 7);
  g.y.backward({.retain_graph = true, .allow_updates = true});
  EXPECT_THAT(message_of([&] { g.y.backward(); }), testing::HasSubstr("overwritten since"));
}

TEST(AllowUpdates, IsAnOptionOfGradToo) {
  const Graph g;
  write(g.w, 7);
  EXPECT_THAT(message_of([&] { grad({g.y}, {g.x}, {.retain_graph = true}); }),
              testing::HasSubstr("overwritten since"));
  const Variable gx = grad({g.y}, {g.x}, {.create_graph = true, .allow_updates = true})[0];
  EXPECT_EQ(gx.item(), 7 * 5);
  gx.backward();
  EXPECT_EQ(grad_of(g.v), 7);
}

TEST(AllowUpdates, TwoLossesShareAGraph) {
  Graph g;
  const Variable a = g.y * 2, b = g.y * 3;
  a.backward({.retain_graph = true});
  EXPECT_EQ(grad_of(g.x), 2 * 15);
  write(g.w, 7);
  g.x.cleargrad();
  b.backward({.allow_updates = true});
  EXPECT_EQ(grad_of(g.x), 3 * 35);
}

}  // namespace
}  // namespace autograd::allow_updates
