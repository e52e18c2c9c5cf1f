#include "autograd/graph/backward.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cmath>
#include <memory>
#include <utility>

#include "autograd/array/map.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/trigonometric.h"
#include "autograd/graph/config.h"
#include "autograd/graph/function_node.h"
#include "autograd/graph/hook.h"
#include "tests/message.h"

namespace autograd {
namespace {

Variable scalar(double v) { return Variable(Array::scalar(v)); }
std::vector<double> values(const Array& a) { return a.to_vector<double>(); }
using Values = std::vector<double>;

TEST(Backward, FillsTheGradientsOfLeaves) {
  const Variable x(Array::of({1.0, 2.0, 3.0})), y(Array::of({4.0, 5.0, 6.0}));
  Variable z = sum(x * y + x);
  z.backward();
  EXPECT_EQ(values(x.grad()), (Values{5, 6, 7}));
  EXPECT_EQ(values(y.grad()), (Values{1, 2, 3}));
  EXPECT_EQ(z.grad().item(), 1);
}

TEST(Backward, AddsToTheGradientThatIsThere) {
  Variable x = scalar(3);
  (x * x).backward();
  (x * x).backward();
  EXPECT_EQ(x.grad().item(), 12);
  x.cleargrad();
  EXPECT_FALSE(x.grad());
  (x * 2).backward();
  EXPECT_EQ(x.grad().item(), 2);
}

TEST(Backward, VariablesInBetweenKeepTheirGradientOnlyOnRequest) {
  const Variable x = scalar(3);
  Variable h = x * x, y = h * 2;
  y.backward();
  EXPECT_FALSE(h.grad());
  Variable h2 = x * x, y2 = h2 * 2;
  y2.backward({.retain_grad = true});
  EXPECT_EQ(h2.grad().item(), 2);
  EXPECT_EQ(x.grad().item(), 24);
}

TEST(Backward, OneVariableTwiceAndDiamonds) {
  const Variable x = scalar(3);
  (x + x).backward();
  EXPECT_EQ(x.grad().item(), 2);
  const Variable a = scalar(2);
  const Variable b = a * a, c = b * 3, d = b + c;  // 4 a^2
  (d * d).backward();                              // 16 a^4
  EXPECT_EQ(a.grad().item(), 64 * 8);
}

TEST(Backward, SharedSubexpressionsAreWalkedOnce) {
  // Sixty doublings: 2^60 paths, 60 functions.
  const Variable x = scalar(1);
  Variable y = x;
  for (int i = 0; i < 60; ++i) y = y + y;
  y.backward();
  EXPECT_EQ(x.grad().item(), std::ldexp(1.0, 60));
}

// The sum at x is taken in one array, which must be nobody else's.
TEST(Backward, GradientsThatMeetLeaveTheirSourcesAlone) {
  for (const bool twice_differentiable : {false, true}) {
    const Variable x(Array::of({1.0, 2.0, 3.0}));
    const Variable a = x + x, b = x + x, c = a + b;
    Variable y = sum(c * c + x);
    y.backward({.retain_grad = true, .enable_double_backprop = twice_differentiable});
    EXPECT_EQ(values(x.grad()), (Values{33, 65, 97}));
    for (const Variable& v : {a, b, c}) EXPECT_EQ(values(v.grad()), (Values{8, 16, 24}));
    const Array before = x.grad();
    sum(x + x + x + x).backward();
    EXPECT_EQ(values(x.grad()), (Values{37, 69, 101}));
    EXPECT_EQ(values(before), (Values{33, 65, 97}));
  }
}

TEST(Backward, OfAnArrayWantsItsGradientFirst) {
  const Variable x(Array::of({1.0, 2.0}));
  Variable y = x * x;
  EXPECT_EQ(message_of([&] { y.backward(); }),
            "backward: a variable of more than one element must be given its gradient first "
            "(set_grad), but y is float64(2)");
  y.set_grad(Array::of({1.0, 10.0}));
  y.backward();
  EXPECT_EQ(values(x.grad()), (Values{2, 40}));
  EXPECT_EQ(message_of([&] { y.set_grad(Array::of({1.0})); }),
            "Variable: a gradient must have the shape and dtype of its variable, but x is "
            "float64(2) and its gradient is float64(1)");
}

TEST(Backward, ConstantsAndIntegersGetNoGradient) {
  const Variable x = scalar(3), fixed(Array::scalar(2.0), {.requires_grad = false});
  const Array constant = Array::scalar(5.0);
  (x * fixed * constant).backward();
  EXPECT_EQ(x.grad().item(), 10);
  EXPECT_FALSE(fixed.grad());
  const Variable labels(Array::of({1, 2}));
  EXPECT_FALSE(labels.requires_grad());
  EXPECT_FALSE((labels + labels).requires_grad());
  EXPECT_EQ(message_of([&] { tanh(labels); }),
            "tanh: x must be float32 or float64, but x is int32(2)");
}

TEST(Backward, DtypesDoNotMix) {
  const Variable a(Array::of({1.f})), b(Array::of({1.0}));
  EXPECT_EQ(message_of([&] { a* b; }),
            "mul: all arguments must have one dtype, but a is float32(1) and b is float64(1)");
  EXPECT_EQ(message_of([&] {
              a + Variable(Array::of({1.f, 2.f})) + Variable(Array::of({1.f, 2.f, 3.f}));
            }),
            "add: the shapes must broadcast, but a is float32(2) and b is float32(3)");
  EXPECT_EQ((a * 2.5).dtype(), Dtype::float32);
}

TEST(Backward, NoGraphIsKeptWithoutBackprop) {
  const Variable x = scalar(3);
  {
    const auto off = no_backprop_mode();
    EXPECT_EQ((x * x).creator(), nullptr);
    const auto on = force_backprop_mode();
    EXPECT_NE((x * x).creator(), nullptr);
  }
  EXPECT_NE((x * x).creator(), nullptr);
  const auto testing = using_config(&Config::train, false);
  EXPECT_FALSE(config().train);
}

TEST(Backward, UnchainCutsTheGraph) {
  const Variable x = scalar(3);
  Variable h = x * x;
  Variable y = h * 2;
  h.unchain();
  y.backward();
  EXPECT_FALSE(x.grad());
  EXPECT_EQ(h.grad().item(), 2);

  Variable a = x * x, b = a * a, c = b * 2;
  b.unchain_backward();
  EXPECT_EQ(b.creator(), nullptr);
  EXPECT_EQ(a.creator(), nullptr);
  c.backward();
  EXPECT_FALSE(x.grad());
  EXPECT_EQ(b.grad().item(), 2);

  const Variable d = x * x;
  d.creator()->unchain();  // which nothing but d holds
  EXPECT_EQ(d.creator(), nullptr);
}

// What is cut off in the middle of a pass is still there for it.
TEST(Backward, GoesOnWhereAHookCuts) {
  struct Scissors : FunctionHook {
    Ref<FunctionNode> last;
    void backward_preprocess(const FunctionNode& f, const Variables&) override {
      if (f.label() == "sin" && last) std::exchange(last, nullptr)->unchain();
    }
  } scissors;
  const Variable x = scalar(0);
  Variable y = x * 2 + sin(x * 3);
  scissors.last = Ref(y.creator());
  const auto scope = scissors.watch();
  y.backward();
  EXPECT_FALSE(scissors.last);
  EXPECT_EQ(y.creator(), nullptr);
  EXPECT_EQ(x.grad().item(), 5);
}

TEST(Backward, ASecondOneNeedsTheGraphToBeKept) {
  const Variable x = scalar(3);
  Variable y = x * x;
  y.backward();
  EXPECT_EQ(message_of([&] { y.backward(); }),
            "mul: a graph serves one backward pass unless it is run with retain_graph, but this is "
            "the second");
  EXPECT_EQ(x.grad().item(), 6);
  Variable z = x * x;
  z.backward({.retain_graph = true});
  z.backward();
  EXPECT_EQ(x.grad().item(), 18);
}

TEST(Backward, NoticesAnOverwrittenArray) {
  const Variable x(Array::of({1.0, 2.0}));
  Variable y = sum(tanh(x) * x);
  Array inside = x.array();
  inside.fill(7);
  EXPECT_EQ(message_of([&] { y.backward(); }),
            "mul: what backward needs must stay as it was in forward, but input 1, float64(2), was "
            "overwritten since");
  EXPECT_FALSE(x.grad());
}

// y = x, but its backward fails when it is told to.
class Fails final : public FunctionNode {
 public:
  explicit Fails(const bool* now) : now_(now) {}

