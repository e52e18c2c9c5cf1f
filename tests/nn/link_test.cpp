#include "nn/link.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "nn/chain_list.h"
#include "nn/copy.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/connection/highway.h"
#include "nn/links/connection/linear.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/rnn/lstm.h"
#include "nn/optimizers/sgd.h"
#include "nn/sequential.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::Error;
using initializers::Normal;

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
            "Link: each member must have a unique name, but l1 is listed twice");
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
  Variable h = autograd::as_variable(Array::zeros({1, 2}, Dtype::float32));
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
            "Sequential: get() must be called with an existing layer and its type, but layer 1 of "
            "4 has another type or does not exist");
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

TEST(Parameter, RefusesToBeUsedOnceItIsNoParameterAnyMore) {
  Linear l(3, 2);
  Variable& handle = l.W;
  handle = handle * 0.5;
  EXPECT_FALSE(l.W.is_parameter());
  const std::string expected =
      "Parameter: a parameter must stay one, but it was assigned a variable through a Variable&";
  EXPECT_EQ(message_of<Error>([&] { l.W.update_rule(); }), expected);
  EXPECT_EQ(message_of<Error>([&] { l.W.set_update_rule(nullptr); }), expected);
  EXPECT_EQ(message_of<Error>([&] { l.W.initialize({2, 3}); }), expected);
  EXPECT_EQ(message_of<Error>([&] { l.W.copy(); }), expected);
  EXPECT_EQ(message_of<Error>([&] { l.W.share(); }), expected);
  EXPECT_EQ(message_of<Error>([&] { l.W.reinitialized(); }), expected);
  EXPECT_EQ(message_of<Error>([&] { l.params(); }),
            "Link: what is listed as a parameter must be one, but W was assigned a variable");
  l.W = Parameter(0.5, Shape{2, 3}, "W");
  EXPECT_EQ(l.params().size(), 2U);
}

TEST(Parameter, ChangesItsValuesThroughItsArray) {
  Linear l(1, 1, {.initialW = 3.0});
  l.W.set_array((l.W * 0.5).array());
  EXPECT_EQ(l.params()[0].item(), 1.5);
}

// Members that hold links and parameters in every way that list() takes.
struct Held : Link {
  std::optional<Linear> none, some = Linear(1, 1);
  std::unique_ptr<Linear> null, unique = std::make_unique<Linear>(1, 1);
  std::shared_ptr<Link> shared = std::make_shared<Linear>(1, 1);
  std::vector<Linear> several = std::vector<Linear>(11, Linear(1, 1, {.nobias = true}));
  std::vector<std::unique_ptr<Link>> pointers;
  std::array<std::optional<Parameter>, 2> free;
  std::map<std::string, Linear> by_name;
  Linear elsewhere{1, 1};
  Link* raw = &elsewhere;
  Held() {
    pointers.push_back(std::make_unique<Linear>(1, 1));
    pointers.push_back(nullptr);
    pointers.push_back(std::make_unique<Sequential>(Linear(1, 1, {.nobias = true})));
    free[1] = Parameter(1.0, Shape{});
    by_name.emplace("left", Linear(1, 1));
  }
  void list(Members& m) override {
    m("none", none)("some", some)("null", null)("unique", unique)("shared", shared);
    m("several", several)("pointers", pointers)("free", free)("by_name", by_name)("raw", raw);
  }
};

TEST(Members, MayBeMissingOrSeveralOrBehindPointers) {
  Held held;
  Paths expected{"/free/1",       "/by_name/left/W", "/by_name/left/b", "/pointers/0/W",
                 "/pointers/0/b", "/pointers/2/0/W", "/raw/W",          "/raw/b"};
  for (int i = 0; i < 11; ++i) expected.push_back("/several/" + std::to_string(i) + "/W");
  for (const char* last :
       {"/shared/W", "/shared/b", "/some/W", "/some/b", "/unique/W", "/unique/b"})
    expected.push_back(last);
  EXPECT_EQ(paths(held), expected);
  ASSERT_EQ(held.children().size(), 1U + 2 + 1 + 11 + 3);
  EXPECT_EQ(held.children()[1].link, held.pointers[0].get());
}

TEST(Link, IsFoundAgainWhereItIsMovedTo) {
  std::vector<Model> models(1);
  const LinkPointer pointer(models[0]);
  const LinkPointer same(models[0]);
  for (int i = 0; i < 10; ++i) models.emplace_back();
  EXPECT_EQ(pointer.get(), &models[0]);
  EXPECT_EQ(same.get(), &models[0]);
  Model other = std::move(models[0]);
  EXPECT_EQ(pointer.get(), &other);
  const LinkPointer first(models[1]);
  std::swap(models[1], other);
  EXPECT_EQ(pointer.get(), &models[1]);
  EXPECT_EQ(first.get(), &other);
  other = Model();  // another model in the same place
  EXPECT_EQ(first.get(), &other);
  models[2] = std::move(other);
  EXPECT_EQ(first.get(), &models[2]);
  const Model copied = models[1];
  EXPECT_EQ(pointer.get(), &models[1]);
  models.clear();
  EXPECT_FALSE(pointer);
  EXPECT_FALSE(first);
  EXPECT_FALSE(LinkPointer());
}

