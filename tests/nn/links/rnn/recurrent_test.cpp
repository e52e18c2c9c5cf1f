#include <gtest/gtest.h>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/rnn/rnn.h"
#include "autograd/graph/config.h"
#include "nn/links/rnn/gru.h"
#include "nn/links/rnn/lstm.h"
#include "nn/links/rnn/n_step_rnn.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

const std::vector<float> kUpward{1.078235149383545f, -0.5642316341400146f, 0.5485337972640991f,
                                 -0.0873861238360405f};
const std::vector<float> kLateral{1.247373342514038f, 0.2829538881778717f, 0.6920722723007202f,
                                  1.5845507383346558f};

// numpy.random.seed(0); L.LSTM(3, 2).upward.W.array and so on
TEST(LSTM, DrawsWhatChainerDraws) {
  autograd::random::seed(0);
  const LSTM link(3, 2);
  expect_begins(link.upward.W, {8, 3}, kUpward);
  expect_begins(link.lateral.W, {8, 2}, kLateral);
  EXPECT_EQ(values(link.upward.b), (std::vector<float>{0, 0, 1, 0, 0, 0, 1, 0}));
  EXPECT_FALSE(link.lateral.b);
  EXPECT_EQ(link.upward.W.name(), "W");
}

TEST(LSTM, WaitsForTheFirstInput) {
  autograd::random::seed(0);
  LSTM link(2);
  EXPECT_FALSE(link.upward.W.is_initialized());
  EXPECT_EQ(link(counted({1, 3})).shape(), (Shape{1, 2}));
  expect_begins(link.upward.W, {8, 3}, kUpward);
  expect_begins(link.lateral.W, {8, 2}, kLateral);
}

TEST(LSTM, TakesInitialValues) {
  const LSTM link(3, 2,
                  {.lateral_init = 0.5,
                   .upward_init = counted({2, 3}),
                   .bias_init = 3.0,
                   .forget_bias_init = Array::of<float>({7, 8})});
  EXPECT_EQ(values(link.lateral.W), std::vector<float>(16, 0.5f));
  expect_begins(link.upward.W, {8, 3}, {0, 1, 2, 3});
  EXPECT_EQ(values(link.upward.b), (std::vector<float>{3, 3, 7, 3, 3, 3, 8, 3}));
}

TEST(LSTM, KeepsItsState) {
  LSTM link(3, 2);
  StatelessLSTM same(3, 2);
  same.copyparams(link);
  const Array x = counted({2, 3}, 0.1f);
  const auto first = same({}, {}, x), second = same(first.c, first.h, x);
  EXPECT_EQ(values(link(x)), values(first.h));
  EXPECT_EQ(values(link(x)), values(second.h));
  EXPECT_EQ(values(link.c), values(second.c));
  link.reset_state();
  EXPECT_EQ(values(link(x)), values(first.h));
  link.set_state(first.c, first.h);
  EXPECT_EQ(values(link(x)), values(second.h));
  // The second sequence ends.
  link.set_state(first.c, first.h);
  link(x.slice(0, 0, 1));
  EXPECT_EQ(link.h.shape(), (Shape{2, 2}));
  EXPECT_EQ(values(link.h.array().slice(0, 1, 1)), values(first.h.array().slice(0, 1, 1)));
  EXPECT_EQ(link(x.slice(0, 0, 0)).shape(), (Shape{0, 2}));
  EXPECT_EQ(message_of([&] {
              link(counted({3, 3}));
            }),
            "LSTM: x must not have more rows than the last output h (reset_state() starts new "
            "sequences), but x is float32(3, 3) and h is float32(2, 2)");
}

TEST(LSTM, RefusesSizesThatMakeNoSense) {
  EXPECT_EQ(message_of([] { LSTM(3, 0); }), "LSTM: out_size must be at least 1, but it is 0");
  EXPECT_EQ(message_of([] { LSTM(0, 3); }), "LSTM: in_size must be at least 1, but it is 0");
}

// numpy.random.seed(0); L.GRU(3, 2)
TEST(GRU, DrawsWhatChainerDraws) {
  autograd::random::seed(0);
  const GRU link(3, 2);
  expect_begins(
      link.W_r.W, {2, 3},
      {1.018476128578186f, 0.23103086650371552f, 0.565074622631073f, 1.2937803268432617f});
  expect_begins(
      link.U.W, {2, 2},
      {0.03235615789890289f, -0.13235896825790405f, 1.0838385820388794f, 1.0389935970306396f});
}

TEST(GRU, WaitsForTheFirstInput) {
  GRU link(None, 2, {.bias_init = 5.0});
  EXPECT_EQ(link(counted({1, 3})).shape(), (Shape{1, 2}));
  EXPECT_EQ(link.W_z.W.shape(), (Shape{2, 3}));
  EXPECT_EQ(values(link.U.b), (std::vector<float>{5, 5}));
}

TEST(GRU, KeepsItsState) {
  GRU link(3, 2);
  const Array x = counted({2, 3}, 0.1f);
  const Variable first = link(x);
  StatelessGRU same(3, 2);
  same.copyparams(link);
  // Without a state U is left out, which is the same while its biases are 0.
  EXPECT_EQ(values(first), values(same(Array::zeros({2, 2}, Dtype::float32), x)));
  EXPECT_EQ(values(link(x)), values(same(first, x)));
  link.reset_state();
  EXPECT_EQ(values(link(x)), values(first));
  link.set_state(counted({2, 2}));
  EXPECT_EQ(values(link(x)), values(same(counted({2, 2}), x)));
}

