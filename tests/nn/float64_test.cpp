// Models whose numbers are float64: Chainer's config.dtype.
#include <gtest/gtest.h>

#include <vector>

#include "autograd/autograd.h"
#include "autograd/testing/gradient_check.h"
#include "nn/files/npz.h"
#include "nn/nn.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::Config;

struct DeepNet : Chain {
  Linear l1{3, 4}, l2{None, 2};
  BatchNormalization bn{4};
  LSTM lstm{4};
  NStepGRU gru{1, 4, 4, 0};
  PReLU prelu;

  Variable operator()(const Variable& x) { return l2(prelu(lstm(bn(l1(x))))); }
  void list(Members& m) override {
    m("l1", l1)("l2", l2)("bn", bn)("lstm", lstm)("gru", gru)("prelu", prelu);
  }
};

Array batch(Dtype dtype) {
  return Array::of<double>({1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31}, {{4, 3}}).astype(dtype);
}

void expect_dtype(Link& link, Dtype dtype) {
  for (const auto& [path, p] : link.namedparams()) EXPECT_EQ(p.dtype(), dtype) << path;
}

TEST(Float64, IsTheDtypeOfLinksMadeUnderTheConfig) {
  expect_dtype(*std::make_unique<DeepNet>(), Dtype::float32);
  std::unique_ptr<DeepNet> net;
  {
    const auto in_float64 = autograd::using_config(&Config::dtype, Dtype::float64);
    net = std::make_unique<DeepNet>();
  }
  EXPECT_EQ(autograd::config().dtype, Dtype::float32);
  expect_dtype(*net, Dtype::float64);
  // What has no size yet is made by the first input, after the scope.
  EXPECT_EQ((*net)(batch(Dtype::float64)).dtype(), Dtype::float64);
  expect_dtype(*net, Dtype::float64);
  EXPECT_EQ(net->bn.avg_mean.dtype(), Dtype::float64);
  EXPECT_THROW((*net)(batch(Dtype::float32)), autograd::Error);
}

// Every link answers a float64 input in float64, whether its sizes are known or not.
TEST(Float64, IsTheDtypeOfEveryLink) {
  const auto in_float64 = autograd::using_config(&Config::dtype, Dtype::float64);
  const auto expect = [](auto link, const Shape& shape) {
    const Array x = Array::ones(shape, Dtype::float64);
    EXPECT_EQ(link(x).dtype(), Dtype::float64) << link;
    expect_dtype(link, Dtype::float64);
    const serializers::Dictionary saved = serializers::save(serializers::serialize_of(link));
    for (const auto& [path, value] : saved) {
      const auto* array = std::get_if<Array>(&value);
      if (!array || !is_float(array->dtype())) continue;
      EXPECT_EQ(array->dtype(), Dtype::float64) << path;
    }
  };
  expect(Linear(3, 4), {2, 3});
  expect(Linear(4), {2, 3});
  expect(Maxout(3, 4, 2), {2, 3});
  expect(Highway(3), {2, 3});
  expect(PReLU(), {2, 3});
  expect(Swish(None), {2, 3});
  expect(Bias(1, Shape{3}), {2, 3});
  expect(Scale(1, Shape{3}, true), {2, 3});
  expect(LayerNormalization(), {2, 3});
  expect(GroupNormalization(1), {2, 3, 4});
  expect(BatchNormalization(3), {2, 3});
  expect(BatchNormalization(None, {.axis = 0}), {2, 3});
  expect(Convolution2D(3, 4, 3), {1, 3, 5, 5});
  expect(Convolution2D(4, 3), {1, 3, 5, 5});
  expect(DilatedConvolution2D(3, 4, 2, 1, 0, 2), {1, 3, 5, 5});
  expect(Deconvolution2D(3, 4, 3), {1, 3, 5, 5});
  expect(DepthwiseConvolution2D(None, 2, 3), {1, 3, 5, 5});
  expect(LocalConvolution2D(None, 2, None, 3), {1, 3, 5, 5});
  expect(ConvolutionND(1, 3, 4, 3), {1, 3, 5});
  expect(DeconvolutionND(1, 3, 4, 3), {1, 3, 5});
  expect(LSTM(3, 4), {2, 3});
  expect(LSTM(4), {2, 3});
  expect(StatefulGRU(None, 4), {2, 3});
  expect(StatefulMGU(3, 4), {2, 3});
  expect(StatefulPeepholeLSTM(None, 4), {2, 3});
  expect(StatefulZoneoutLSTM(3, 4), {2, 3});
  expect(SimplifiedDropconnect(3, 4), {2, 3});
  expect(Inception(None, 1, 1, 1, 1, 1, 1), {1, 3, 5, 5});
  expect(InceptionBN(3, 1, 1, 1, 1, 1, PoolType::avg, 1), {1, 3, 5, 5});
  expect(MLPConvolution2D({4, 2}, 3), {1, 3, 5, 5});
  expect(Sequential(Linear(3, 4), autograd::relu, Linear(2)), {2, 3});
  Bilinear bilinear(3, 3, 2);
  const Array x = batch(Dtype::float64);
  EXPECT_EQ(bilinear(x, x).dtype(), Dtype::float64);
  EXPECT_EQ(EmbedID(3, 4)(Array::of<std::int32_t>({0, 2})).dtype(), Dtype::float64);
  NStepBiLSTM deep(2, 3, 4, 0.5);
  EXPECT_EQ(deep({}, {}, {x, x}).ys[0].dtype(), Dtype::float64);
  EXPECT_EQ(StatelessLSTM(3, 4)({}, {}, x).h.dtype(), Dtype::float64);
}

