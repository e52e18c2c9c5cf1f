#include <gmock/gmock.h>

#include <cmath>
#include <utility>

#include "autograd/array/linalg.h"
#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using autograd::Reduce;
using ::testing::ElementsAre;

const Array kLabels = Array::of<std::int32_t>({0, -1, 2});

TEST(NegativeSamplingLink, BeginsWithoutAPreference) {
  NegativeSampling link(3, {5, 4, 3, 2, 1}, 4);
  const Array x = counted({3, 3}, 0.5F);
  // W is 0: each of the five terms of the two rows that count is log 2.
  EXPECT_NEAR(link(x, kLabels).item(), 2 * 5 * std::log(2), 1e-5);
  EXPECT_EQ(link(x, kLabels, Reduce::no).shape(), Shape{3});
  const auto [loss, samples] = link.with_samples(x, kLabels);
  EXPECT_EQ(samples.shape(), (Shape{3, 5}));
  EXPECT_EQ(samples.slice(1, 0, 1).astype(Dtype::int32).to_vector<std::int32_t>(),
            kLabels.to_vector<std::int32_t>());
  // A count of 0 is never sampled.
  NegativeSampling sure(3, {0, 1}, 50);
  const Array drawn = sure.with_samples(x, Array::of<std::int32_t>({1, 1, 1})).samples;
  EXPECT_EQ(autograd::array::sum(drawn.astype(Dtype::float32)).item(), 3 * 51);
}

TEST(BlackOutLink, WantsItsWeightsFirst) {
  BlackOut link(3, {3, 2, 1}, 2);
  const Array x = counted({2, 3}, 0.5F), t = Array::of<std::int32_t>({0, 2});
  EXPECT_TRUE(std::isnan(link(x, t).item()));
  link.W.set_array(zeros({3, 3}));
  // All three have the probability 1/3.
  const double expected = -std::log(1. / 3) - 2 * std::log(2. / 3);
  EXPECT_NEAR(link(x, t).item(), expected, 1e-6);
  link.sample_data = Array::of<std::int32_t>({0, 1, 1, 0}, {{2, 2}});
  EXPECT_NEAR(link(x, t).item(), expected, 1e-6);
  EXPECT_EQ(message_of([] { BlackOut(3, {}, 2); }),
            "BlackOut: in_size and sample_size must be at least 1 and there must be a count, but "
            "they are 3 and 2 and there are 0 counts");
}

TEST(CRF1dLink, SortsSequences) {
  CRF1d link(3, initializers::Normal(1));
  const Array a = counted({2, 3}, 0.1F), b = counted({4, 3}, 0.3F);
  const Array of_a = Array::of<std::int32_t>({0, 1}), of_b = Array::of<std::int32_t>({2, 1, 0, 2});
  const auto labels = [](const Array& t) { return autograd::as_variable(t); };
  const double loss = link({a, b}, {labels(of_a), labels(of_b)}, Reduce::mean, true).item();
  const Variables xs = autograd::transpose_sequence({b, a}),
                  ys = autograd::transpose_sequence({labels(of_b), labels(of_a)});
  EXPECT_NEAR(link(xs, ys).item(), loss, 1e-6);
  // Not reduced, the losses are in the order of falling lengths.
  const auto each = values(link({a, b}, {labels(of_a), labels(of_b)}, Reduce::no, true));
  EXPECT_NEAR(each[0], link({b}, {labels(of_b)}, Reduce::mean, true).item(), 1e-5);

  const autograd::CrfPath best = link.argmax({a, b}, true);
  ASSERT_EQ(best.path.size(), 2u);
  EXPECT_EQ(best.path[0].shape(), Shape{2});
  EXPECT_EQ(best.path[1].shape(), Shape{4});
  const autograd::CrfPath alone = link.argmax({a}, true);
  EXPECT_TRUE(array_equal(best.path[0], alone.path[0]));
  // The best path has the least loss.
  EXPECT_LE(link({a}, {labels(alone.path[0])}, Reduce::mean, true).item(),
            link({a}, {labels(of_a)}, Reduce::mean, true).item());
  EXPECT_EQ(message_of([&] {
              link({a, b}, {labels(of_a)}, Reduce::mean, true);
            }),
            "CRF1d: there must be labels for each sequence, but there are 2 sequences and 1 of "
            "labels");
  EXPECT_EQ(message_of([] { CRF1d(0); }), "CRF1d: n_label must be at least 1, but it is 0");
}

TEST(TreeLSTMLinks, TakeChildrenInAnyNumber) {
  ChildSumTreeLSTM link(3, 2);
  const Array x = counted({4, 3}, 0.1F), c1 = counted({4, 2}, 0.2F), h1 = counted({4, 2}, 0.3F),
              c2 = counted({4, 2}, -0.1F), h2 = counted({4, 2}, -0.2F);
  const auto expect_near = [](const autograd::CellAndOutput& a, const autograd::CellAndOutput& b) {
    for (const auto& [y, z] : {std::pair(a.c, b.c), std::pair(a.h, b.h)})
      EXPECT_LT(autograd::max(autograd::absolute(y - z)).item(), 1e-6);
  };
  // Children have no order; one of zeros does not matter; None is zeros.
  expect_near(link(c1, c2, h1, h2, x), link(c2, c1, h2, h1, x));
  const Array zero = zeros({4, 2});
  expect_near(link(c1, Variable(), h1, Variable(), x), link(c1, zero, h1, zero, x));
  expect_near(link(c1, h1, x), link(c1, zero, h1, zero, x));
  expect_near(link(c1, h1, Variable()), link(c1, h1, zeros({4, 3})));
  EXPECT_EQ(link(x).h.shape(), (Shape{4, 2}));

  NaryTreeLSTM pair(3, 2);
  expect_near(pair(c1, Variable(), Variable(), h2, x), pair(c1, zero, zero, h2, x));
  EXPECT_THAT(paths(pair), ElementsAre("/W_h1/W", "/W_h2/W", "/W_x/W", "/W_x/b"));
  EXPECT_EQ(message_of([&] { pair(c1, h1, x); }),
            "NaryTreeLSTM: there must be 2 c, 2 h, and x, but there are 3 arguments");
  EXPECT_EQ(message_of([&] { link(c1, x); }),
            "ChildSumTreeLSTM: the arguments must be as many c as h, and x, but there are 2");
  EXPECT_EQ(message_of([&] { link(Variable(), Variable(), Variable()); }),
            "ChildSumTreeLSTM: one of the arguments must be given, but all are None");
  EXPECT_EQ(message_of([&] { ChildSumTreeLSTM(None, 2)(c1, h1, Variable()); }),
            "ChildSumTreeLSTM: x must be given where in_size is None, but it is None, too");
  EXPECT_EQ(message_of([] { NaryTreeLSTM(3, 2, 0); }),
            "NaryTreeLSTM: n_ary must lie in [1, 65536], but it is 0");
}