// numpy.random.seed(0); L.NStepLSTM(2, 3, 2, 0.)
TEST(NStepLSTM, DrawsWhatChainerDraws) {
  autograd::random::seed(0);
  NStepLSTM link(2, 3, 2, 0);
  ASSERT_EQ(link.size(), 2u);
  expect_begins(
      link[0].w[0], {2, 3},
      {1.018476128578186f, 0.23103086650371552f, 0.565074622631073f, 1.2937803268432617f});
  expect_begins(
      link[1].w[4], {2, 2},
      {0.04703477770090103f, 0.21387992799282074f, -0.44853344559669495f, -0.25649672746658325f});
  EXPECT_EQ(link.namedparams().size(), 32u);
  EXPECT_EQ(link.namedparams()[0].path, "/0/b0");
}

TEST(NStepLinks, TakeSequencesInAnyOrder) {
  const std::vector<Array> xs{counted({2, 3}, 0.1f), counted({4, 3}, -0.1f), counted({3, 3}, 0.2f)};
  NStepBiGRU gru(2, 3, 2, 0);
  const auto [hy, ys] = gru({}, xs);
  EXPECT_EQ(hy.shape(), (Shape{4, 3, 2}));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ys[i].shape(), (Shape{xs[i].length(0), 4}));
    const auto [alone_hy, alone] = gru({}, {xs[i]});
    EXPECT_EQ(values(ys[i]), values(alone[0]));
    EXPECT_EQ(values(hy.array().slice(1, static_cast<std::int64_t>(i), 1)), values(alone_hy));
  }
}

TEST(NStepLinks, GoOnFromStates) {
  const Array whole = counted({5, 3}, 0.1f);
  NStepLSTM link(2, 3, 2, 0);
  const auto [hy, cy, ys] = link({}, {}, {whole});
  const auto [h1, c1, y1] = link({}, {}, {whole.slice(0, 0, 2)});
  const auto [h2, c2, y2] = link(h1, c1, {whole.slice(0, 2, 3)});
  EXPECT_EQ(values(h2), values(hy));
  EXPECT_EQ(values(c2), values(cy));
  EXPECT_EQ(values(y2[0]), values(ys[0].array().slice(0, 2, 3)));
}

TEST(NStepLinks, CallTheirFunctions) {
  const std::vector<Array> xs{counted({2, 3}, 0.1f), counted({1, 3}, -0.1f)};
  const auto widths = [&](auto link) {
    const auto [hy, ys] = link({}, xs);
    return Shape{hy.length(0), ys[0].length(1), ys[1].length(0)};
  };
  EXPECT_EQ(widths(NStepRNNTanh(2, 3, 5, 0)), (Shape{2, 5, 1}));
  EXPECT_EQ(widths(NStepRNNReLU(1, 3, 5, 0)), (Shape{1, 5, 1}));
  EXPECT_EQ(widths(NStepBiRNNTanh(2, 3, 5, 0)), (Shape{4, 10, 1}));
  EXPECT_EQ(widths(NStepBiRNNReLU(1, 3, 5, 0)), (Shape{2, 10, 1}));
  EXPECT_EQ(widths(NStepGRU(1, 3, 5, 0)), (Shape{1, 5, 1}));
  NStepRNNReLU relu(1, 3, 5, 0);
  const auto [hy, ys] = relu({}, xs);
  for (const float y : values(ys[0])) EXPECT_GE(y, 0);
  NStepBiLSTM lstm(1, 3, 5, 0);
  EXPECT_EQ(lstm({}, {}, xs).cy.shape(), (Shape{2, 2, 5}));
}

TEST(NStepLinks, RefuseWhatMakesNoSense) {
  EXPECT_EQ(message_of([] { NStepGRU(0, 3, 2, 0); }),
            "NStepRNN: n_layers, in_size and out_size must be at least 1, but they are 0, 3 and 2");
  EXPECT_EQ(message_of([] { NStepGRU(1, 3, 2, 1); }),
            "NStepRNN: dropout must lie in [0, 1), but it is 1");
  NStepGRU link(1, 3, 2, 0);
  EXPECT_EQ(message_of([&] { link({}, {}); }),
            "NStepRNN: xs must have at least one sequence, but it is empty");
  EXPECT_EQ(message_of([&] {
              link({}, {counted({2, 3}), counted({0, 3})});
            }),
            "NStepRNN: a sequence must have at least one step, but x is float32(0, 3)");
  EXPECT_EQ(message_of([&] {
              link(counted({1, 2, 2}), {counted({2, 3})});
            }),
            "NStepRNN: a state must be (1, 1, 2), but the state is float32(1, 2, 2)");
}

TEST(LSTMBiases, AreDrawnAfterTheWeights) {
  autograd::random::seed(0);
  const LSTM plain(3, 2);
  autograd::random::seed(0);
  const LSTM drawn(3, 2, {.bias_init = initializers::Normal(1)});
  EXPECT_TRUE(array_equal(drawn.upward.W.array(), plain.upward.W.array()));
  EXPECT_TRUE(array_equal(drawn.lateral.W.array(), plain.lateral.W.array()));
}

TEST(GRULayers, ThatWaitAreDrawnInChainersOrder) {
  StatefulGRU link(None, 2);
  autograd::random::seed(1);
  link(ones({4, 3}));
  autograd::random::seed(1);
  const Initializer draw = initializers::LeCunNormal();
  EXPECT_TRUE(array_equal(link.W_z.W.array(), draw({2, 3}, Dtype::float32)));
  EXPECT_TRUE(array_equal(link.W.W.array(), draw({2, 3}, Dtype::float32)));
  EXPECT_FALSE(link.W_r.W.is_initialized());  // without a state it is not used
}

}  // namespace
}  // namespace nn
