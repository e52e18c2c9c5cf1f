#include "nn/serializers/save_load.h"

#include <gmock/gmock.h>

#include <memory>
#include <utility>

#include "nn/link.h"
#include "nn/links/connection/linear.h"
#include "nn/links/normalization/batch_normalization.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace nn::serializers {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using testing::ElementsAre;

const std::string kChainer = source_path("tests/golden/chainer_files/");

struct Inner {
  double rate = 0;
  bool flag = false;
  void serialize(Serializer& s) {
    s("rate", rate);
    s("flag", flag);
  }
};

struct Outer {
  std::int64_t t = 0;
  int epoch = 0;
  std::string log;
  Array weights = Array::zeros({2, 2}, Dtype::float32), state;
  Inner inner;
  std::vector<std::string> lines;  // kept as one text
  void serialize(Serializer& s) {
    s("t", t);
    s("/epoch", epoch);
    s("log", log);
    s("weights", weights);
    s("state", state);
    inner.serialize(s["/inner/"]);
    const std::string text = s.value("lines", lines.empty() ? "" : lines[0]);
    if (s.is_loading()) lines = {text};
  }
};

Outer example() {
  Outer o;
  o.t = 1LL << 40;
  o.epoch = -3;
  o.log = "a\nb";
  o.weights = Array::of<float>({1, 2, 3, 4}, Shape{2, 2});
  o.state = Array::of({0.5, 1.5});
  o.inner = {0.25, true};
  o.lines = {"first"};
  return o;
}

void expect_example(const Outer& o) {
  EXPECT_EQ(o.t, 1LL << 40);
  EXPECT_EQ(o.epoch, -3);
  EXPECT_EQ(o.log, "a\nb");
  EXPECT_THAT(o.weights.to_vector<float>(), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(o.state.to_vector<double>(), ElementsAre(0.5, 1.5));
  EXPECT_EQ(o.inner.rate, 0.25);
  EXPECT_TRUE(o.inner.flag);
  EXPECT_THAT(o.lines, ElementsAre("first"));
}

TEST(SaveLoad, GivesBackWhatWasSaved) {
  Folder folder;
  for (const bool compression : {true, false}) {
    Outer saved = example(), loaded;
    save_npz(folder / "a.npz", saved, compression);
    load_npz(folder / "a.npz", loaded);
    expect_example(loaded);
  }
}

TEST(SaveLoad, JoinsNamesToKeys) {
  Outer o = example();
  std::vector<std::string> keys;
  for (const auto& [key, entry] : save(serialize_of(o))) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("epoch", "inner/flag", "inner/rate", "lines", "log", "state", "t",
                                "weights"));
}

TEST(SaveLoad, LoadsArraysInPlace) {
  Outer saved = example(), loaded;
  const Array same_numbers = loaded.weights;
  load(save(serialize_of(saved)), serialize_of(loaded));
  EXPECT_EQ(same_numbers.data<float>()[3], 4);
}

TEST(SaveLoad, LoadsWhatLiesUnderAPath) {
  Folder folder;
  Outer saved = example();
  save_npz(folder / "a.npz", saved);
  for (const char* path : {"inner", "inner/"}) {
    Inner inner;
    load_npz(folder / "a.npz", inner, {.path = path});
    EXPECT_EQ(inner.rate, 0.25);
  }
}

TEST(SaveLoad, LeavesOutWhatItIsToldTo) {
  Outer saved = example(), loaded;
  Dictionary d = save(serialize_of(saved));
  load(d, serialize_of(loaded), {.ignore_names = {"t"}, .ignore = [](std::string_view key) {
                                   return key.starts_with("inner/");
                                 }});
  EXPECT_EQ(loaded.t, 0);
  EXPECT_EQ(loaded.epoch, -3);
  EXPECT_EQ(loaded.inner.rate, 0);

  d.erase("epoch");
  Outer lenient;
  load(d, serialize_of(lenient), {.strict = false});
  EXPECT_EQ(lenient.epoch, 0);
  EXPECT_EQ(lenient.t, 1LL << 40);
}

