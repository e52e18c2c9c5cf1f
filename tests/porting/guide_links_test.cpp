// The lines of the section "Links" of docs/porting_from_chainer.md: each must stand here, where it is
// compiled and run.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/porting/guide.h"

namespace {

namespace F = autograd;
namespace L = nn;
using F::Array, F::Variable;

struct Net : nn::Chain {
  std::optional<L::Linear> shortcut;              // None is not listed
  std::vector<L::Linear> layers;                  // a ChainList: /layers/0/W, /layers/1/W
  std::vector<std::unique_ptr<nn::Link>> blocks;  // a ChainList of several classes
  std::map<std::string, L::Linear> heads;         // /heads/left/W
  std::shared_ptr<L::Linear> decoder;             // one that other links have, too
  nn::Parameter scale{1.0, F::Shape{}};
  F::Array mean;  // add_persistent
  int n_seen = 0;

  void list(nn::Members& m) override {
    m("shortcut", shortcut)("layers", layers)("blocks", blocks)("heads", heads)("decoder", decoder);
    m("scale", scale).persistent("mean", mean).persistent("n_seen", n_seen);
  }
};

struct VGG : nn::Polymorphic<VGG> {
  L::Linear l{2, 2};
  Variable operator()(const Variable& x) { return F::relu(l(x)); }
  void list(nn::Members& m) override { m("l", l); }
};

struct Activated : nn::Polymorphic<Activated, L::Linear> {
  using Polymorphic::Polymorphic;
  Variable operator()(const Variable& x) { return F::relu(L::Linear::operator()(x)); }
};

TEST(PortingLinks, MembersHaveChainersNames) {
  Net net;
  net.layers.assign(2, L::Linear(1, 1, {.nobias = true}));
  net.blocks.push_back(std::make_unique<Activated>(1, 1, L::LinearOptions{.nobias = true}));
  net.heads.emplace("left", L::Linear(1, 1, {.nobias = true}));
  std::vector<std::string> paths;
  for (const auto& [path, p] : net.namedparams()) paths.push_back(path);
  EXPECT_EQ(paths, (std::vector<std::string>{"/scale", "/blocks/0/W", "/heads/left/W",
                                             "/layers/0/W", "/layers/1/W"}));
  EXPECT_EQ(nn::serializers::save(nn::serializers::serialize_of(net)).size(), 7U);
}

TEST(PortingLinks, AreChosenAtRunTime) {
  const Array x = Array::of<float>({-1, 2}, {{1, 2}}), t = Array::of<std::int32_t>({1});
  for (const bool deep : {false, true}) {
    nn::optimizers::SGD optimizer;
    std::unique_ptr<nn::Chain> net = std::make_unique<L::Linear>(2, 2);
    if (deep) net = std::make_unique<VGG>();
    Variable y = (*net)(x);
    L::Classifier model(*net);
    optimizer.setup(model);
    Variable loss = optimizer.target()(x, t);
    EXPECT_EQ(loss.item(), F::softmax_cross_entropy(y, t).item());
    std::unique_ptr<nn::Chain> other = nn::copy(net, nn::CopyMode::copy);
    EXPECT_EQ((*other)(x).array().to_vector<float>(), y.array().to_vector<float>());
  }
}

TEST(PortingLinks, AreCopiedAndChanged) {
  VGG net;
  VGG fresh = nn::copy(net, nn::CopyMode::init);
  VGG target = nn::copy(net, nn::CopyMode::copy);
  EXPECT_FALSE(array_equal(fresh.l.W.array(), net.l.W.array()));
  L::Linear& l = target.l;
  const double before = net.l.W.array().to_vector<double>()[0];
  l.W.set_array((l.W * 0.5).array());
  EXPECT_EQ(target.l.W.array().to_vector<double>()[0], before / 2);
  EXPECT_EQ(net.l.W.array().to_vector<double>()[0], before);
  nn::optimizers::SGD optimizer;
  optimizer.setup(net);
  EXPECT_EQ(&optimizer.target<VGG>().l, &net.l);
}

struct SNConvolution2D : nn::Polymorphic<SNConvolution2D, L::Convolution2D> {
  using Polymorphic::Polymorphic;
  Array u;
  void list(nn::Members& m) override {
    L::Convolution2D::list(m);
    m.persistent("u", u);
  }
  Variable operator()(const Variable& x) {
    const Variable matrix = F::reshape(W, {W.shape()[0], -1});
    if (!u) u = F::array::normal(0, 1, {1, W.shape()[0]});
    const Array v = F::normalize(F::matmul(u, matrix)).array();
    u = F::normalize(F::matmul(v, matrix, false, true)).array();
    const Variable sigma = F::sum(F::matmul(F::matmul(u, matrix), v, false, true));
    return F::convolution_2d(x, W / sigma, b, stride, pad);
  }
};

// After enough calls the largest singular value of the weights is 1.
TEST(PortingLinks, AreNormalizedByTheirSpectrum) {
  SNConvolution2D layer(1, 2, 1, {.pad = 1, .initialW = Array::of<float>({3, 4}, {{2, 1, 1, 1}})});
  const Array x = Array::full({1, 1, 1, 1}, 1, F::Dtype::float32);
  for (int i = 0; i < 3; ++i) layer(x);
  const Variable y = layer(x);
  EXPECT_EQ(y.shape(), (F::Shape{1, 2, 3, 3}));
  EXPECT_NEAR((y[{0, 0, 1, 1}].item()), 0.6, 1e-4);
  EXPECT_NEAR((y[{0, 1, 1, 1}].item()), 0.8, 1e-4);
  F::sum(y).backward();
  EXPECT_TRUE(layer.W.grad());
  EXPECT_EQ(nn::serializers::save(nn::serializers::serialize_of(layer)).count("u"), 1U);
}

TEST(PortingLinks, AreThoseOfTheGuide) {
  guide::expect_compiled("Links", "tests/porting/guide_links_test.cpp", 30);
}

}  // namespace
