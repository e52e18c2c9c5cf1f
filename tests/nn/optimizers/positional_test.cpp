// Hyperparameters by position are Chainer's, in its order.
#include <gtest/gtest.h>

#include <concepts>
#include <map>
#include <string>

#include "nn/optimizers/hooks.h"
#include "nn/optimizers/optimizers.h"

namespace nn::optimizers {
namespace {

using Values = std::map<std::string, double>;

template <class O>
void expect_hyperparameters(O optimizer(), const Values& expected) {
  const O& made = optimizer();
  Values all;
  const_cast<O&>(made).visit_hyperparameters(
      [&](std::string_view name, double& value) { all[std::string(name)] = value; });
  for (const auto& [name, value] : expected) EXPECT_EQ(all.at(name), value) << name;
}
#define EXPECT_VALUES(OPTIMIZER, POSITIONS, ...) \
  expect_hyperparameters<OPTIMIZER>([]() -> OPTIMIZER { return OPTIMIZER POSITIONS; }, __VA_ARGS__)

TEST(PositionalHyperparameters, AreInChainersOrder) {
  EXPECT_VALUES(SGD, (0.1), {{"lr", 0.1}});
  EXPECT_VALUES(SGD, (1), {{"lr", 1}});
  EXPECT_VALUES(MomentumSGD, (0.1), {{"lr", 0.1}, {"momentum", 0.9}});
  EXPECT_VALUES(MomentumSGD, (0.1, 0.8), {{"lr", 0.1}, {"momentum", 0.8}});
  EXPECT_VALUES(CorrectedMomentumSGD, (0.1, 0.8), {{"lr", 0.1}, {"momentum", 0.8}});
  EXPECT_VALUES(NesterovAG, (0.1, 0.8), {{"lr", 0.1}, {"momentum", 0.8}});
  EXPECT_VALUES(AdaGrad, (0.1, 0.2), {{"lr", 0.1}, {"eps", 0.2}});
  EXPECT_VALUES(AdaDelta, (0.1, 0.2), {{"rho", 0.1}, {"eps", 0.2}});
  EXPECT_VALUES(RMSprop, (0.1, 0.2, 0.3), {{"lr", 0.1}, {"alpha", 0.2}, {"eps", 0.3}});
  EXPECT_TRUE(RMSprop(0.1, 0.2, 0.3, true).eps_inside_sqrt);
  EXPECT_VALUES(RMSpropGraves, (0.1, 0.2, 0.3, 0.4),
                {{"lr", 0.1}, {"alpha", 0.2}, {"momentum", 0.3}, {"eps", 0.4}});
  EXPECT_VALUES(SMORMS3, (0.1, 0.2), {{"lr", 0.1}, {"eps", 0.2}});
  EXPECT_VALUES(MSVAG, (0.1, 0.2, 0.3, 0.4),
                {{"lr", 0.1}, {"beta", 0.2}, {"eta", 0.3}, {"weight_decay_rate", 0.4}});
  EXPECT_VALUES(Adam, (1e-3), {{"alpha", 1e-3}, {"beta1", 0.9}, {"beta2", 0.999}});
  EXPECT_VALUES(
      Adam, (1, 2, 3, 4, 5, 6),
      {{"alpha", 1}, {"beta1", 2}, {"beta2", 3}, {"eps", 4}, {"eta", 5}, {"weight_decay_rate", 6}});
  EXPECT_TRUE(Adam(1, 2, 3, 4, 5, 6, true).amsgrad);
  EXPECT_VALUES(AdamW, (0.1, 0.2, 0.3), {{"alpha", 0.1}, {"beta1", 0.2}, {"beta2", 0.3}});
  EXPECT_VALUES(AMSGrad, (0.1, 0.2, 0.3, 0.4, 0.5),
                {{"alpha", 0.1}, {"beta1", 0.2}, {"beta2", 0.3}, {"eps", 0.4}, {"eta", 0.5}});
  EXPECT_TRUE(AMSGrad(0.1).amsgrad);
}

// These have final_lr and gamma where Adam has eps and eta.
TEST(PositionalHyperparameters, OfAdaBoundHaveAnOrderOfTheirOwn) {
  const Values expected = {{"alpha", 1}, {"beta1", 2}, {"beta2", 3}, {"final_lr", 4},
                           {"gamma", 5}, {"eps", 6},   {"eta", 7}};
  EXPECT_VALUES(AdaBound, (1, 2, 3, 4, 5, 6, 7), expected);
  EXPECT_VALUES(AMSBound, (1, 2, 3, 4, 5, 6, 7), expected);
  EXPECT_TRUE(AdaBound(0.1).adabound);
  EXPECT_FALSE(AdaBound(0.1).amsgrad);
  EXPECT_TRUE(AMSBound(0.1).adabound);
  EXPECT_TRUE(AMSBound(0.1).amsgrad);
}

TEST(PositionalHyperparameters, MayNotBeTooMany) {
  EXPECT_TRUE((std::constructible_from<SGD, double>));
  EXPECT_FALSE((std::constructible_from<SGD, double, double>));
  EXPECT_FALSE((std::constructible_from<AdaDelta, double, double, double>));
}

TEST(PositionalHyperparameters, OfHooks) {
  namespace hooks = optimizer_hooks;
  EXPECT_EQ(hooks::WeightDecay(0.1).rate, 0.1);
  EXPECT_EQ(hooks::Lasso(0.1).rate, 0.1);
  EXPECT_EQ(hooks::GradientClipping(5).threshold, 5);
  EXPECT_EQ(hooks::GradientHardClipping(-1, 2).upper_bound, 2);
  EXPECT_EQ(hooks::GradientNoise(0.3).eta, 0.3);
#ifdef __cpp_aggregate_paren_init  // an aggregate: other compilers want braces
  EXPECT_EQ(hooks::GradientLARS(0.1, 0.2, 0.3).weight_decay, 0.2);
#endif
}

}  // namespace
}  // namespace nn::optimizers
