#include <gmock/gmock.h>

#include <cmath>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/normalization/normalization.h"
#include "autograd/functions/util/forget.h"
#include "autograd/graph/config.h"
#include "nn/copy.h"
#include "nn/files/npz.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/normalization/layer_normalization.h"
#include "nn/sequential.h"
#include "nn/serializers/save_load.h"
#include "tests/folder.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using ::testing::ElementsAre;
using ::testing::Pointwise;
using ::testing::ThrowsMessage;
using ::testing::UnorderedElementsAre;

MATCHER_P(Near, tolerance, "") {
  return std::abs(std::get<0>(arg) - std::get<1>(arg)) <= tolerance;
}

const Array kRows = Array::of<float>({1, 2, 3, 4, 5, 9}, {{3, 2}});  // means 3 and 5

// The function is called twice for one batch.
TEST(BatchNormalization, UpdatesItsAveragesOnceInsideForget) {
  for (const bool finetune : {false, true}) {
    BatchNormalization bn(2, {.decay = 0.5}), plain(2, {.decay = 0.5});
    const Variable x(kRows);
    const Variable y = autograd::forget([&](const Variable& v) { return bn(v, finetune); }, x);
    EXPECT_THAT(values(y), Pointwise(Near(1e-6f), values(plain(kRows, finetune))));
    autograd::sum(autograd::square(y)).backward();
    EXPECT_THAT(values(bn.avg_mean), Pointwise(Near(1e-6f), values(plain.avg_mean)));
    EXPECT_THAT(values(bn.avg_var), Pointwise(Near(1e-6f), values(plain.avg_var)));
    EXPECT_EQ(bn.N, plain.N);
    EXPECT_TRUE(bn.gamma.grad());
  }
}

TEST(BatchNormalization, TrainsAndTests) {
  BatchNormalization bn(2, {.decay = 0.5, .eps = 0});
  EXPECT_THAT(paths(bn), ElementsAre("/beta", "/gamma"));
  const Variable y = bn(kRows);
  const float a = std::sqrt(1.5f);
  EXPECT_THAT(values(y), Pointwise(Near(1e-6f), std::vector<float>{-a, -3 / std::sqrt(26 / 3.f), 0,
                                                                   -1 / std::sqrt(26 / 3.f), a,
                                                                   4 / std::sqrt(26 / 3.f)}));
  EXPECT_THAT(values(bn.avg_mean), ElementsAre(1.5, 2.5));
  EXPECT_THAT(values(bn.avg_var), ElementsAre(2.5, 7));  // 0.5 + 0.5 (4, 13)
  EXPECT_EQ(bn.N, 0);

  const auto testing = autograd::using_config(&autograd::Config::train, false);
  EXPECT_THAT(values(bn(Array::of<float>({1.5f, 2.5f}, {{1, 2}}))), ElementsAre(0, 0));
  EXPECT_THAT(values(bn.avg_mean), ElementsAre(1.5, 2.5));
}

// As in a program that looks at its data with the averages so far, and trains before it goes back.
TEST(BatchNormalization, GoesBackThroughAnEarlierTest) {
  const auto gradients = [](bool train_between) {
    BatchNormalization bn(2, {.decay = 0.5});
    const Variable x(kRows);
    Variable y;
    {
      const auto testing = autograd::using_config(&autograd::Config::train, false);
      y = bn(x);
    }
    if (train_between) bn(kRows);
    sum(square(y)).backward();
    auto all = values(x.grad());
    for (const float g : values(bn.gamma.grad())) all.push_back(g);
    return all;
  };
  EXPECT_EQ(gradients(true), gradients(false));
}

TEST(BatchNormalization, FinetunesToThePlainAverage) {
  BatchNormalization bn(2);
  bn.start_finetuning();
  bn(kRows, true);
  EXPECT_THAT(values(bn.avg_mean), ElementsAre(3, 5));
  EXPECT_THAT(values(bn.avg_var), ElementsAre(4, 13));
  bn(Variable(kRows) + 2, true);
  EXPECT_EQ(bn.N, 2);
  EXPECT_THAT(values(bn.avg_mean), ElementsAre(4, 6));
  EXPECT_THAT(values(bn.avg_var), ElementsAre(4, 13));
  bn.start_finetuning();
  EXPECT_EQ(bn.N, 0);
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  bn(kRows, true);
  EXPECT_EQ(bn.N, 0);
}

