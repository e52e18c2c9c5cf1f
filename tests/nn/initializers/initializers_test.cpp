#include "nn/initializers/initializers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/message.h"

namespace nn::initializers {
namespace {

// The first three elements that Chainer's initializer of that name gives after
// numpy.random.seed(0).
std::vector<float> first(const Initializer& initializer, const Shape& shape = {2, 3}) {
  autograd::random::seed(0);
  std::vector<float> all = initializer(shape, Dtype::float32).to_vector<float>();
  all.resize(3);
  return all;
}
using Values = std::vector<float>;

TEST(Initializers, DrawChainersNumbers) {
  EXPECT_EQ(first(Normal()),
            (Values{0.08820261806249619f, 0.02000785991549492f, 0.04893689975142479f}));
  EXPECT_EQ(first(Uniform()),
            (Values{0.004881350323557854f, 0.02151893638074398f, 0.010276337154209614f}));
  EXPECT_EQ(first(LeCunNormal()),
            (Values{1.018476128578186f, 0.23103086650371552f, 0.565074622631073f}));
  EXPECT_EQ(first(LeCunUniform({.scale = 0.5})),
            (Values{0.04881350323557854f, 0.2151893675327301f, 0.10276337713003159f}));
  EXPECT_EQ(first(GlorotNormal(), {2, 3, 2, 2}),
            (Values{0.5578423142433167f, 0.12654082477092743f, 0.30950412154197693f}));
  EXPECT_EQ(first(GlorotUniform()),
            (Values{0.10694503039121628f, 0.47145628929138184f, 0.22514328360557556f}));
  EXPECT_EQ(first(HeNormal()),
            (Values{1.440342664718628f, 0.3267270028591156f, 0.799136221408844f}));
  EXPECT_EQ(first(HeNormal({.fan_option = Fan::out})),
            (Values{1.764052391052246f, 0.40015721321105957f, 0.978738009929657f}));
  EXPECT_EQ(first(HeUniform()),
            (Values{0.13806544244289398f, 0.6086474657058716f, 0.29065871238708496f}));
}

TEST(Initializers, MayDrawFromAnotherGenerator) {
  autograd::random::seed(1);
  const autograd::random::State before = autograd::random::generator().state();
  autograd::random::Generator generator(0);
  EXPECT_EQ(LeCunNormal({.generator = &generator})({2, 3}, Dtype::float32).to_vector<float>()[0],
            1.018476128578186f);
  EXPECT_TRUE(autograd::random::generator().state() == before);
}

TEST(Initializers, Constants) {
  EXPECT_EQ(Zero()({3}, Dtype::float32).to_vector<float>(), (Values{0, 0, 0}));
  EXPECT_EQ(One()({3}, Dtype::float32).to_vector<float>(), (Values{1, 1, 1}));
  EXPECT_EQ(Constant(2)({}, Dtype::float64).item(), 2);
  EXPECT_TRUE(std::isnan(NaN()({}, Dtype::float32).item()));
  EXPECT_EQ(Identity(3)({2, 2}, Dtype::float32).to_vector<float>(), (Values{3, 0, 0, 3}));
}

TEST(Initializers, SayWhatShapeTheyNeed) {
  const auto message = [](const Initializer& i, const Shape& shape) {
    return message_of([&] { i(shape, Dtype::float32); });
  };
  EXPECT_EQ(message(LeCunNormal(), {3}),
            "LeCunNormal: a shape must have at least 2 axes to have a fan, but the parameter is "
            "float32(3)");
  EXPECT_EQ(
      message(Identity(), {2, 3}),
      "Identity: only a square matrix can be the identity, but the parameter is float32(2, 3)");
  EXPECT_EQ(message(Array::of<float>({1, 2}), {3}),
            "initializer: an array that initialises a parameter must have its shape, but the given "
            "array is float32(2) and the parameter is float32(3)");
}

}  // namespace
}  // namespace nn::initializers
