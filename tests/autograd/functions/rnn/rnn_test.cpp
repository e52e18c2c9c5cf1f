#include "autograd/functions/rnn/rnn.h"

#include <cmath>

#include "autograd/functions/array/join.h"
#include "autograd/functions/math/basic_math.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

Variables both(const CellAndOutput& y) { return {y.c, y.h}; }

TEST(Lstm, IsItsFormula) {
  const auto [c, h] = lstm(matrix({1, 1}, {0.5}), matrix({1, 4}, {0.1, -0.2, 0.3, -0.4}));
  const double cell = logistic(0.3) * 0.5 + logistic(-0.2) * std::tanh(0.1);
  EXPECT_NEAR(c.item(), cell, 1e-15);
  EXPECT_NEAR(h.item(), logistic(-0.4) * std::tanh(cell), 1e-15);
}

TEST(Lstm, LetsEndedSequencesPass) {
  const Array before = numbers({3, 2}), x = numbers({2, 8}, 1);
  const auto [c, h] = lstm(before, x);
  EXPECT_EQ(h.shape(), (Shape{2, 2}));
  EXPECT_EQ(values(c.array().slice(0, 2, 1)), values(before.slice(0, 2, 1)));
  EXPECT_EQ(values(c.array().slice(0, 0, 2)), values(lstm(before.slice(0, 0, 2), x).c));
  EXPECT_EQ(values(lstm(before, x.slice(0, 0, 0)).c), values(before));
}

TEST(Lstm, HasDerivatives) {
  const Function f = [](const Variables& v) { return both(lstm(v[0], v[1])); };
  expect_derivatives(f, {numbers({3, 2}), numbers({3, 8}, 1)});
  expect_derivatives(f, {numbers({4, 2}), numbers({1, 8}, 1)});
  expect_derivatives(f, {numbers({2, 3, 2}), numbers({2, 12, 2}, 1)});
  expect_derivatives([](const Variables& v) { return Variables{lstm(v[0], v[1]).h}; },
                     {numbers({3, 1}), numbers({2, 4}, 1)});
}

TEST(Lstm, RefusesWhatDoesNotFit) {
  const std::string rule =
      "lstm: x must have 4 times the columns of c_prev, and not more rows, but ";
  EXPECT_EQ(message_of([] {
              lstm(numbers({3, 2}), numbers({3, 6}));
            }),
            rule + "c_prev is float64(3, 2) and x is float64(3, 6)");
  EXPECT_EQ(message_of([] {
              lstm(numbers({3, 2}), numbers({4, 8}));
            }),
            rule + "c_prev is float64(3, 2) and x is float64(4, 8)");
  EXPECT_EQ(message_of([] { lstm(numbers({3}), numbers({3})); }),
            rule + "c_prev is float64(3) and x is float64(3)");
}

TEST(Slstm, IsItsFormula) {
  const auto [c, h] =
      slstm(matrix({1, 1}, {0.5}), matrix({1, 1}, {-0.7}), matrix({1, 4}, {0.1, -0.2, 0.3, -0.4}),
            matrix({1, 4}, {0.6, 0.5, -0.8, 0.9}));
  const double cell = logistic(-0.2) * std::tanh(0.1) + logistic(0.5) * std::tanh(0.6) +
                      logistic(0.3) * 0.5 + logistic(-0.8) * -0.7;
  EXPECT_NEAR(c.item(), cell, 1e-15);
  EXPECT_NEAR(h.item(), logistic(0.5) * std::tanh(cell), 1e-15);
  expect_derivatives([](const Variables& v) { return both(slstm(v[0], v[1], v[2], v[3])); },
                     {numbers({3, 2}), numbers({3, 2}, 1), numbers({3, 8}, 2), numbers({3, 8}, 3)});
  EXPECT_EQ(message_of([] {
              slstm(numbers({3, 2}), numbers({3, 2}), numbers({3, 8}), numbers({2, 8}));
            }),
            "slstm: x1 and x2 must have 4 times the columns of c_prev1 and c_prev2, but c_prev1 is "
            "float64(3, 2), c_prev2 is float64(3, 2), x1 is float64(3, 8) and x2 is float64(2, 8)");
}

