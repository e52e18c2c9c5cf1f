#include "autograd/functions/util/forget.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/testing/leak_scope.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(Forget, GivesTheValuesAndGradientsOfTheFunction) {
  const auto f = [](const Variable& a, const Variable& b) {
    return Variables{tanh(a) * b, exp(a) + a * a};
  };
  const Variable a(numbers({2, 3})), b(numbers({2, 3}, 1));
  const Variables plain = f(a, b), ys = forget(f, a, b);
  const Variables gys{Variable(numbers({2, 3}, 2)), Variable(numbers({2, 3}, 3))};
  for (std::size_t i = 0; i < 2; ++i) expect_near(ys[i], plain[i], 0);
  const Variables expected = grad(plain, {a, b}, {.grad_outputs = gys}),
                  got = grad(ys, {a, b}, {.grad_outputs = gys});
  for (std::size_t i = 0; i < 2; ++i) expect_near(got[i], expected[i], 1e-15);
  // Where a gradient comes from one output only.
  const Variable one = grad({ys[1]}, {a}, {.grad_outputs = {gys[1]}})[0];
  expect_near(one, grad({f(a, b)[1]}, {a}, {.grad_outputs = {gys[1]}})[0], 1e-15);
}

TEST(Forget, KeepsTheInputsAlone) {
  const Variable x(vector({1, 2}));
  const auto f = [](const Variable& v) { return exp(exp(exp(v))); };
  const Variable y = forget(f, x);
  EXPECT_TRUE(y.creator()->inputs()[0] == x.node());
  EXPECT_EQ(y.rank(), 1);
}

TEST(Forget, GivesGradientsToWhatTheFunctionUses) {
  const Variable W(vector({3, 4})), x(vector({1, 2}));
  const auto f = [&](const Variable& v) { return v * W; };
  sum(forget(f, x)).backward();
  EXPECT_THAT(values(W.grad()), ElementsAre(1, 2));
  EXPECT_THAT(values(x.grad()), ElementsAre(3, 4));
  // An array is a variable here.
  sum(forget(f, x.array())).backward();
  EXPECT_THAT(values(W.grad()), ElementsAre(2, 4));
}

TEST(Forget, SaysWhichOfTheTwoCallsItIs) {
  std::vector<std::string> calls;
  const auto f = [&](const Variable& v) {
    calls.push_back(config().will_recompute   ? "first"
                    : config().in_recomputing ? "second"
                                              : "none");
    return square(v);
  };
  const Variable x(vector({1, 2}));
  const Variable y = forget(f, x);
  EXPECT_FALSE(config().will_recompute);
  sum(y).backward();
  EXPECT_THAT(calls, ElementsAre("first", "second"));
  EXPECT_FALSE(config().in_recomputing);
  {
    const auto no_graph = no_backprop_mode();
    EXPECT_FALSE(forget(f, x).creator());
  }
}

TEST(Forget, RefusesAGraphOfItsGradient) {
  const Variable x(vector({1, 2}));
  const Variable y = sum(forget([](const Variable& v) { return square(v); }, x));
  EXPECT_EQ(message_of([&] { grad({y}, {x}, {.create_graph = true}); }),
            "forget: its gradient has no graph of its own, but one is asked for");
}

TEST(Forget, NoticesThatAnInputWasOverwritten) {
  Variable x(vector({1, 2}));
  const Variable y = sum(forget([](const Variable& v) { return square(v); }, x));
  Array array = x.array();
  array.fill(5);
  EXPECT_THAT(message_of([&] { y.backward(); }), ::testing::StartsWith("forget: "));
}

}  // namespace
}  // namespace autograd
