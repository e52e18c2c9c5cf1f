#include "nn/links/connection/linear.h"

#include <gtest/gtest.h>

#include "autograd/functions/math/reduction.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

TEST(Linear, MultipliesAndAddsTheBias) {
  Linear l(2, 3, {.initialW = Array::of<float>({1, 2, 3, 4, 5, 6}, {{3, 2}}), .initial_bias = 10});
  const Variable y = l(Array::of<float>({1, 1, 2, 0}, {{2, 2}}));
  EXPECT_EQ(y.shape(), (Shape{2, 3}));
  EXPECT_EQ(values(y.array()), (std::vector<float>{13, 17, 21, 12, 16, 20}));
  sum(y).backward();
  EXPECT_EQ(values(l.W.grad()), (std::vector<float>{3, 1, 3, 1, 3, 1}));
  EXPECT_EQ(values(l.b.grad()), (std::vector<float>{2, 2, 2}));
}

// numpy.random.seed(0); chainer.links.Linear(3, 2).W.array
const std::vector<float> kDrawn{1.018476128578186f,  0.23103086650371552f, 0.565074622631073f,
                                1.2937803268432617f, 1.078235149383545f,   -0.5642316341400146f};

TEST(Linear, DrawsItsWeightsAtOnceOrWhenTheInputShowsTheirShape) {
  autograd::random::seed(0);
  Linear at_once(3, 2);
  EXPECT_EQ(values(at_once.W.array()), kDrawn);
  EXPECT_EQ(values(at_once.b.array()), (std::vector<float>{0, 0}));

  Linear later(2);
  EXPECT_FALSE(later.W.is_initialized());
  EXPECT_EQ(later.count_params(), 2);
  autograd::random::seed(0);
  later(Array::zeros({5, 3}, Dtype::float32));
  EXPECT_EQ(values(later.W.array()), kDrawn);
  EXPECT_EQ(later.W.name(), "W");
}

TEST(Linear, KeepsBatchAxesAndFlattensTheRest) {
  Linear l(7);
  EXPECT_EQ(l(Array::zeros({2, 3, 4}, Dtype::float32)).shape(), (Shape{2, 7}));
  EXPECT_EQ(l.W.shape(), (Shape{7, 12}));
  Linear each(7);
  EXPECT_EQ(each(Array::zeros({2, 3, 4}, Dtype::float32), 2).shape(), (Shape{2, 3, 7}));
  EXPECT_EQ(each.W.shape(), (Shape{7, 4}));
}

TEST(Linear, WithoutABiasListsTheWeightsOnly) {
  Linear l(3, 2, {.nobias = true});
  ASSERT_EQ(l.namedparams().size(), 1u);
  EXPECT_EQ(l.namedparams()[0].path, "/W");
  EXPECT_EQ(values(l(Array::zeros({1, 3}, Dtype::float32)).array()), (std::vector<float>{0, 0}));
}

TEST(Linear, RefusesSizesThatMakeNoSense) {
  EXPECT_EQ(message_of([] { Linear l(3, 0); }),
            "Linear: sizes must be at least 1, but in_size is 3 and out_size 0");
}

}  // namespace
}  // namespace nn