TEST(BatchNormalization, MayDoWithoutItsParameters) {
  BatchNormalization bare(2, {.use_gamma = false, .use_beta = false});
  EXPECT_THAT(paths(bare), ElementsAre());
  BatchNormalization whole(2);
  EXPECT_EQ(values(bare(kRows)), values(whole(kRows)));
  BatchNormalization shifted(2, {.use_gamma = false,
                                 .initial_beta = 3,
                                 .initial_avg_mean = 1,
                                 .initial_avg_var = Array::of<float>({4, 9})});
  EXPECT_THAT(paths(shifted), ElementsAre("/beta"));
  EXPECT_THAT(values(shifted.avg_mean), ElementsAre(1, 1));
  EXPECT_THAT(values(shifted.avg_var), ElementsAre(4, 9));
  EXPECT_THAT(values(shifted(kRows.slice(0, 0, 1))), ElementsAre(3, 3));
}

TEST(BatchNormalization, TakesItsSizeFromTheFirstInput) {
  BatchNormalization bn(None, {.axis = {0, 2, 3}});
  EXPECT_FALSE(bn.avg_mean || bn.gamma.is_initialized());
  EXPECT_EQ(bn(Array::zeros({2, 3, 4, 5}, Dtype::float32)).shape(), (Shape{2, 3, 4, 5}));
  EXPECT_EQ(bn.avg_mean.shape(), Shape{3});
  EXPECT_EQ(bn.gamma.shape(), Shape{3});
  BatchNormalization pixels(None, {.axis = 0}), given(Shape{3, 4, 5}),
      wide(2, {.dtype = Dtype::float64, .axis = 0});
  pixels(Array::zeros({2, 3, 4, 5}, Dtype::float32));
  EXPECT_EQ(pixels.beta.shape(), (Shape{3, 4, 5}));
  EXPECT_EQ(given.avg_var.shape(), (Shape{3, 4, 5}));
  EXPECT_EQ(wide(kRows.astype(Dtype::float64)).dtype(), Dtype::float64);
}

TEST(BatchNormalization, SaysWhatIsWrong) {
  EXPECT_THAT([] { BatchNormalization(None, {.decay = 0.5}); },
              ThrowsMessage<autograd::Error>(
                  "BatchNormalization: the size or the axis must be given, but both are missing"));
  EXPECT_THAT([] { BatchNormalization(0); },
              ThrowsMessage<autograd::Error>(
                  "BatchNormalization: each length of the size must be at least 1, but it is (0)"));
  EXPECT_THAT([] { BatchNormalization(None, {.axis = 2})(kRows); },
              ThrowsMessage<autograd::Error>("BatchNormalization: axis must be in [-2, 2) for an "
                                             "array of 2 axes, but it is 2"));
  BatchNormalization three(3);
  EXPECT_THAT([&] { three(kRows); },
              ThrowsMessage<autograd::Error>(
                  "batch_normalization: gamma must have the shape (2), that of the channels, but x "
                  "is float32(3, 2), gamma is float32(3) and beta is float32(3)"));
}

TEST(BatchNormalization, IsSavedWithItsStatistics) {
  const Folder folder;
  const std::string file = folder / "bn.npz";
  BatchNormalization bn(2), later(None, {.axis = 0}), other(2);
  bn(kRows, true);
  serializers::save_npz(file, bn);
  EXPECT_THAT(NpzReader(file).keys(),
              UnorderedElementsAre("gamma", "beta", "avg_mean", "avg_var", "N"));
  EXPECT_EQ(NpzReader(file).array("N").dtype(), Dtype::int64);
  EXPECT_EQ(NpzReader(file).array("avg_var").dtype(), Dtype::float32);
  for (BatchNormalization* link : {&later, &other}) {
    serializers::load_npz(file, *link);
    EXPECT_EQ(link->N, 1);
    EXPECT_THAT(values(link->avg_mean), ElementsAre(3, 5));
    EXPECT_THAT(values(link->avg_var), ElementsAre(4, 13));
  }
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  EXPECT_EQ(values(later(kRows)), values(bn(kRows)));
}