TEST(DeformableConvolution2DLink, WithoutOffsetsIsAConvolution) {
  DeformableConvolution2D link(2, 3, 3,
                               {.stride = 2,
                                .pad = 1,
                                .offset_initialW = 0.0,
                                .deform_initialW = initializers::Normal(1),
                                .deform_initial_bias = 0.5});
  Convolution2D plain(2, 3, 3, 2, 1);
  plain.W.set_array(link.deform_conv.W.array());
  plain.b.set_array(link.deform_conv.b.array());
  const Array x = counted({1, 2, 5, 6}, 0.1F);
  EXPECT_LT(autograd::max(autograd::absolute(link(x) - plain(x))).item(), 1e-4);
  // By default the sampler's filters are 0.
  EXPECT_EQ(autograd::max(autograd::absolute(DeformableConvolution2D(2, 3, 3)(x))).item(), 0);
}

TEST(BatchRenormalizationLink, WithoutCorrectionsIsBatchNormalization) {
  BatchRenormalization link(3);
  BatchNormalization plain(3);
  const Array x = counted({4, 3}, 0.5F), y = counted({4, 3}, -0.25F);
  const auto expect_same = [&](const Array& batch, bool finetune) {
    EXPECT_LT(
        autograd::max(autograd::absolute(link(batch, finetune) - plain(batch, finetune))).item(),
        1e-5);
    EXPECT_LT(
        autograd::max(autograd::absolute(Variable(link.avg_var) - Variable(plain.avg_var))).item(),
        1e-5);
  };
  expect_same(x, false);
  expect_same(y, true);
  EXPECT_EQ(link.N, 1);
  {
    const auto testing = autograd::using_config(&autograd::Config::train, false);
    expect_same(x, false);
  }
  EXPECT_THAT(paths(link), ElementsAre("/beta", "/gamma"));
  EXPECT_EQ(message_of([] { BatchRenormalization(3, {.rmax = 0.5}); }),
            "BatchRenormalization: rmax must be at least 1 and dmax not negative, but they are 0.5 "
            "and 0");
  // What is computed again uses the averages of the first time.
  BatchRenormalization once(3, {.rmax = 2, .dmax = 1}), again(3, {.rmax = 2, .dmax = 1});
  const Variable a(x), b(x), weights(counted({4, 3}));
  autograd::sum(once(a) * weights).backward();
  autograd::sum(autograd::forget([&](const Variable& v) { return again(v); }, b) * weights)
      .backward();
  EXPECT_TRUE(array_equal(a.grad(), b.grad()));
  EXPECT_TRUE(array_equal(once.avg_mean, again.avg_mean));
}

TEST(DecorrelatedBatchNormalizationLink, Whitens) {
  DecorrelatedBatchNormalization link(4, 2);
  EXPECT_EQ(link.avg_projection.shape(), (Shape{2, 2, 2}));
  autograd::random::seed(0);
  const Array x =
      autograd::array::standard_normal({50, 4}, Dtype::float32, autograd::random::generator());
  const Variable y = link(x);
  const Array covariance = autograd::array::covariance(y.array());
  EXPECT_NEAR(covariance.select(0, 0).select(0, 0).item(), 1, 1e-3);
  EXPECT_NEAR(covariance.select(0, 0).select(0, 1).item(), 0, 1e-3);
  link.start_finetuning();
  link(x, true);
  EXPECT_EQ(link.N, 1);
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  // After one batch the averages are its own, but for m / (m - 1).
  EXPECT_LT(autograd::max(autograd::absolute(link(x) * (49. / 50) - y)).item(), 1e-3);
  EXPECT_EQ(message_of([] { DecorrelatedBatchNormalization(5, 2); }),
            "DecorrelatedBatchNormalization: the groups must divide the size, but there are 2 "
            "groups of 5 channels");
}

TEST(SpectralNormalizationHook, GivesTheSameWhenComputedAgain) {
  autograd::random::seed(3);
  Linear once(4, 3);
  once.add_hook(link_hooks::SpectralNormalization());
  Linear again = copy(once, CopyMode::copy);
  const Variable a(counted({2, 4})), b(counted({2, 4})), weights(counted({2, 3}));
  autograd::sum(once(a) * weights).backward();
  autograd::sum(autograd::forget([&](const Variable& v) { return again(v); }, b) * weights)
      .backward();
  EXPECT_TRUE(array_equal(a.grad(), b.grad()));
}

}  // namespace
}  // namespace nn
