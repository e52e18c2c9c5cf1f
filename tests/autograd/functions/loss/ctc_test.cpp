#include "autograd/functions/loss/ctc.h"

#include <cmath>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/join.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

const Arrays kSymbols{numbers({2, 3}), numbers({2, 3}, 1), numbers({2, 3}, 2), numbers({2, 3}, 3)};

// What is left of a sequence of symbols without repetitions and blanks.
std::vector<int> merged(const std::vector<int>& symbols, int blank) {
  std::vector<int> labels;
  for (std::size_t t = 0; t < symbols.size(); ++t)
    if (symbols[t] != blank && (t == 0 || symbols[t] != symbols[t - 1]))
      labels.push_back(symbols[t]);
  return labels;
}

// Over all sequences of so many steps.
double by_enumeration(std::size_t row, std::size_t steps, const std::vector<int>& labels,
                      int blank) {
  double total = 0;
  std::vector<std::vector<double>> p;
  for (const Array& step : kSymbols) p.push_back(values(softmax(step, 1)));
  for (int code = 0; code < std::pow(3, steps); ++code) {
    std::vector<int> symbols;
    double product = 1;
    for (int rest = code; symbols.size() < steps; rest /= 3) {
      product *= p[symbols.size()][3 * row + static_cast<std::size_t>(rest % 3)];
      symbols.push_back(rest % 3);
    }
    if (merged(symbols, blank) == labels) total += product;
  }
  return -std::log(total);
}

TEST(Ctc, SumsOverAllSequencesThatStandForTheLabels) {
  for (const int blank : {0, 2}) {
    const int a = blank == 0 ? 1 : 0, b = 1;
    const Array t = Array::of<int>({a, b, b, b}, Shape{2, 2});
    const std::vector<double> losses =
        values(connectionist_temporal_classification(kSymbols, t, blank, {.reduce = Reduce::no}));
    EXPECT_NEAR(losses.at(0), by_enumeration(0, 4, {a, b}, blank), 1e-13);
    EXPECT_NEAR(losses.at(1), by_enumeration(1, 4, {b, b}, blank), 1e-13);
    EXPECT_NEAR(connectionist_temporal_classification(kSymbols, t, blank).item(),
                (losses[0] + losses[1]) / 2, 1e-13);
  }
}

TEST(Ctc, StopsWhereSequencesAndLabelsEnd) {
  // Labels that do not count may be anything.
  const Array t = Array::of<int>({1, 2, 2, -7}, Shape{2, 2});
  const std::vector<double> losses = values(connectionist_temporal_classification(
      kSymbols, t, 0,
      {.input_length = indices({4, 2}), .label_length = indices({2, 1}), .reduce = Reduce::no}));
  EXPECT_NEAR(losses.at(0), by_enumeration(0, 4, {1, 2}, 0), 1e-13);
  EXPECT_NEAR(losses.at(1), by_enumeration(1, 2, {2}, 0), 1e-13);
  EXPECT_NEAR(values(connectionist_temporal_classification(kSymbols, t, 0, indices({3, 3}),
                                                           indices({0, 1}), Reduce::no))
                  .at(0),
              by_enumeration(0, 3, {}, 0), 1e-13);
  EXPECT_NEAR(values(connectionist_temporal_classification(
                         kSymbols, Array::zeros({2, 0}, Dtype::int32), 0, {.reduce = Reduce::no}))
                  .at(1),
              by_enumeration(1, 4, {}, 0), 1e-13);
}

TEST(Ctc, WhatIsImpossibleCostsVeryMuchButNotInfinitelyMuch) {
  const Array t = Array::of<int>({1, 1, 1, 2}, Shape{2, 2});
  const std::vector<double> losses = values(connectionist_temporal_classification(
      {kSymbols[0], kSymbols[1]}, t, 0, {.reduce = Reduce::no}));
  EXPECT_NEAR(losses.at(0), 1e10, 100);
  EXPECT_NEAR(losses.at(1), by_enumeration(1, 2, {1, 2}, 0), 1e-13);
  // Symbols of probability 0.
  const Array x = matrix({1, 2}, {0, -kInf});
  EXPECT_NEAR(
      connectionist_temporal_classification({x}, Array::ones({1, 1}, Dtype::int32), 0).item(), 1e10,
      10);
}

TEST(Ctc, HasDerivatives) {
  const Array t = Array::of<int>({1, 2, 2, 2}, Shape{2, 2});
  for (const Reduce reduce : {Reduce::mean, Reduce::no})
    expect_derivatives(
        [&](const Variables& v) {
          return Variables{connectionist_temporal_classification(v, t, 0,
                                                                 {.input_length = indices({4, 3}),
                                                                  .label_length = indices({2, 2}),
                                                                  .reduce = reduce})};
        },
        kSymbols);
}

TEST(Ctc, GivesNoGradientToStepsBehindTheEnd) {
  const Variable last(kSymbols[3]);
  const Variable loss = connectionist_temporal_classification(
      {kSymbols[0], kSymbols[1], kSymbols[2], last}, Array::of<int>({1, 2}, Shape{2, 1}), 0,
      {.input_length = indices({4, 3})});
  loss.backward();
  const std::vector<double> g = values(last.grad());
  EXPECT_NE(g[0], 0);
  for (std::size_t i = 3; i < 6; ++i) EXPECT_EQ(g[i], 0);
}

TEST(Ctc, RefusesWhatDoesNotFit) {
  const Array t = Array::of<int>({1, 2, 2, 2}, Shape{2, 2});
  const std::string op = "connectionist_temporal_classification: ";
  EXPECT_EQ(message_of([&] { connectionist_temporal_classification(kSymbols, t, 3); }),
            op + "blank_symbol must lie in [0, 3), but it is 3");
  EXPECT_EQ(message_of([&] {
              connectionist_temporal_classification(kSymbols, t, 0, indices({5, 1}));
            }),
            op + "each input_length must lie in [1, 4], but there is 5");
  EXPECT_EQ(message_of([&] {
              connectionist_temporal_classification(kSymbols, t, 0, {.label_length = indices({1})});
            }),
            op + "lengths must be an integer for each sequence, but label_length is int32(1)");
  EXPECT_EQ(message_of([&] { connectionist_temporal_classification(Arrays{}, t, 0); }),
            op + "there must be a step, but there is none");
}

}  // namespace
}  // namespace autograd
