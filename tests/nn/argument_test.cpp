// Functions that a program gives to the library, and links, take Arrays and Variables alike.
#include "nn/argument.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "autograd/autograd.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/categorical.h"
#include "nn/nn.h"

namespace nn::argument {
namespace {

using autograd::Array, autograd::ArrayLike;
namespace extensions = training::extensions;

const Array kX = Array::of<float>({2, 0, 0, 1, 3, 0, 1, 0}, {{4, 2}});
const Array kT = Array::of<std::int32_t>({0, 1, 1, 0});

Linear identity() { return Linear(2, 2, {.initialW = Array::of<float>({1, 0, 0, 1}, {{2, 2}})}); }
double loss_of(ArrayLike t) { return autograd::softmax_cross_entropy(Variable(kX), t).item(); }

// Calls check(f) with functions (x, t) of all kinds, whose result is x's loss.
void for_each_kind(Linear& l, const auto& check) {
  using autograd::softmax_cross_entropy;
  check([&l](const Variable& x, const Array& t) { return softmax_cross_entropy(l(x), t); });
  check([&l](const Variable& x, const Variable& t) { return softmax_cross_entropy(l(x), t); });
  check([&l](Variable x, Variable t) { return softmax_cross_entropy(l(x), t); });
  check([&l](Variable x, Array t) { return softmax_cross_entropy(l(x), t); });
  check([&l](Array x, Variable t) { return softmax_cross_entropy(l(x), t); });
  check([&l](Variable x, const Array& t) { return softmax_cross_entropy(l(x), t); });
  check([&l](Variable x, ArrayLike t) { return softmax_cross_entropy(l(x), t); });
  check([&l](const auto& x, const auto& t) { return softmax_cross_entropy(l(x), t); });
  check([&l](auto x, auto t) { return softmax_cross_entropy(l(x), t); });
}

TEST(Argument, IsWhatAFunctionTakes) {
  Linear l = identity();
  int kinds = 0;
  for_each_kind(l, [&](const auto& f) {
    SCOPED_TRACE(kinds++);
    EXPECT_EQ(nn::invoke(f, kX, kT).item(), loss_of(kT));
    EXPECT_EQ(nn::invoke(f, kX, Variable(kT)).item(), loss_of(kT));
    EXPECT_EQ(nn::invoke(f, Variable(kX), kT).item(), loss_of(kT));
  });
  EXPECT_EQ(kinds, 9);
  static_assert(!Invocable<void (*)(Variable), Array, Array>);
  static_assert(!Invocable<void (*)(Variable), std::string>);
}

TEST(Argument, OfAnUpdaterAnEvaluatorAndAnOptimizer) {
  Linear l = identity();
  const datasets::TupleDataset data(kX, kT);
  int kinds = 0;
  for_each_kind(l, [&](const auto& f) {
    SCOPED_TRACE(kinds++);
    optimizers::SGD optimizer({.lr = 0});
    optimizer.setup(l);
    double loss = 0;
    const auto observed = [&](const auto& x, const auto& t) {
      const Variable y = nn::invoke(f, x, t);
      loss = y.item();
      return y;
    };
    iterators::SerialIterator once(data, 4, {.repeat = false, .shuffle = false});
    optimizer.update(f, kX, kT);
    EXPECT_TRUE(l.W.grad());
    l.cleargrads();

    iterators::SerialIterator again(data, 4, {.shuffle = false});
    training::StandardUpdater updater(again, optimizer, f);
    updater.update();
    EXPECT_TRUE(l.W.grad());
    EXPECT_NO_THROW(extensions::Evaluator(once, l, f)());

    once.reset();
    extensions::Evaluator(once, l, observed)();
    EXPECT_EQ(loss, loss_of(kT));
  });
}

TEST(Argument, OfAClassifier) {
  const auto expect = [](const auto& lossfun) {
    Classifier model(identity(), {.lossfun = lossfun});
    EXPECT_EQ(model(kX, kT).item(), loss_of(kT));
    EXPECT_EQ(model(Variable(kX), Variable(kT)).item(), loss_of(kT));
    EXPECT_EQ(model.accuracy.item(), .75);
    Link& link = model;
    EXPECT_EQ(link(kX, kT).item(), loss_of(kT));
  };
  using autograd::softmax_cross_entropy;
  expect([](const Variable& y, const Array& t) { return softmax_cross_entropy(y, t); });
  expect([](const Variable& y, const Variable& t) { return softmax_cross_entropy(y, t); });
  expect([](Variable y, Variable t) { return softmax_cross_entropy(y, t); });
  expect([](Variable y, Array t) { return softmax_cross_entropy(y, t); });
  expect([](const auto& y, const auto& t) { return softmax_cross_entropy(y, t); });
  // Targets with numbers are variables.
  Classifier model(identity(), {.lossfun = [](const Variable& y, const Variable& t) {
                     return autograd::mean_squared_error(y, t);
                   }});
  model.compute_accuracy = false;
  EXPECT_EQ(model(kX, kX).item(), 0);
}

struct ByValue : Polymorphic<ByValue> {
  Variable operator()(Variable x, Array t) { return autograd::select_item(x, t); }
  void list(Members&) override {}
};

TEST(Argument, OfALinkThatIsKnownByItsBase) {
  EmbedID words(3, 2);
  const Array ids = Array::of<std::int32_t>({2, 0});
  const Variable expected = words(ids);
  Link& link = words;
  for (const Variable& y : {words(Variable(ids)), link(ids), link(Variable(ids))})
    EXPECT_TRUE(array_equal(y.array(), expected.array()));
  ByValue by_value;
  Link& other = by_value;
  EXPECT_EQ(other(kX, kT).array().to_vector<float>(), (std::vector<float>{2, 1, 0, 1}));
}

TEST(Argument, OfADistributionOverWholeNumbers) {
  const distributions::Categorical p(Array::of<float>({.25, .75}));
  const Array x = Array::of<std::int32_t>({0, 1, 1});
  EXPECT_TRUE(array_equal(p.log_prob(x).array(), p.log_prob(Variable(x)).array()));
  for (const bool check : {false, true})
    for (const distributions::Bernoulli& coin :
         {distributions::Bernoulli({.p = Array::scalar(.25f), .binary_check = check}),
          distributions::Bernoulli({.logit = Array::scalar(.25f), .binary_check = check})}) {
      const Array expected = coin.log_prob(x.astype(Dtype::float32)).array();
      EXPECT_TRUE(array_equal(coin.log_prob(x).array(), expected));
      EXPECT_TRUE(array_equal(coin.log_prob(Variable(x)).array(), expected));
    }
}

}  // namespace
}  // namespace nn::argument
