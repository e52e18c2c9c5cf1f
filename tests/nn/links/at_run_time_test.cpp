// Every layer of the library, known as a Link only.
#include <gtest/gtest.h>

#include <concepts>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "nn/copy.h"
#include "nn/links/activation/activations.h"
#include "nn/links/activation/maxout.h"
#include "nn/links/activation/simplified_dropconnect.h"
#include "nn/links/connection/bias.h"
#include "nn/links/connection/bilinear.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/connection/convolution_nd.h"
#include "nn/links/connection/deconvolution.h"
#include "nn/links/connection/deconvolution_nd.h"
#include "nn/links/connection/deformable_convolution.h"
#include "nn/links/connection/depthwise_convolution.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/connection/highway.h"
#include "nn/links/connection/inception.h"
#include "nn/links/connection/linear.h"
#include "nn/links/connection/local_convolution.h"
#include "nn/links/connection/mlp_convolution.h"
#include "nn/links/connection/parameter.h"
#include "nn/links/connection/scale.h"
#include "nn/links/loss/black_out.h"
#include "nn/links/loss/crf1d.h"
#include "nn/links/loss/hierarchical_softmax.h"
#include "nn/links/loss/negative_sampling.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/normalization/batch_renormalization.h"
#include "nn/links/normalization/decorrelated_batch_normalization.h"
#include "nn/links/normalization/layer_normalization.h"
#include "nn/links/rnn/gru.h"
#include "nn/links/rnn/lstm.h"
#include "nn/links/rnn/mgu.h"
#include "nn/links/rnn/n_step_rnn.h"
#include "nn/links/rnn/peephole.h"
#include "nn/links/rnn/tree_lstm.h"
#include "nn/links/rnn/zoneout_lstm.h"
#include "nn/sequential.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

// A std::vector that grows moves what moves without throwing, and copies the rest: then a
// LinkPointer would stay behind.
template <class... L>
constexpr bool all_move = ((std::is_nothrow_move_constructible_v<L> &&
                            std::is_nothrow_move_assignable_v<L> &&
                            std::copy_constructible<L>)&&...);
static_assert(all_move<Sequential, ChainList<Linear>, PReLU, Swish, BatchNormalization, Bias,
                       Bilinear, Convolution2D, ConvolutionND, Deconvolution2D, DeconvolutionND>);
static_assert(all_move<DepthwiseConvolution2D, EmbedID, StatelessGRU, StatefulGRU, Highway,
                       LayerNormalization, GroupNormalization, Linear, LocalConvolution2D>);
static_assert(all_move<StatelessLSTM, LSTM, Maxout, NStepLSTM, NStepBiLSTM, NStepGRU, NStepBiGRU,
                       NStepRNNTanh, NStepBiRNNReLU, ParameterLink, Scale>);
static_assert(
    all_move<SimplifiedDropconnect, Inception, InceptionBN, MLPConvolution2D, StatefulMGU,
             StatelessMGU, StatefulPeepholeLSTM, StatefulZoneoutLSTM, BinaryHierarchicalSoftmax>);
static_assert(
    all_move<BatchRenormalization, DecorrelatedBatchNormalization, BlackOut, NegativeSampling,
             CRF1d, ChildSumTreeLSTM, NaryTreeLSTM, DeformableConvolution2D>);

// Calls `layer` as what it is and as a Link, and a copy of it. Layers draw their weights when they
// first see an input, and the stateful ones go on: so each is called for the second time.
template <class L, class... X>
void expect_same_through_link(L layer, const X&... x) {
  SCOPED_TRACE(typeid(L).name());
  layer(x...);
  std::unique_ptr<Link> link = std::make_unique<L>(layer);
  const std::unique_ptr<Link> copied = copy(link, CopyMode::copy);
  const std::vector<float> expected = values(layer(x...));
  EXPECT_EQ(values((*link)(x...)), expected);
  EXPECT_EQ(values((*copied)(x...)), expected);
  for (const Parameter& p : copied->params())
    for (const Parameter& q : link->params()) EXPECT_FALSE(p.is(q));
}

TEST(LayerKnownAsALink, IsCalledAndCopied) {
  const Array x = counted({2, 4}), image = counted({1, 4, 4, 4}, 0.01F);
  expect_same_through_link(PReLU(), x);
  expect_same_through_link(Swish(Shape{4}), x);
  expect_same_through_link(BatchNormalization(4), x);
  expect_same_through_link(Bias(1, Shape{4}), x);
  expect_same_through_link(Bias(0), x, counted({2}));
  expect_same_through_link(Bilinear(4, 4, 2), x, x);
  expect_same_through_link(Convolution2D(4, 2, 3, 1, 1), image);
  expect_same_through_link(ConvolutionND(2, 4, 2, 3), image);
  expect_same_through_link(Deconvolution2D(4, 2, 3, 1, 1), image);
  expect_same_through_link(DeconvolutionND(2, 4, 2, 3), image);
  expect_same_through_link(DepthwiseConvolution2D(4, 2, 3), image);
  expect_same_through_link(EmbedID(3, 2), Array::of<std::int32_t>({0, 2}));
  expect_same_through_link(StatelessGRU(4, 4), x, x);
  expect_same_through_link(StatefulGRU(4, 2), x);
  expect_same_through_link(Highway(4), x);
  expect_same_through_link(LayerNormalization(), x);
  expect_same_through_link(GroupNormalization(2), image);
  expect_same_through_link(Linear(3), x);
  expect_same_through_link(LocalConvolution2D(4, 2, {{4, 4}}, 3), image);
  expect_same_through_link(LSTM(4, 2), x);
  expect_same_through_link(Maxout(4, 2, 2), x);
  expect_same_through_link(Scale(1, ScaleOptions{.W_shape = Shape{4}}), x);
  expect_same_through_link(Sequential(Linear(4, 2), Linear(2)), x);
  expect_same_through_link(SimplifiedDropconnect(4, 2, 0.0), x);
  expect_same_through_link(Inception(None, 1, 1, 1, 1, 1, 1), image);
  expect_same_through_link(InceptionBN(None, 0, 1, 1, 1, 1, PoolType::max), image);
  expect_same_through_link(MLPConvolution2D({2, 3}, 3), image);
  expect_same_through_link(BatchRenormalization(4), x);
  expect_same_through_link(DecorrelatedBatchNormalization(4, 2), counted({6, 4}));
  expect_same_through_link(DeformableConvolution2D(None, 2, 3), image);
  expect_same_through_link(StatefulMGU(4, 2), x);
  expect_same_through_link(StatelessMGU(4, 4), x, x);
  expect_same_through_link(StatefulPeepholeLSTM(4, 2), x);
  expect_same_through_link(StatefulZoneoutLSTM(4, 2, 0.0, 0.0), x);
  expect_same_through_link(BinaryHierarchicalSoftmax(4, {{0, 1}, 2}), x,
                           Array::of<std::int32_t>({0, 2}));
}

}  // namespace
}  // namespace nn
