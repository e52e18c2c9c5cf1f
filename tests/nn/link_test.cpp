#include "nn/link.h"

#include <gtest/gtest.h>

#include "autograd/functions/activation.h"
#include "autograd/functions/basic_math.h"
#include "autograd/functions/reduction.h"
#include "nn/chain_list.h"
#include "nn/copy.h"
#include "nn/links/highway.h"
#include "nn/links/linear.h"
#include "nn/optimizers/sgd.h"
#include "nn/sequential.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::Error;

struct Model : Link {
  Linear l2{3, 2}, l1{2, 3, {.nobias = true}};
  Parameter free{7.0, Shape{}};
  Array mean = Array::of<float>({1, 2});
  std::int64_t count = 5;
  void list(Members& m) override {
    m("l2", l2)("free", free)("l1", l1).persistent("mean", mean).persistent("count", count);
  }
};

std::vector<std::string> paths(Link& link, bool include_uninitialized = true) {
  std::vector<std::string> out;
  for (const auto& p : link.namedparams(include_uninitialized)) out.push_back(p.path);
  return out;
}
using Paths = std::vector<std::string>;

TEST(Link, NamesParametersInChainersOrder) {
  Model m;
  EXPECT_EQ(paths(m), (Paths{"/free", "/l1/W", "/l2/W", "/l2/b"}));
  EXPECT_EQ(m.count_params(), 1 + 6 + 6 + 2);
  ASSERT_EQ(m.namedlinks().size(), 3u);
  EXPECT_EQ(m.namedlinks()[0].path, "/");
  EXPECT_EQ(m.namedlinks()[1].path, "/l1");
  EXPECT_EQ(m.children()[1].link, &m.l2);
  Linear lazy(3);
  EXPECT_EQ(paths(lazy), (Paths{"/W", "/b"}));
  EXPECT_EQ(paths(lazy, false), (Paths{"/b"}));
}

TEST(Link, RefusesANameTwice) {
  struct Twice : Model {
    void list(Members& m) override { m("l1", l1)("l1", l2); }
  } twice;
  EXPECT_EQ(message_of<Error>([&] { twice.params(); }),
            "Link: each member must be listed under a name of its own, but l1 is listed twice");
}

TEST(Link, TrainsASharedParameterOnce) {
  struct Tied : Link {
    Linear a{2, 2, {.nobias = true, .initialW = 1.0}}, b = a;
    void list(Members& m) override { m("a", a)("b", b); }
  } tied;
  EXPECT_EQ(paths(tied), (Paths{"/a/W", "/b/W"}));
  EXPECT_EQ(tied.count_params(), 4);
  optimizers::SGD sgd({.lr = 1});
  sgd.setup(tied);
  tied.a.W.set_grad(Array::full({2, 2}, 1, Dtype::float32));
  sgd.update();
  EXPECT_EQ(tied.b.W.array().to_vector<float>(), (std::vector<float>{0, 0, 0, 0}));
  Tied other = copy(tied, CopyMode::copy);
  EXPECT_TRUE(other.a.W.is(other.b.W));
  EXPECT_FALSE(other.a.W.is(tied.a.W));
}

TEST(Link, TakesValuesAndGradientsFromAnother) {
  Model a, b;
  b.mean = Array::of<float>({3, 4});
  b.count = 6;
  a.copyparams(b);
  EXPECT_TRUE(array_equal(a.l1.W.array(), b.l1.W.array()));
  EXPECT_EQ(a.mean.to_vector<float>(), (std::vector<float>{3, 4}));
  EXPECT_NE(a.mean.storage(), b.mean.storage());
  EXPECT_EQ(a.count, 6);
  b.count = 7;
  a.copyparams(b, false);
  EXPECT_EQ(a.count, 6);

  b.free.set_grad(Array::scalar(2.f));
  a.addgrads(b);
  a.addgrads(b);
  EXPECT_EQ(a.free.grad().item(), 4);
  EXPECT_EQ(b.free.grad().item(), 2);
  a.cleargrads();
  EXPECT_FALSE(a.free.grad());
  a.zerograds();
  EXPECT_EQ(a.free.grad().item(), 0);

  Linear other(2, 3);
  EXPECT_EQ(message_of<Error>([&] { other.copyparams(a); }),
            "copyparams: both links must have the same parameters, but /W is in one only");
}