TEST(BatchNormalization, IsCopiedWithItsStatistics) {
  BatchNormalization bn(2);
  BatchNormalization own = copy(bn, CopyMode::copy);
  own(kRows);
  EXPECT_THAT(values(bn.avg_mean), ElementsAre(0, 0));
  Sequential two = repeat(bn, 2);
  two(kRows);
  EXPECT_THAT(values(bn.avg_mean), ElementsAre(0, 0));
  EXPECT_THAT(paths(two), ElementsAre("/0/beta", "/0/gamma", "/1/beta", "/1/gamma"));
}

TEST(LayerNormalization, NormalizesEachSample) {
  LayerNormalization ln(2), later;
  EXPECT_THAT(paths(ln), ElementsAre("/beta", "/gamma"));
  EXPECT_EQ(ln.eps, 1e-6);
  EXPECT_FALSE(later.gamma.is_initialized());
  EXPECT_EQ(values(later(kRows)), values(ln(kRows)));
  EXPECT_EQ(values(ln(kRows)),
            values(autograd::layer_normalization(kRows, Array::full({2}, 1, Dtype::float32),
                                                 Array::zeros({2}, Dtype::float32), 1e-6)));
  LayerNormalization made(2, {.eps = 1, .initial_gamma = 2, .initial_beta = 3});
  EXPECT_THAT(values(made.gamma), ElementsAre(2, 2));
  EXPECT_THAT(values(made.beta), ElementsAre(3, 3));
  EXPECT_THAT(
      [] { LayerNormalization(0); },
      ThrowsMessage<autograd::Error>("LayerNormalization: size must be at least 1, but it is 0"));
  EXPECT_THAT(
      [&] {
        ln(kRows.reshape({1, 3, 2}));
      },
      ThrowsMessage<autograd::Error>(
          "layer_normalization: x must have 2 axes, but x is float32(1, 3, 2), gamma is "
          "float32(2) and beta is float32(2)"));
}

TEST(GroupNormalization, NormalizesGroupsOfChannels) {
  GroupNormalization gn(2, 4), later(2);
  EXPECT_THAT(paths(gn), ElementsAre("/beta", "/gamma"));
  const Array x = Array::of<float>({1, 3, 5, 9, 2, 2, 7, 7}, {{2, 4, 1}});
  EXPECT_THAT(values(gn(x)), Pointwise(Near(1e-4f), std::vector<float>{-1, 1, -1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(values(later(x)), values(gn(x)));
  EXPECT_THAT([] { GroupNormalization(3, 4); },
              ThrowsMessage<autograd::Error>("GroupNormalization: the groups must divide the size, "
                                             "but there are 3 groups of 4 channels"));
  EXPECT_THAT([] { GroupNormalization(0); },
              ThrowsMessage<autograd::Error>("GroupNormalization: the groups must divide the size, "
                                             "but there are 0 groups of None channels"));
  EXPECT_THAT(
      [] {
        GroupNormalization(2)(Array::zeros({2, 3, 2}, Dtype::float32));
      },
      ThrowsMessage<autograd::Error>("group_normalization: the channels must be divisible into 2 "
                                     "groups, but x is float32(2, 3, 2)"));
}

TEST(EmbedID, HoldsAVectorForEachId) {
  // numpy.random.seed(0); chainer.links.EmbedID(3, 2).W.array
  autograd::random::seed(0);
  const std::vector<float> drawn = values(EmbedID(3, 2).W);
  EXPECT_EQ(drawn.front(), 1.764052391052246f);
  EXPECT_EQ(drawn.back(), -0.9772778749465942f);
  EmbedID embed(3, 2, {.initialW = Array::of<float>({0, 1, 2, 3, 4, 5}, {{3, 2}})});
  EXPECT_THAT(paths(embed), ElementsAre("/W"));
  EXPECT_THAT(values(embed(Array::of<std::int32_t>({2, 0}))), ElementsAre(4, 5, 0, 1));
  EmbedID ignoring(3, 2, {.initialW = 7, .ignore_label = -1});
  EXPECT_THAT(values(ignoring(Array::of<std::int32_t>({-1, 0}))), ElementsAre(0, 0, 7, 7));
  EXPECT_THAT(
      [&] { embed(Array::of<std::int32_t>({3})); },
      ThrowsMessage<autograd::Error>("embed_id: labels must lie between 0 and 2, but there is 3"));
  EXPECT_THAT([] { EmbedID(3, 0); },
              ThrowsMessage<autograd::Error>(
                  "EmbedID: sizes must be at least 1, but in_size is 3 and out_size 0"));
}

}  // namespace
}  // namespace nn
