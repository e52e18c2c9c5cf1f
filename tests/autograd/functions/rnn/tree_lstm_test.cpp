#include "autograd/functions/rnn/tree_lstm.h"

#include <cmath>

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

TEST(TreeLstm, IsWhatItsFormulaSays) {
  const auto [c, h] = tree_lstm(matrix({1, 1}, {0.3}), matrix({1, 1}, {-0.6}),
                                matrix({1, 5}, {0.1, 0.2, 0.4, -0.5, 0.7}));
  const double expected = std::tanh(0.1) * sigma(0.2) + sigma(-0.5) * 0.3 + sigma(0.7) * -0.6;
  EXPECT_NEAR(c.item(), expected, 1e-15);
  EXPECT_NEAR(h.item(), sigma(0.4) * std::tanh(expected), 1e-15);
  EXPECT_EQ(shape_of(tree_lstm(numbers({0, 2}), numbers({0, 8})).h), "(0, 2)");
}

TEST(TreeLstm, HasDerivatives) {
  for (const int children : {1, 3}) {
    Arrays inputs;
    for (int k = 0; k < children; ++k) inputs.push_back(numbers({2, 3, 2}, k));
    inputs.push_back(numbers({2, 3 * (3 + children), 2}, 9));
    expect_derivatives(
        [](const Variables& v) {
          const auto [c, h] = tree_lstm(v);
          return Variables{c, h};
        },
        inputs);
  }
}

TEST(TreeLstm, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              tree_lstm(numbers({2, 3}), numbers({2, 9}));
            }),
            "tree_lstm: x must have the shape of c, with 4 times the units along axis 1, but c is "
            "float64(2, 3) and x is float64(2, 9)");
  EXPECT_EQ(message_of([] {
              tree_lstm({numbers({2, 3})});
            }),
            "tree_lstm: there must be a child and x, but there are 1 arguments");
  EXPECT_EQ(
      message_of([] {
        tree_lstm(numbers({2, 3}), numbers({2, 2}), numbers({2, 15}));
      }),
      "tree_lstm: all arguments must have one shape, but c is float64(2, 2) and the first c is "
      "float64(2, 3)");
}

}  // namespace
}  // namespace autograd