TEST(Copy, SharesCopiesOrDrawsAnew) {
  Model m;
  m.free.set_grad(Array::scalar(2.f));
  Model handle = m;
  EXPECT_TRUE(handle.free.is(m.free));

  Model shared = copy(m);
  EXPECT_FALSE(shared.free.is(m.free));
  EXPECT_EQ(shared.l1.W.array().storage(), m.l1.W.array().storage());
  EXPECT_EQ(shared.l1.W.name(), "W");
  EXPECT_FALSE(shared.free.grad());

  Model copied = copy(m, CopyMode::copy);
  EXPECT_NE(copied.l1.W.array().storage(), m.l1.W.array().storage());
  EXPECT_NE(copied.mean.storage(), m.mean.storage());
  EXPECT_TRUE(array_equal(copied.l1.W.array(), m.l1.W.array()));

  Model drawn = copy(m, CopyMode::init);
  EXPECT_EQ(drawn.l1.W.shape(), m.l1.W.shape());
  EXPECT_FALSE(array_equal(drawn.l1.W.array(), m.l1.W.array()));

  Linear lazy(3), lazy_too = copy(lazy, CopyMode::copy);
  lazy.W.initialize({3, 2});
  EXPECT_FALSE(lazy_too.W.is_initialized());
}

TEST(ChainList, NumbersItsLinks) {
  ChainList<Linear> layers;
  for (int i = 0; i < 11; ++i) layers.append(Linear(2, 2, {.nobias = true}));
  EXPECT_EQ(paths(layers)[10], "/10/W");
  EXPECT_EQ(paths(layers)[1], "/1/W");
  EXPECT_EQ(layers.size(), 11u);
  Variable h = Array::zeros({1, 2}, Dtype::float32);
  for (auto& layer : layers) h = layer(h);
  EXPECT_EQ(h.shape(), (Shape{1, 2}));
}

TEST(Sequential, CallsLinksAndFunctionsInTurn) {
  const auto twice = [](const Variable& x) { return x * 2; };
  Sequential model(Linear(1, 1, {.initialW = 3.0}), twice,
                   Sequential(Linear(1, 1, {.initialW = -1.0}), autograd::relu), twice);
  EXPECT_EQ(paths(model), (Paths{"/0/W", "/0/b", "/1/0/W", "/1/0/b"}));
  EXPECT_EQ(model(Array::of<float>({-1}, {{1, 1}})).item(), 12);
  EXPECT_EQ(model(Array::of<float>({1}, {{1, 1}})).item(), 0);
  EXPECT_EQ(model.get<Linear>(0).W.item(), 3);
  EXPECT_EQ(model.size(), 4u);
  EXPECT_EQ(message_of<Error>([&] { model.get<Linear>(1); }),
            "Sequential: get() must name a layer and its type, but layer 1 of 4 is of another or "
            "is not there");
  EXPECT_EQ(message_of<Error>([&] {
              Sequential()(Array::zeros({1, 1}, Dtype::float32));
            }),
            "Sequential: there must be a layer, but there is none");
}

TEST(Sequential, IsAPlainValue) {
  Sequential a(Linear(1, 1, {.initialW = 3.0}));
  Sequential b = a, c = copy(a, CopyMode::copy);
  EXPECT_TRUE(b.get<Linear>(0).W.is(a.get<Linear>(0).W));
  EXPECT_FALSE(c.get<Linear>(0).W.is(a.get<Linear>(0).W));
  b.append(Linear(1, 1)).extend(b);
  EXPECT_EQ(b.size(), 4u);
  EXPECT_EQ(a.size(), 1u);

  Sequential three = repeat(Linear(2, 2), 3);
  EXPECT_EQ(three.count_params(), 18);
  EXPECT_FALSE(array_equal(three.get<Linear>(0).W.array(), three.get<Linear>(1).W.array()));
}

TEST(Highway, MixesItsInputWithALayer) {
  Highway carries(2, {.init_bt = -100.0}), transforms(2, {.init_Wh = 1.0, .init_bt = 100.0});
  const Array x = Array::of<float>({1, 2}, {{1, 2}});
  EXPECT_EQ(carries(x).array().to_vector<float>(), (std::vector<float>{1, 2}));
  EXPECT_EQ(transforms(x).array().to_vector<float>(), (std::vector<float>{3, 3}));
  EXPECT_EQ(paths(carries), (Paths{"/plain/W", "/plain/b", "/transform/W", "/transform/b"}));
}

}  // namespace
}  // namespace nn