 private:
  std::string_view name() const override { return "fails"; }
  Array forward(const Inputs& x) override { return x[0].copy(); }
  Grads backward(const Variable& gy) override {
    if (*now_) throw Error("fails: it was told to");
    return {gy};
  }
  const bool* now_;
};

TEST(Backward, AnExceptionLeavesGradientsUntouched) {
  bool now = true;
  const Variable a = scalar(2), b = scalar(3);
  a.node();
  (a * 5).backward();
  Variable y = apply<Fails>({a}, &now) + b * b;
  EXPECT_EQ(message_of([&] { y.backward({.retain_graph = true}); }), "fails: it was told to");
  EXPECT_EQ(a.grad().item(), 5);
  EXPECT_FALSE(b.grad());
  EXPECT_TRUE(config().enable_backprop);
  now = false;
  Variable again = apply<Fails>({a}, &now) + b * b;
  again.backward();
  EXPECT_EQ(a.grad().item(), 6);
  EXPECT_EQ(b.grad().item(), 6);
}

// (sum, difference)
class SumAndDifference final : public FunctionNode {
  std::string_view name() const override { return "sum_and_difference"; }
  Outputs forward_all(const Inputs& x) override {
    return {map(ops::Add{}, x[0], x[1]), map(ops::Sub{}, x[0], x[1])};
  }
  Grads backward_all(const Variables& gys) override {
    const Variable zero = scalar(0);
    const Variable s = gys[0] ? gys[0] : zero, d = gys[1] ? gys[1] : zero;
    return {s + d, s - d};
  }
};

TEST(Backward, FunctionsOfSeveralOutputs) {
  Variable a = scalar(2), b = scalar(3);
  const Variables inputs{a, b};
  const Variables both = apply_all<SumAndDifference>(inputs);
  (both[0] * both[1]).backward();  // a^2 - b^2
  EXPECT_EQ(a.grad().item(), 4);
  EXPECT_EQ(b.grad().item(), -6);
  a.cleargrad();
  b.cleargrad();
  apply_all<SumAndDifference>(inputs)[1].backward();  // the sum takes no part
  EXPECT_EQ(a.grad().item(), 1);
  EXPECT_EQ(b.grad().item(), -1);
}

class WrongCount final : public FunctionNode {
  std::string_view name() const override { return "wrong_count"; }
  Array forward(const Inputs& x) override { return x[0].copy(); }
  Grads backward(const Variable&) override { return {}; }
};
class WrongShape final : public FunctionNode {
  std::string_view name() const override { return "wrong_shape"; }
  Array forward(const Inputs& x) override { return x[0].copy(); }
  Grads backward(const Variable&) override { return {Variable(Array::zeros({2}, Dtype::float32))}; }
};
class NotRetained final : public FunctionNode {
  std::string_view name() const override { return "not_retained"; }
  Array forward(const Inputs& x) override { return x[0].copy(); }
  Grads backward(const Variable&) override { return {retained_input(0)}; }
};
class Nothing final : public FunctionNode {
  std::string_view name() const override { return "nothing"; }
};

TEST(FunctionNode, SaysWhatIsWrongWithIt) {
  const Variable x = scalar(2);
  EXPECT_EQ(
      message_of([&] { apply<WrongCount>({x}).backward(); }),
      "wrong_count: backward must return one gradient for each input, but it returned 0 for 1");
  EXPECT_EQ(message_of([&] { apply<WrongShape>({x}).backward(); }),
            "wrong_shape: a gradient must have the shape and dtype of its input, but input 0 is "
            "float64() and its gradient float32(2)");
  EXPECT_EQ(message_of([&] { apply<NotRetained>({x}).backward(); }),
            "not_retained: backward may use only what forward retained, but input 0 was not");
  EXPECT_EQ(
      message_of([&] { apply<Nothing>({x}); }),
      "nothing: a function must override forward() or forward_all(), but it overrides neither");
  EXPECT_EQ(message_of([&] {
              apply<WrongCount>({x, Variable()});
            }),
            "wrong_count: every input must be given, but input 1 is none");
  EXPECT_EQ(message_of([] { Variable().array(); }),
            "Variable: a variable must be given, but it is none");
  EXPECT_EQ(message_of([] { Variable(Array(), VariableOptions{}); }),
            "Variable: an array must be given, but it is none");
  const auto f = make_ref<WrongCount>();
  const Variables inputs{x};
  FunctionNode::call(f, inputs);
  EXPECT_EQ(message_of([&] { FunctionNode::call(f, inputs); }),
            "wrong_count: a function object serves one call, but it was applied before");
}

TEST(Grad, GivesHigherOrders) {
  const Variable x = scalar(2);
  const Variable y = x * x * x * x;
  const Variable g1 = grad({y}, {x}, {.create_graph = true})[0];
  const Variable g2 = grad({g1}, {x}, {.create_graph = true})[0];
  const Variable g3 = grad({g2}, {x}, {.create_graph = true})[0];
  const Variable g4 = grad({g3}, {x})[0];
  EXPECT_EQ(g1.item(), 32);
  EXPECT_EQ(g2.item(), 48);
  EXPECT_EQ(g3.item(), 48);
  EXPECT_EQ(g4.item(), 24);
  EXPECT_FALSE(x.grad());
  EXPECT_FALSE(y.grad());
  const Variable t = tanh(x);
  const double v = std::tanh(2.0), d1 = 1 - v * v;
  const Variable t1 = grad({t}, {x}, {.create_graph = true})[0];
  const Variable t2 = grad({t1}, {x}, {.create_graph = true})[0];
  const Variable t3 = grad({t2}, {x}, {.create_graph = true})[0];
  EXPECT_NEAR(t1.item(), d1, 1e-15);
  EXPECT_NEAR(t2.item(), -2 * v * d1, 1e-15);
  EXPECT_NEAR(t3.item(), d1 * (6 * v * v - 2), 1e-15);
}

TEST(Grad, OfAVariableInBetweenAndOfSeveralOutputs) {
  const Variable x = scalar(3), unused = scalar(1);
  const Variable h = x * x, y = h * h;
  const Variables g = grad({y}, {h, x, unused});
  EXPECT_EQ(g[0].item(), 18);
  EXPECT_EQ(g[1].item(), 108);
  EXPECT_FALSE(g[2]);
  const Variable a = x * 2, b = x * 3;
  EXPECT_EQ(grad({a, b}, {x}, {.grad_outputs = {scalar(10), Variable()}})[0].item(), 23);
  EXPECT_EQ(grad({x}, {x})[0].item(), 1);
}

TEST(Grad, SaysWhatIsWrong) {
  const Variable x = scalar(3);
  const Variable y = x * x;
  EXPECT_EQ(message_of([&] {
              grad({y}, {x}, {.grad_outputs = {x, x}});
            }),
            "grad: there must be one grad_output for each output, but there are 2 for 1");
  EXPECT_EQ(message_of([&] { grad({y}, {x}, {.grad_outputs = {Variable(Array::of({1.0}))}}); }),
            "grad: a grad_output must have the shape and dtype of its output, but y is float64() "
            "and its grad_output is float64(1)");
}

TEST(Backward, DoubleBackpropLeavesGradientsWithAGraph) {
  Variable x = scalar(3);
  Variable y = x * x * x;
  y.backward({.enable_double_backprop = true});
  EXPECT_EQ(x.grad().item(), 27);
  const Variable gx = x.grad_var();
  x.cleargrad();
  Variable g = gx;
  g.set_grad(Array());
  g.backward();
  EXPECT_EQ(x.grad().item(), 18);
}

// A chain of a million functions is made, differentiated and let go in a thread whose stack holds a
// few thousand frames.
TEST(Backward, AMillionFunctionsNeedNoStack) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
  double gradient = 0;
  pthread_t thread;
  ASSERT_EQ(pthread_create(
                &thread, &attributes,
                [](void* result) -> void* {
                  const Variable x = scalar(1);
                  Variable y = x;
                  for (int i = 0; i < 1'000'000; ++i) y = y + 1e-6;
                  y.backward();
                  *static_cast<double*>(result) = x.grad().item();
                  // And one that is never differentiated, and one that is cut.
                  Variable z = x;
                  for (int i = 0; i < 1'000'000; ++i) z = z * 1.0;
                  z = Variable();
                  for (z = x; z.rank() < 100'000;) z = z * z;
                  z.unchain_backward();
                  return nullptr;
                },
                &gradient),
            0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  EXPECT_EQ(gradient, 1);
}

}  // namespace
}  // namespace autograd
