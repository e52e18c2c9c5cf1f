#include "nn/optimizers/hooks.h"

#include <gtest/gtest.h>

#include "autograd/base/random.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "nn/optimizers/sgd.h"

namespace nn::optimizer_hooks {
namespace {

struct Pair : Link {
  Parameter x{Array::of<float>({3, -4}), Shape{2}}, y{Array::of<float>({0, 1}), Shape{2}};
  void list(Members& m) override { m("x", x)("y", y); }
};

// Where a descent of step 1 gets to from the gradients (6, -8) of x and (0, 2) of y.
template <class H>
Pair after(const H& hook) {
  Pair pair;
  optimizers::SGD sgd({.lr = 1});
  sgd.setup(pair);
  sgd.add_hook(hook);
  pair.x.set_grad(Array::of<float>({6, -8}));
  pair.y.set_grad(Array::of<float>({0, 2}));
  sgd.update();
  return pair;
}
std::vector<float> values(const Parameter& p) { return p.array().to_vector<float>(); }
using Values = std::vector<float>;

TEST(Hooks, ChangeTheGradients) {
  Pair p = after(WeightDecay{0.5});
  EXPECT_EQ(values(p.x), (Values{-4.5, 6}));
  EXPECT_EQ(values(p.y), (Values{0, -1.5}));
  p = after(Lasso{0.5});
  EXPECT_EQ(values(p.x), (Values{-3.5, 4.5}));
  EXPECT_EQ(values(p.y), (Values{0, -1.5}));
  p = after(GradientHardClipping{-1, 5});
  EXPECT_EQ(values(p.x), (Values{-2, -3}));
  p = after(GradientLARS{.threshold = 2, .eps = 0});
  EXPECT_EQ(values(p.x), (Values{0, 0}));   // |p| = 5, |g| = 10
  EXPECT_EQ(values(p.y), (Values{0, -1}));  // |p| = 1 is below the threshold
}

TEST(Hooks, ClippingScalesAllGradientsTogetherAndOnlyDown) {
  Pair pair;
  optimizers::SGD sgd({.lr = 1});
  sgd.setup(pair);
  sgd.add_hook(GradientClipping{6.5});
  pair.x.set_grad(Array::of<float>({3, 4}));
  pair.y.set_grad(Array::of<float>({0, 12}));
  sgd.update();
  EXPECT_EQ(values(pair.x), (Values{1.5, -6}));
  EXPECT_EQ(values(pair.y), (Values{0, -5}));
  pair.x.set_grad(Array::of<float>({1, 1}));
  pair.y.set_grad(Array::of<float>({0, 1}));
  sgd.update();
  EXPECT_EQ(values(pair.x), (Values{0.5, -7}));
}

TEST(Hooks, LeaveSharedGradientsToTheOthers) {
  Pair pair;
  const Array shared = Array::of<float>({1, 1});
  pair.x.set_grad(shared);
  pair.y.set_grad(shared);
  UpdateRule rule;
  WeightDecay{1}(rule, pair.x);
  EXPECT_EQ(shared.to_vector<float>(), (Values{1, 1}));
  EXPECT_EQ(pair.y.grad().to_vector<float>(), (Values{1, 1}));
  EXPECT_EQ(pair.x.grad().to_vector<float>(), (Values{4, -3}));
  // x + y passes the same array to both.
  Pair sum_of;
  optimizers::SGD sgd({.lr = 1});
  sgd.setup(sum_of);
  sgd.add_hook(WeightDecay{1});
  sgd.update([&] { return sum(sum_of.x + sum_of.y); });
  EXPECT_EQ(values(sum_of.x), (Values{-1, -1}));
  EXPECT_EQ(values(sum_of.y), (Values{-1, -1}));
}

TEST(Hooks, NoiseHasChainersDrawsAndFades) {
  Pair pair;
  pair.x.set_grad(Array::of<float>({0, 0}));
  UpdateRule rule;
  autograd::random::seed(0);
  GradientNoise{4}(rule, pair.x);  // deviation sqrt(4 / 1)
  EXPECT_EQ(pair.x.grad().to_vector<float>(), (Values{3.528104691935328f, 0.8003144167344467f}));
  GradientNoise{1, [](const Shape& s, Dtype d, const GradientNoise& h, const UpdateRule&) {
                  return Array::full(s, h.eta, d);
                }}(rule, pair.y);
  EXPECT_FALSE(pair.y.grad());  // none, so nothing to be added to
}

TEST(Hooks, MayServeOneParameter) {
  Pair pair;
  optimizers::SGD sgd({.lr = 1});
  sgd.setup(pair);
  pair.y.update_rule()->add_hook(WeightDecay{0.5});
  sgd.update();
  EXPECT_EQ(values(pair.x), (Values{3, -4}));
  EXPECT_EQ(values(pair.y), (Values{0, 0.5}));
}

}  // namespace
}  // namespace nn::optimizer_hooks