TEST(Float64, IsDrawnWithoutRounding) {
  const auto drawn = [](Dtype dtype) {
    const auto scope = autograd::using_config(&Config::dtype, dtype);
    autograd::random::seed(0);
    return Linear(3, 4).W.array();
  };
  const Array exact = drawn(Dtype::float64);
  EXPECT_TRUE(array_equal(exact.astype(Dtype::float32), drawn(Dtype::float32)));
  // numpy.random.seed(0); numpy.random.normal(0, numpy.sqrt(1 / 3))[0] = 1.764052345967664 / sqrt(3)
  EXPECT_DOUBLE_EQ(exact.to_vector<double>()[0], 1.764052345967664 * std::sqrt(1. / 3));
}

TEST(Float64, Trains) {
  const auto in_float64 = autograd::using_config(&Config::dtype, Dtype::float64);
  DeepNet net;
  const Array x = batch(Dtype::float64);
  const auto loss = [&] {
    net.lstm.reset_state();
    return autograd::sum(autograd::square(net(x)));
  };
  const double before = loss().item();
  optimizers::Adam adam;
  adam.setup(net);
  for (int i = 0; i < 20; ++i) adam.update(loss);
  EXPECT_LT(loss().item(), before);
  expect_dtype(net, Dtype::float64);
  for (const auto& [name, state] : net.l1.W.update_rule()->state)
    EXPECT_EQ(state.dtype(), Dtype::float64) << name;
}

TEST(Float64, HasTheGradientsOfItsFunction) {
  const auto in_float64 = autograd::using_config(&Config::dtype, Dtype::float64);
  autograd::random::seed(0);
  Linear l(3, 4);
  LayerNormalization norm(4);
  autograd::testing::check_backward([&](const Variable& x) { return autograd::tanh(norm(l(x))); },
                                    {batch(Dtype::float64)}, {},
                                    {.params = {l.W, l.b, norm.gamma, norm.beta}});
}

TEST(Float64, IsSavedAndTakesFilesOfEitherDtype) {
  const Folder folder;
  const std::string in_32 = folder / "32.npz", in_64 = folder / "64.npz";
  autograd::random::seed(0);
  DeepNet of_32;
  of_32(batch(Dtype::float32));
  serializers::save_npz(in_32, of_32);
  const auto in_float64 = autograd::using_config(&Config::dtype, Dtype::float64);
  DeepNet net, back;
  net(batch(Dtype::float64));
  serializers::save_npz(in_64, net);
  EXPECT_EQ(NpzReader(in_64).array("l1/W").dtype(), Dtype::float64);
  EXPECT_EQ(NpzReader(in_64).array("bn/avg_mean").dtype(), Dtype::float64);
  // As Chainer: the file's numbers in the model's dtype.
  serializers::load_npz(in_64, back);
  EXPECT_TRUE(array_equal(back.l2.W.array(), net.l2.W.array()));
  serializers::load_npz(in_32, back);
  expect_dtype(back, Dtype::float64);
  EXPECT_TRUE(array_equal(back.l2.W.array(), of_32.l2.W.array().astype(Dtype::float64)));
  EXPECT_EQ(back.bn.avg_var.dtype(), Dtype::float64);
}

TEST(Cast, ConvertsAllOfALinkInPlace) {
  DeepNet net;
  optimizers::Adam adam;
  adam.setup(net);
  const auto loss = [&](Dtype dtype) {
    net.lstm.reset_state();
    return autograd::sum(autograd::square(net(batch(dtype))));
  };
  adam.update(loss, Dtype::float32);
  const Parameter W = net.l1.W;
  const Array before = W.array(), m = W.update_rule()->state.at("m");
  EXPECT_EQ(&cast(net, Dtype::float64), &net);
  expect_dtype(net, Dtype::float64);
  EXPECT_EQ(net.bn.avg_var.dtype(), Dtype::float64);
  EXPECT_EQ(net.bn.N, 0);
  EXPECT_TRUE(array_equal(W.array(), before.astype(Dtype::float64)));
  EXPECT_TRUE(array_equal(W.update_rule()->state.at("m"), m.astype(Dtype::float64)));
  adam.update(loss, Dtype::float64);
  EXPECT_EQ(W.grad().dtype(), Dtype::float64);
  EXPECT_FALSE(array_equal(W.array(), before.astype(Dtype::float64)));
  cast(net, Dtype::float32);
  expect_dtype(net, Dtype::float32);
  adam.update(loss, Dtype::float32);
}

TEST(Cast, ReachesWhatIsNotInitialisedYet) {
  DeepNet net;
  BatchNormalization bare(None, {.use_gamma = false, .use_beta = false, .axis = 0});
  cast(net, Dtype::float64);
  cast(bare, Dtype::float64);
  EXPECT_EQ(net.l2.W.dtype(), Dtype::float64);
  EXPECT_EQ(net(batch(Dtype::float64)).dtype(), Dtype::float64);
  EXPECT_EQ(bare(batch(Dtype::float64)).dtype(), Dtype::float64);
  EXPECT_EQ(bare.avg_mean.dtype(), Dtype::float64);
}

TEST(Cast, RefusesWhatIsNoFloat) {
  Linear l(3, 4);
  EXPECT_EQ(message_of([&] { cast(l, Dtype::int32); }),
            "cast: a link must be float32 or float64, but dtype is int32");
  expect_dtype(l, Dtype::float32);
}

}  // namespace
}  // namespace nn