TEST(SaveLoad, ConvertsSafely) {
  Outer o;
  Outer saved = example();
  Dictionary d = save(serialize_of(saved));
  d["inner/rate"] = Array::scalar<std::int64_t>(2);
  d["weights"] = Array::of<std::int64_t>({1, 2, 3, 4}, Shape{2, 2});
  load(d, serialize_of(o));
  EXPECT_EQ(o.inner.rate, 2);
  EXPECT_THAT(o.weights.to_vector<float>(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(o.weights.dtype(), Dtype::float32);
}

TEST(SaveLoad, KeepsAnArrayWhereTheFileSaysNone) {
  Outer saved = example(), loaded = example();
  saved.state = Array();
  load(save(serialize_of(saved)), serialize_of(loaded));
  expect_example(loaded);
}

// Every refusal leaves the object as it was.
class SaveLoadRefuses : public testing::Test {
 protected:
  void expect(const std::string& key, const FileValue& entry, const std::string& sentence) {
    Outer other;
    other.lines = {"other"};
    other.state = Array::zeros({2}, Dtype::float64);
    Dictionary d = save(serialize_of(other));
    d[key] = entry;
    refuse(d, sentence);
  }
  void refuse(const Dictionary& d, const std::string& sentence) {
    Outer o = example();
    EXPECT_EQ(message_of<Error>([&] { load(d, serialize_of(o)); }), sentence);
    expect_example(o);
  }
};

TEST_F(SaveLoadRefuses, AMissingKey) {
  Outer other;
  Dictionary d = save(serialize_of(other));
  d.erase("inner/flag");
  refuse(d, "load: the dictionary must hold the key inner/flag, but it does not");
}

TEST_F(SaveLoadRefuses, OtherShapes) {
  expect("weights", Array::zeros({2, 3}, Dtype::float32),
         "load: weights must be of the shape (2, 2), but it is float32(2, 3)");
  expect("weights", Array::zeros({2}, Dtype::float32),
         "load: weights must be of the shape (2, 2), but it is float32(2)");
  expect("t", Array::zeros({1}, Dtype::int64), "load: t must be an integer, but it is int64(1)");
}

TEST_F(SaveLoadRefuses, TypesThatDoNotConvert) {
  expect("t", Array::scalar(1.), "load: t must be an integer, but it is float64()");
  expect("t", None, "load: t must be an integer, but it is None");
  expect("t", "three", "load: t must be an integer, but it is a text");
  expect("epoch", Array::scalar<std::int64_t>(1LL << 32),
         "load: epoch must be an integer of 32 bits, but it is 4294967296");
  expect("inner/flag", Array::scalar<std::int64_t>(1),
         "load: inner/flag must be a boolean, but it is int64()");
  expect("inner/rate", "fast", "load: inner/rate must be a number, but it is a text");
  expect("log", Array::scalar(1.), "load: log must be a text, but it is float64()");
  expect("weights", "heavy", "load: weights must be an array, but it is a text");
}

TEST(SaveLoad, ConvertsNoFloatToAnIntegerArray) {
  struct {
    Array order = Array::zeros({2}, Dtype::int32);
    void serialize(Serializer& s) { s("order", order); }
  } o;
  EXPECT_EQ(message_of<Error>([&] {
              load({{"order", Array::zeros({2}, Dtype::float32)}}, serialize_of(o));
            }),
            "load: order must be convertible to int32 without loss, but it is float32(2)");
  EXPECT_EQ(message_of<Error>([&] {
              load({{"order", Array::of<std::int64_t>({1, 1LL << 40})}}, serialize_of(o));
            }),
            "load: order must be convertible to int32 without loss, but it is int64(2)");
  load({{"order", Array::of<std::int64_t>({1, 5})}}, serialize_of(o));
  EXPECT_THAT(o.order.to_vector<std::int32_t>(), ElementsAre(1, 5));
}

TEST(SaveLoad, RefusesAKeyUsedTwice) {
  struct {
    std::int64_t a = 1, b = 2;
    void serialize(Serializer& s) { s("a", a), s("a", b); }
  } o;
  EXPECT_EQ(message_of<Error>([&] { save(serialize_of(o)); }),
            "save: each key must be used once, but a is used twice");
}

// Links.

struct Layer : Link {
  explicit Layer(const Initializer& initializer, std::optional<Shape> shape, std::int64_t out)
      : W(initializer, shape), b(initializer, Shape{out}) {}
  Parameter W, b;
  void list(Members& m) override { m("W", W)("b", b); }
};

struct Vae : Link {
  explicit Vae(double value) : le1(value, Shape{7, 12}, 7), ld3(value, {}, 12) {}
  Layer le1, ld3;
  void list(Members& m) override { m("le1", le1)("ld3", ld3); }
};

TEST(SaveLoad, LoadsChainersModelAndGivesItsShapeToALazyParameter) {
  Vae vae(0);
  load_npz(kChainer + "vae_model.npz", vae);
  EXPECT_EQ(vae.ld3.W.shape(), (Shape{12, 7}));
  const Dictionary d = save(serialize_of(vae));
  Vae other(1);
  load(d, serialize_of(other));
  EXPECT_TRUE(array_equal(other.le1.W.array(), vae.le1.W.array()));
  EXPECT_TRUE(array_equal(other.ld3.W.array(), vae.ld3.W.array()));
  EXPECT_FALSE(array_equal(vae.le1.W.array(), Array::zeros({7, 12}, Dtype::float32)));
}

TEST(SaveLoad, SavesALazyParameterAsNone) {
  Folder folder;
  Vae vae(1), other(2);
  save_npz(folder / "a.npz", vae);
  load_npz(folder / "a.npz", other);
  EXPECT_FALSE(other.ld3.W.is_initialized());
  EXPECT_EQ(other.le1.b.array().to_vector<float>()[0], 1);

  // None leaves a parameter that has a shape as it is, as in Chainer.
  Vae ready(3);
  ready.ld3.W.initialize({12, 7});
  load_npz(folder / "a.npz", ready);
  EXPECT_EQ(ready.ld3.W.array().to_vector<float>()[0], 3);
}

TEST(SaveLoad, NamesTheParameterThatDoesNotFit) {
  Vae vae(5);
  vae.ld3.W.initialize({12, 8});
  const std::string path = kChainer + "vae_model.npz";
  EXPECT_EQ(message_of<Error>([&] { load_npz(path, vae); }),
            "npz: ld3/W in " + path + " must be of the shape (12, 8), but it is float32(12, 7)");
  EXPECT_EQ(vae.le1.W.array().to_vector<float>()[0], 5);
  EXPECT_EQ(message_of<Error>([&] { load_npz(path, vae, {.path = "model"}); }),
            "npz: " + path + " must hold the key model/le1/W, but it does not");
}

// Values of every kind that are not there yet: they take what a dictionary holds, not the memory it
// lies in, and have the dtype that their link wants.
TEST(SaveLoad, GivesLazyArraysTheirOwnMemoryAndDtype) {
  struct All : Link {
    BatchNormalization norm{None, {.axis = {0}}};
    BatchNormalization wide{None, {.dtype = Dtype::float64, .axis = {0}}};
    Linear linear{2};
    Array any;
    void list(Members& m) override {
      m("norm", norm)("wide", wide)("linear", linear).persistent("any", any);
    }
  };
  for (const Dtype dtype : {Dtype::float32, Dtype::float64}) {
    All from, to;
    Dictionary d = save(serialize_of(from));
    for (const char* key : {"norm/gamma", "norm/beta", "norm/avg_mean", "norm/avg_var",
                            "wide/gamma", "wide/beta", "wide/avg_mean", "wide/avg_var", "any"})
      d[key] = Array::full({3}, 2, dtype);
    d["linear/W"] = Array::full({2, 3}, 2, dtype);
    load(d, serialize_of(to));
    for (auto& [key, entry] : d)
      if (Array* array = std::get_if<Array>(&entry); array && key != "linear/b") array->fill(9);
    for (const auto& [key, entry] : save(serialize_of(to))) {
      const Array* array = std::get_if<Array>(&entry);
      ASSERT_NE(array, nullptr) << key;
      if (key.ends_with("/N") || key == "linear/b") continue;
      EXPECT_EQ(array->to_vector<double>()[0], 2) << key;
      EXPECT_EQ(array->dtype(), key == "any"              ? dtype
                                : key.starts_with("wide") ? Dtype::float64
                                                          : Dtype::float32)
          << key;
    }
  }
}

TEST(SaveLoad, FollowsALinkThatIsMovedAndNoticesOneThatIsGone) {
  auto l = std::make_unique<Linear>(1, 1, LinearOptions{.nobias = true});
  const Serialize serialize = serialize_of(*l);
  {
    Linear elsewhere = std::move(*l);
    l = nullptr;
    EXPECT_EQ(save(serialize).size(), 1U);
  }
  EXPECT_EQ(message_of<Error>([&] { save(serialize); }),
            "Link: a link given by reference must outlive its use, or be given by std::move, but "
            "it was destroyed");
}

TEST(SaveLoad, TakesPersistentNumbersOfEveryWidth) {
  struct All : Link {
    int i = -1;
    std::int8_t small = -2;
    std::uint32_t u = 3;
    std::size_t size = 4;
    long long wide = 5;
    float f = 0.5F;
    double d = 0.25;
    bool b = true;
    std::string s = "text";
    void list(Members& m) override {
      m.persistent("i", i).persistent("small", small).persistent("u", u).persistent("size", size);
      m.persistent("wide", wide).persistent("f", f).persistent("d", d).persistent("b", b);
      m.persistent("s", s);
    }
  } from, to;
  to.i = to.small = 0;
  to.u = 0, to.size = 0, to.wide = 0, to.f = 0, to.d = 0, to.b = false, to.s = "";
  All third = to;
  Dictionary d = save(serialize_of(from));
  load(d, serialize_of(to));
  third.copyparams(from);
  for (All* loaded : {&to, &third}) {
    EXPECT_EQ(loaded->i, -1);
    EXPECT_EQ(loaded->small, -2);
    EXPECT_EQ(loaded->u, 3U);
    EXPECT_EQ(loaded->size, 4U);
    EXPECT_EQ(loaded->wide, 5);
    EXPECT_EQ(loaded->f, 0.5F);
    EXPECT_EQ(loaded->d, 0.25);
    EXPECT_TRUE(loaded->b);
    EXPECT_EQ(loaded->s, "text");
  }
  d["small"] = Array::scalar(std::int64_t{128});
  EXPECT_EQ(message_of<Error>([&] { load(d, serialize_of(to)); }),
            "load: small must be an integer of 8 bits, but it is 128");
  d["small"] = Array::scalar(std::int64_t{1});
  d["u"] = Array::scalar(std::int64_t{-1});
  EXPECT_EQ(message_of<Error>([&] { load(d, serialize_of(to)); }),
            "load: u must be an unsigned integer of 32 bits, but it is -1");
  EXPECT_EQ(to.small, -2);
}

}  // namespace
}  // namespace nn::serializers