// What is chosen at run time.
struct Body : Polymorphic<Body> {
  virtual double factor() const = 0;
};
struct Twice : Polymorphic<Twice, Body> {
  Linear l{1, 1, {.initialW = 1.0}};
  double factor() const override { return 2; }
  Variable operator()(const Variable& x) { return l(x) * factor(); }
  void list(Members& m) override { m("l", l); }
};
struct Forgetful : Twice {
  Variable operator()(const Variable& x) { return l(x) * 7; }
};
struct Plain : Body {
  double factor() const override { return 1; }
  void list(Members&) override {}
};
const Array kOne = Array::of<float>({1}, {{1, 1}});

TEST(Polymorphic, IsCalledThroughItsBase) {
  std::unique_ptr<Chain> chain = std::make_unique<Twice>();
  EXPECT_EQ((*chain)(kOne).item(), 2);
  chain = std::make_unique<Linear>(1, 1, LinearOptions{.initialW = 5.0});
  EXPECT_EQ((*chain)(kOne).item(), 5);
  chain = std::make_unique<Sequential>(Linear(1, 1, {.initialW = 3.0}));
  EXPECT_EQ((*chain)(kOne).item(), 3);
  chain = std::make_unique<EmbedID>(1, 1, EmbedIDOptions{.initialW = 4.0});
  EXPECT_EQ((*chain)(Array::of<std::int32_t>({0})).item(), 4);
  EXPECT_EQ(message_of<Error>([&] { (*chain)(kOne, kOne); }),
            "call: a link that is called through its base class must derive from nn::Polymorphic "
            "of its own class and map 2 variables to one, but nn::links::EmbedID does not");
  chain = std::make_unique<Model>();
  EXPECT_THROW((*chain)(kOne), Error);
  chain = std::make_unique<Forgetful>();  // whose own call would be passed over
  EXPECT_THROW((*chain)(kOne), Error);
  chain = std::make_unique<Plain>();
  EXPECT_THROW((*chain)(kOne), Error);
}

struct Holder : Link {
  std::shared_ptr<Body> body = std::make_shared<Twice>(), again = body;
  std::vector<std::shared_ptr<Linear>> layers{std::make_shared<Linear>(1, 1)};
  void list(Members& m) override { m("body", body)("again", again)("layers", layers); }
};

std::vector<float> values(Link& link) {
  std::vector<float> all;
  for (const Parameter& p : link.params())
    for (const float v : p.array().to_vector<float>()) all.push_back(v);
  return all;
}

TEST(Copy, ClonesChildrenBehindSharedPointers) {
  for (const CopyMode mode : {CopyMode::share, CopyMode::copy, CopyMode::init}) {
    Holder holder;
    holder.body->params()[1].set_array(Array::of<float>({7}));
    const std::vector<float> before = values(holder);
    const std::vector<NamedParameter> params = holder.namedparams();
    Holder made = copy(holder, mode);
    EXPECT_EQ(values(holder), before);
    EXPECT_NE(made.body, holder.body);
    EXPECT_EQ(made.body, made.again);
    EXPECT_EQ(dynamic_cast<Twice&>(*made.body).factor(), 2);
    EXPECT_EQ(paths(made), paths(holder));
    const std::vector<NamedParameter> others = made.namedparams();
    for (std::size_t i = 0; i < params.size(); ++i) {
      EXPECT_TRUE(holder.namedparams()[i].parameter.is(params[i].parameter));
      EXPECT_FALSE(others[i].parameter.is(params[i].parameter));
      EXPECT_EQ(others[i].parameter.array().storage() == params[i].parameter.array().storage(),
                mode == CopyMode::share);
    }
    if (mode != CopyMode::init) {
      EXPECT_EQ(values(made), before);
    }
  }
}

