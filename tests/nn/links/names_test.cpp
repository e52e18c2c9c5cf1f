// A parameter has the name that list() gives it, which graphs and messages show.
#include <gtest/gtest.h>

#include <string>

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
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

// `count`: of the parameters.
template <class L>
void expect_named(L link, std::size_t count) {
  const auto all = link.namedparams();
  EXPECT_EQ(all.size(), count) << link;
  for (const auto& [path, parameter] : all) {
    Parameter p = parameter;
    if (!p.is_initialized()) p.initialize_with(ones({2}));
    EXPECT_EQ(p.name(), path.substr(path.rfind('/') + 1)) << link << path;
  }
}

TEST(Names, AreThoseOfTheListing) {
  expect_named(PReLU(), 1);
  expect_named(Swish(None), 1);
  expect_named(Swish({3}), 1);
  expect_named(Maxout(3, 2, 2), 2);
  expect_named(Bias(1, {3}), 1);
  expect_named(Scale(1, {3}, true), 2);
  expect_named(Bilinear(3, 4, 2), 4);
  expect_named(Bilinear(3, 4, 2, true), 1);
  expect_named(Convolution2D(3, 4, 2), 2);
  expect_named(Convolution2D(4, 2), 2);
  expect_named(ConvolutionND(3, 4, 2, 2), 2);
  expect_named(Deconvolution2D(3, 4, 2), 2);
  expect_named(DeconvolutionND(3, 4, 2, 2), 2);
  expect_named(DepthwiseConvolution2D(3, 4, 2), 2);
  expect_named(DepthwiseConvolution2D(None, 4, 2), 2);
  expect_named(LocalConvolution2D(3, 4, 6, 2), 2);
  expect_named(LocalConvolution2D(None, 4, None, 2), 2);
  expect_named(EmbedID(3, 2), 1);
  expect_named(Highway(3), 4);
  expect_named(Linear(3, 2), 2);
  expect_named(Linear(2), 2);
  expect_named(Linear(3, 2, true), 1);
  expect_named(ParameterLink(ones({2})), 1);
  expect_named(BatchNormalization(3), 2);
  expect_named(BatchNormalization(None, {.use_beta = false, .axis = 0}), 1);
  expect_named(LayerNormalization(), 2);
  expect_named(LayerNormalization(3), 2);
  expect_named(GroupNormalization(1, 3), 2);
  expect_named(LSTM(3, 2), 3);
  expect_named(LSTM(2), 3);
  expect_named(StatefulGRU(3, 2), 12);
  expect_named(NStepBiLSTM(2, 3, 2, 0), 64);
  expect_named(SimplifiedDropconnect(3, 2), 2);
  expect_named(SimplifiedDropconnect(None, 2, 0.5, true), 1);
  expect_named(Inception(3, 1, 1, 1, 1, 1, 1), 12);
  expect_named(InceptionBN(3, 1, 1, 1, 1, 1, PoolType::max, 1), 21);
  expect_named(InceptionBN(None, 0, 1, 1, 1, 1, PoolType::avg), 15);
  expect_named(MLPConvolution2D(3, {2, 2}, 3), 4);
  expect_named(StatefulPeepholeLSTM(3, 2), 6);
  expect_named(StatefulZoneoutLSTM(3, 2), 3);
  expect_named(StatefulMGU(3, 2), 4);
  expect_named(BatchRenormalization(3), 2);
  expect_named(DecorrelatedBatchNormalization(4, 2), 0);
  expect_named(BlackOut(3, {2, 1}, 1), 1);
  expect_named(NegativeSampling(3, {2, 1}, 1), 1);
  expect_named(CRF1d(3), 1);
  expect_named(ChildSumTreeLSTM(3, 2), 4);
  expect_named(NaryTreeLSTM(None, 2, 3), 5);
  expect_named(DeformableConvolution2D(3, 2, 3), 4);
  expect_named(DeformableConvolution2D(None, 2, 3, {.deform_nobias = true}), 3);
  expect_named(BinaryHierarchicalSoftmax(3, {{0, 1}, 2}), 1);
}

TEST(Names, MayBeGivenBeforeTheValues) {
  Parameter W(1.0);
  W.set_name("weights");
  EXPECT_EQ(W.name(), "");  // of no values yet
  W.initialize({2});
  EXPECT_EQ(W.name(), "weights");
  EXPECT_EQ(W.reinitialized().name(), "weights");
  W.set_name("again");
  EXPECT_EQ(W.name(), "again");
  EXPECT_EQ(W.copy().name(), "again");
}

}  // namespace
}  // namespace nn