// Weights of `layers` layers of 2 units each, from inputs of 3 columns.
struct Layers {
  Layers(int layers, int directions, int weights) {
    int seed = 10;
    for (int layer = 0; layer < layers * directions; ++layer) {
      ws.emplace_back();
      bs.emplace_back();
      for (int i = 0; i < weights; ++i) {
        const int in = i >= weights / 2 ? 2 : layer < directions ? 3 : 2 * directions;
        ws.back().push_back(as_variable(numbers({2, in}, seed++)));
        bs.back().push_back(as_variable(numbers({2}, seed++)));
      }
    }
    hx = numbers({layers * directions, 3, 2}, 1);
    cx = numbers({layers * directions, 3, 2}, 2);
  }
  Weights ws, bs;
  Array hx, cx;
};
// Three sequences of 3, 2 and 1 steps.
const Variables kSteps{as_variable(numbers({3, 3}, 3)), as_variable(numbers({2, 3}, 4)),
                       as_variable(numbers({1, 3}, 5))};

TEST(NStepRNN, GoesThroughTheStepsOfEachSequence) {
  const Layers l(1, 1, 2);
  const auto [hy, ys] = n_step_rnn(1, 0, l.hx, l.ws, l.bs, kSteps);
  // The second sequence alone.
  Variables steps;
  for (int t = 0; t < 2; ++t)
    steps.emplace_back(kSteps[static_cast<std::size_t>(t)].array().slice(0, 1, 1));
  const auto [alone_hy, alone] = n_step_rnn(1, 0, l.hx.slice(1, 1, 1), l.ws, l.bs, steps);
  for (std::size_t t = 0; t < 2; ++t)
    EXPECT_EQ(values(ys[t].array().slice(0, 1, 1)), values(alone[t]));
  EXPECT_EQ(values(hy.array().slice(1, 1, 1)), values(alone_hy));
  EXPECT_EQ(values(alone_hy), values(alone[1]));
}

TEST(NStepRNN, GoesBackwardsInTheSecondDirection) {
  const Layers l(1, 2, 6);
  const auto [hy, ys] = n_step_bigru(1, 0, l.hx, l.ws, l.bs, kSteps);
  // A layer of its own that sees the first sequence backwards.
  Variables backwards;
  for (std::size_t t = 3; t-- > 0;) backwards.emplace_back(kSteps[t].array().slice(0, 0, 1));
  const auto [hy2, ys2] =
      n_step_gru(1, 0, l.hx.slice(0, 1, 1).slice(1, 0, 1), {l.ws[1]}, {l.bs[1]}, backwards);
  for (std::size_t t = 0; t < 3; ++t)
    EXPECT_EQ(values(ys[t].array().slice(0, 0, 1).slice(1, 2, 2)), values(ys2[2 - t]));
}

TEST(NStepRNN, DropsOutBetweenLayersWhileTraining) {
  const Layers l(2, 1, 2);
  const auto run = [&](double ratio, bool train) {
    const auto scope = using_config(&Config::train, train);
    return values(n_step_rnn(2, ratio, l.hx, l.ws, l.bs, kSteps).hy);
  };
  EXPECT_EQ(run(0.5, false), run(0, true));
  EXPECT_NE(run(0.5, true), run(0, true));
  // The first layer is not touched.
  const std::vector<double> dropped = run(0.5, true), whole = run(0, true);
  EXPECT_EQ(std::vector(dropped.begin(), dropped.begin() + 6),
            std::vector(whole.begin(), whole.begin() + 6));
}

Variables all(const NStepRNN& r) {
  Variables ys = r.ys;
  ys.push_back(r.hy);
  return ys;
}
Variables all(const NStepLSTM& r) {
  Variables ys = r.ys;
  ys.push_back(r.hy);
  ys.push_back(r.cy);
  return ys;
}