TEST(Copy, OfAPointerIsAPointer) {
  const std::shared_ptr<Body> body = std::make_shared<Twice>();
  const std::shared_ptr<Body> made = copy(body, CopyMode::copy);
  EXPECT_EQ(values(*made), values(*body));
  EXPECT_FALSE(made->params()[0].is(body->params()[0]));
  std::unique_ptr<Link> layer = std::make_unique<Linear>(1, 1);
  EXPECT_EQ(values(*copy(layer, CopyMode::copy)), values(*layer));
  layer = std::make_unique<Forgetful>();
  EXPECT_EQ(message_of<Error>([&] { copy(layer); }),
            "clone: a link that is copied through its base class must derive from nn::Polymorphic "
            "of its own class and have a copy constructor, but nn::(anonymous "
            "namespace)::Forgetful does not");
  const Twice& sliced = dynamic_cast<Twice&>(*layer);
  EXPECT_THROW(copy(sliced), Error);
  EXPECT_EQ(copy(std::shared_ptr<Link>()), nullptr);
}

TEST(Copy, NeverChangesTheOriginal) {
  // Each shares a member with its copies, in another way.
  struct ByPointee : Link {
    std::shared_ptr<Body> body = std::make_shared<Twice>();
    void list(Members& m) override { m("body", *body); }
  };
  struct Below : Link {
    Holder own;
    std::vector<ByPointee> several = std::vector<ByPointee>(2);
    void list(Members& m) override { m("own", own)("several", several); }
  };
  struct OneParameter : Link {
    std::shared_ptr<Parameter> W = std::make_shared<Parameter>(Normal(1), Shape{2});
    void list(Members& m) override { m("W", *W); }
  };
  struct OneArray : Link {
    std::shared_ptr<Array> mean = std::make_shared<Array>(Array::of<float>({1}));
    void list(Members& m) override { m.persistent("mean", *mean); }
  };
  const auto refuses = [](auto link, const std::string& path) {
    const std::vector<float> before = values(link);
    for (const CopyMode mode : {CopyMode::share, CopyMode::copy, CopyMode::init})
      EXPECT_EQ(message_of<Error>([&] { copy(link, mode); }),
                "copy: a member that is held by a pointer must be listed as a std::shared_ptr, to "
                "be copied with the link, but " +
                    path + " is not");
    EXPECT_EQ(values(link), before);
  };
  refuses(ByPointee(), "/body");
  refuses(Below(), "/several/0/body");
  refuses(OneParameter(), "/W");
  refuses(OneArray(), "/mean");
}

TEST(CopyParams, KeepsTheDtypeAndTheMemoryOfPersistentArrays) {
  BatchNormalization from(2, {.dtype = Dtype::float64}), lazy(None, {.axis = {0}}), made(2);
  from.avg_mean = Array::of<double>({3, 4});
  from.gamma = from.beta = Parameter();
  lazy.gamma = lazy.beta = made.gamma = made.beta = Parameter();
  for (BatchNormalization* to : {&lazy, &made}) {
    const Array before = to->avg_mean;
    to->copyparams(from);
    EXPECT_EQ(to->avg_mean.dtype(), Dtype::float32);
    EXPECT_EQ(to->avg_mean.to_vector<float>(), (std::vector<float>{3, 4}));
    if (before) {
      EXPECT_EQ(to->avg_mean.storage(), before.storage());
    }
  }
}

TEST(Sequential, UsesLinksWhereTheyAreAndTakesTemporariesOver) {
  LSTM rnn(2, 1);
  auto norm = std::make_shared<BatchNormalization>(None, BatchNormalizationOptions{.axis = {0}});
  Sequential model(rnn, norm, Linear(1, 1));
  model(Array::full({3, 2}, 1, Dtype::float32));
  EXPECT_TRUE(rnn.h);
  EXPECT_TRUE(norm->avg_mean);
  EXPECT_EQ(&model.get<LSTM>(0), &rnn);
  rnn.reset_state();
  EXPECT_FALSE(model.get<LSTM>(0).h);

  Sequential longer;
  longer.extend(model).append(autograd::relu);
  EXPECT_EQ(&longer.get<LSTM>(0), &rnn);
  EXPECT_EQ(&longer.get<Linear>(2), &model.get<Linear>(2));

  Sequential plain = model, other = copy(model, CopyMode::init);
  EXPECT_NE(&plain.get<LSTM>(0), &rnn);
  EXPECT_TRUE(plain.get<LSTM>(0).upward.W.is(rnn.upward.W));
  EXPECT_FALSE(other.get<LSTM>(0).upward.W.is(rnn.upward.W));

  LSTM moved = std::move(rnn);
  EXPECT_EQ(&model.get<LSTM>(0), &moved);
}

TEST(Sequential, RefusesALinkThatIsGone) {
  Sequential model;
  {
    Linear local(1, 1);
    model.append(local);
  }
  const std::string gone =
      "Link: a link given by reference must outlive its use, or be given by std::move, but it was "
      "destroyed";
  EXPECT_EQ(message_of<Error>([&] { model(kOne); }), gone);
  EXPECT_EQ(message_of<Error>([&] { model.params(); }), gone);
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
