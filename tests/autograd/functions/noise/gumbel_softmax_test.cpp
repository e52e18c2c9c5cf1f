#include "autograd/functions/noise/gumbel_softmax.h"

#include "autograd/array/random.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

TEST(GumbelSoftmax, IsASoftmaxOfNoisyLogarithms) {
  const Array log_pi = numbers({2, 3});
  random::Generator a(3), b(3);
  const Variable y = gumbel_softmax(log_pi, 0.5, 0, a);
  const Array g = array::gumbel({2, 3}, Dtype::float64, b);
  expect_near(y, softmax(as_variable(log_pi + g) / 0.5, 0), 1e-15);
  EXPECT_EQ(a.state(), b.state());
  const Variable one = gumbel_softmax(Array::scalar(3.), 0.1, 1, a);
  EXPECT_EQ(one.item(), 1);
  EXPECT_EQ(a.state(), b.state());
  const Variable by_negative_axis = gumbel_softmax(log_pi, 0.1, -2, a);
  expect_near(by_negative_axis, gumbel_softmax(log_pi, 0.1, 0, b), 0);
}

TEST(GumbelSoftmax, HasDerivatives) {
  expect_derivatives(
      [](const Variables& v) {
        random::Generator generator(5);
        return Variables{gumbel_softmax(v[0], v[1], 1, generator)};
      },
      {numbers({2, 3}), Array::scalar(0.7)});
}

TEST(GumbelSoftmax, RefusesAnAxisThatIsNotThere) {
  EXPECT_EQ(message_of([] { gumbel_softmax(numbers({3})); }),
            "gumbel_softmax: axis must be in [-1, 1) for an array of 1 axes, but it is 1");
}

}  // namespace
}  // namespace autograd