TEST(NStepRNN, HaveDerivatives) {
  // By the states, the steps, and a weight and a bias of each kind in the last layer.
  const auto check = [](int layers, int directions, int weights, const auto& run) {
    const Layers l(layers, directions, weights);
    const Function f = [&](const Variables& v) {
      Layers given = l;
      for (std::size_t i = 0; i < static_cast<std::size_t>(weights); ++i) {
        given.ws.back()[i] = v[5 + 2 * i];
        given.bs.back()[i] = v[6 + 2 * i];
      }
      return all(run(v[0], v[1], given, Variables{v[2], v[3], v[4]}));
    };
    Arrays xs{l.hx, l.cx};
    for (const Variable& step : kSteps) xs.push_back(step.array());
    for (std::size_t i = 0; i < static_cast<std::size_t>(weights); ++i) {
      xs.push_back(l.ws.back()[i].array());
      xs.push_back(l.bs.back()[i].array());
    }
    expect_derivatives(f, xs);
  };
  check(2, 1, 8, [](const Variable& hx, const Variable& cx, const Layers& l, const Variables& xs) {
    return n_step_lstm(2, 0, hx, cx, l.ws, l.bs, xs);
  });
  check(1, 2, 8, [](const Variable& hx, const Variable& cx, const Layers& l, const Variables& xs) {
    return n_step_bilstm(1, 0, hx, cx, l.ws, l.bs, xs);
  });
  check(2, 2, 6, [](const Variable& hx, const Variable&, const Layers& l, const Variables& xs) {
    return n_step_bigru(2, 0, hx, l.ws, l.bs, xs);
  });
  check(2, 1, 6, [](const Variable& hx, const Variable&, const Layers& l, const Variables& xs) {
    return n_step_gru(2, 0, hx, l.ws, l.bs, xs);
  });
  check(2, 1, 2, [](const Variable& hx, const Variable&, const Layers& l, const Variables& xs) {
    return n_step_rnn(2, 0, hx, l.ws, l.bs, xs);
  });
  check(1, 2, 2, [](const Variable& hx, const Variable&, const Layers& l, const Variables& xs) {
    return n_step_birnn(1, 0, hx, l.ws, l.bs, xs, RnnActivation::relu);
  });
}

TEST(NStepRNN, RefuseWhatDoesNotFit) {
  const Layers l(2, 1, 2);
  const auto error = [&](int n_layers, double dropout, const Variable& hx, const Weights& ws,
                         const Variables& xs) {
    return message_of([&] { n_step_rnn(n_layers, dropout, hx, ws, l.bs, xs); });
  };
  EXPECT_EQ(error(0, 0, l.hx, l.ws, kSteps),
            "n_step_rnn: n_layers must be at least 1, but it is 0");
  EXPECT_EQ(error(2, 1, l.hx, l.ws, kSteps),
            "n_step_rnn: dropout_ratio must lie in [0, 1), but it is 1");
  EXPECT_EQ(error(2, 0, l.hx, l.ws, {}),
            "n_step_rnn: xs must have at least one step, but it is empty");
  EXPECT_EQ(error(2, 0, l.hx.slice(0, 0, 1), l.ws, kSteps),
            "n_step_rnn: hx must hold the states of 2 layers and at least 3 sequences, but hx is "
            "float64(1, 3, 2)");
  EXPECT_EQ(error(2, 0, l.hx, l.ws, {kSteps[1], kSteps[0]}),
            "n_step_rnn: each step must have as many columns as the one before it, and not more "
            "rows, but x is float64(2, 3) and the next x is float64(3, 3)");
  EXPECT_EQ(error(2, 0, l.hx, {l.ws[0]}, kSteps),
            "n_step_rnn: ws and bs must have a list for each of 2 layers, but they have 1 and 2");
  EXPECT_EQ(error(2, 0, l.hx, {l.ws[0], {l.ws[1][0]}}, kSteps),
            "n_step_rnn: ws[1] and bs[1] must have 2 arrays each, but they have 1 and 2");
  EXPECT_EQ(error(2, 0, l.hx, {l.ws[0], l.ws[0]}, kSteps),
            "n_step_rnn: this weight and bias must be float64(2, 2) and (2), but ws[1][0] is "
            "float64(2, 3) and bs[1][0] is float64(2)");
  EXPECT_EQ(message_of([&] {
              n_step_lstm(1, 0, l.hx, numbers({1, 3, 2}), {}, {}, kSteps);
            }),
            "n_step_lstm: all arguments must have one shape, but hx is float64(2, 3, 2) and cx is "
            "float64(1, 3, 2)");
}

}  // namespace
}  // namespace autograd
