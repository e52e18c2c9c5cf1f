// Each link whose size may be unknown, beside the same link with the size: both give the same, and
// read each other's files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/folder.h"
#include "tests/nn/links/arrays.h"
#include "tests/paths.h"

namespace nn {
namespace {

// The layers that a GRU has are drawn in another order if some wait for the first input. So these
// values depend on the shape alone.
Initializer by_shape() {
  return [](Array& W) { W.assign(counted(W.shape(), 0.125F)); };
}

std::set<std::string> seen;

// What a link gives in training and in testing, one after the other.
template <class L, class... X>
std::pair<Array, Array> answers(L& link, const X&... x) {
  const Array trained = link(x...).array();
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  return {trained, link(x...).array()};
}
void expect_equal(const std::pair<Array, Array>& a, const std::pair<Array, Array>& b) {
  EXPECT_TRUE(array_equal(a.first, b.first)) << a.first << "\n" << b.first;
  EXPECT_TRUE(array_equal(a.second, b.second)) << a.second << "\n" << b.second;
}

template <class L, class... X>
void expect_as_known(const std::string& name, L (*unknown)(), L (*known)(), const X&... x) {
  SCOPED_TRACE(name);
  seen.insert(name);
  const Folder folder;
  const std::string waits = folder / "waits.npz", later = folder / "later.npz",
                    at_once = folder / "at_once.npz";

  autograd::random::seed(0);
  L a = unknown();
  EXPECT_LT(a.params(false).size(), a.params().size());
  serializers::save_npz(waits, a);
  const auto of_a = answers(a, x...);
  serializers::save_npz(later, a);

  autograd::random::seed(0);
  L b = known();
  EXPECT_EQ(b.params(false).size(), b.params().size());
  expect_equal(of_a, answers(b, x...));
  serializers::save_npz(at_once, b);

  for (const std::string& file : {later, at_once})
    for (L (*make)() : {unknown, known}) {
      L c = make(), d = make();
      serializers::load_npz(file, c);
      serializers::load_npz(file, d);
      EXPECT_EQ(c.params(false).size(), c.params().size());
      const auto of_c = answers(c, x...);
      expect_equal(of_c, answers(d, x...));
      if (!std::is_same_v<L, BatchNormalization> && !std::is_same_v<L, InceptionBN>)
        expect_equal(of_c, of_a);
    }

  // A file in which the sizes are unknown, too.
  autograd::random::seed(0);
  L e = unknown();
  serializers::load_npz(waits, e);
  expect_equal(answers(e, x...), of_a);
}
#define EXPECT_AS_KNOWN(LINK, UNKNOWN, KNOWN, ...)                                       \
  expect_as_known<LINK>(                                                                 \
      #LINK, []() -> LINK { return LINK UNKNOWN; }, []() -> LINK { return LINK KNOWN; }, \
      __VA_ARGS__)

// The classes of nn/links that have a constructor with such a size.
std::set<std::string> declared() {
  std::set<std::string> all;
  const std::regex constructor(
      R"(\n  (?:explicit )?(\w+)\([^;{]*(?:Size|ShapeOrNone&) (?:in_size|in_channels|size|beta_shape)\b)");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_path("nn/links"))) {
    if (entry.path().extension() != ".h") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string all_text = text.str();
    for (std::sregex_iterator i(all_text.begin(), all_text.end(), constructor), end; i != end; ++i)
      all.insert((*i)[1]);
  }
  // What stands for both layers of its kind.
  for (const auto& [base, stateless, stateful] :
       {std::tuple("LSTMBase", "StatelessLSTM", "LSTM"),
        std::tuple("GRUBase", "StatelessGRU", "StatefulGRU")}) {
    EXPECT_EQ(all.erase(base), 1) << base;
    all.insert({stateless, stateful});
  }
  return all;
}

// With filters of size 3 that look at their own places.
struct DeformableSampler : DeformableConvolution2DSampler {
  DeformableSampler(Size in, std::int64_t out)
      : DeformableConvolution2DSampler(in, out, 3, {.initialW = by_shape()}) {}
  Variable operator()(const Variable& x) {
    const Shape offset{x.length(0), 18, x.length(2) - 2, x.length(3) - 2};
    return DeformableConvolution2DSampler::operator()(x, zeros(offset));
  }
};

TEST(UnknownSizes, AreThoseOfTheFirstInput) {
  const Array rows = counted({4, 3}, 0.5F), images = counted({2, 4, 6, 5}, 0.25F),
              state = counted({4, 2}, 0.1F), sequences = counted({2, 4, 6}, 0.25F),
              volumes = counted({1, 4, 3, 4, 3}, 0.25F);
  EXPECT_AS_KNOWN(Linear, (None, 2), (3, 2), rows);
  EXPECT_AS_KNOWN(Linear, (2), (3, 2), rows);
  EXPECT_AS_KNOWN(Linear, (2, {.nobias = true}), (3, 2, true), rows);
  EXPECT_AS_KNOWN(Linear, (None, 2, true), (3, 2, true), rows);
  EXPECT_AS_KNOWN(Linear, (None, 2), (120, 2), images);
  EXPECT_AS_KNOWN(Maxout, (None, 2, 3), (3, 2, 3), rows);
  EXPECT_AS_KNOWN(Swish, (None), ({3}), rows);
  EXPECT_AS_KNOWN(Swish, (None), ({4, 6, 5}), images);
  EXPECT_AS_KNOWN(LayerNormalization, (), (3), rows);
  EXPECT_AS_KNOWN(LayerNormalization, (None, {.eps = 0.1}), (3, 0.1), rows);
  EXPECT_AS_KNOWN(GroupNormalization, (2), (2, 4), images);
  EXPECT_AS_KNOWN(GroupNormalization, (2, None, 0.1), (2, 4, {.eps = 0.1}), images);
  EXPECT_AS_KNOWN(BatchNormalization, (None, {.axis = 0}), (3), rows);
  EXPECT_AS_KNOWN(BatchNormalization, (None, {.axis = 0}), ({4, 6, 5}), images);
  EXPECT_AS_KNOWN(BatchNormalization, (None, {.axis = {0, 2, 3}}), (4), images);

  EXPECT_AS_KNOWN(Convolution2D, (None, 2, 3), (4, 2, 3), images);
  EXPECT_AS_KNOWN(Convolution2D, (2, 3), (4, 2, 3), images);
  EXPECT_AS_KNOWN(Convolution2D, (None, 2, 3, 2, 1), (4, 2, 3, {.stride = 2, .pad = 1}), images);
  EXPECT_AS_KNOWN(Convolution2D, (2, 3, {.groups = 2}), (4, 2, 3, {.groups = 2}), images);
  EXPECT_AS_KNOWN(DilatedConvolution2D, (None, 2, 3, 1, 0, 2), (4, 2, 3, {.dilate = 2}), images);
  EXPECT_AS_KNOWN(DilatedConvolution2D, (2, 3), (4, 2, 3), images);
  EXPECT_AS_KNOWN(Deconvolution2D, (None, 2, 3), (4, 2, 3), images);
  EXPECT_AS_KNOWN(Deconvolution2D, (2, 3, {.groups = 2}), (4, 2, 3, {.groups = 2}), images);
  EXPECT_AS_KNOWN(DepthwiseConvolution2D, (None, 2, 3), (4, 2, 3), images);
  EXPECT_AS_KNOWN(LocalConvolution2D, (None, 2, None, 3), (4, 2, {{6, 5}}, 3), images);
  EXPECT_AS_KNOWN(LocalConvolution2D, (4, 2, None, 3), (4, 2, {{6, 5}}, 3), images);
  EXPECT_AS_KNOWN(LocalConvolution2D, (None, 2, {{6, 5}}, 3), (4, 2, {{6, 5}}, 3), images);
  EXPECT_AS_KNOWN(ConvolutionND, (2, None, 2, 3), (2, 4, 2, 3), images);
  EXPECT_AS_KNOWN(ConvolutionND, (2, 2, 3, {.pad = 1}), (2, 4, 2, 3, {.pad = 1}), images);
  EXPECT_AS_KNOWN(Convolution1D, (None, 2, 3), (4, 2, 3), sequences);
  EXPECT_AS_KNOWN(Convolution1D, (2, 3), (4, 2, 3), sequences);
  EXPECT_AS_KNOWN(Convolution3D, (None, 2, 3), (4, 2, 3), volumes);
  EXPECT_AS_KNOWN(Convolution3D, (2, 3, {.pad = 1}), (4, 2, 3, {.pad = 1}), volumes);
  EXPECT_AS_KNOWN(DeconvolutionND, (2, None, 2, 3), (2, 4, 2, 3), images);
  EXPECT_AS_KNOWN(DeconvolutionND, (2, 2, 3), (2, 4, 2, 3), images);
  EXPECT_AS_KNOWN(Deconvolution1D, (None, 2, 3), (4, 2, 3), sequences);
  EXPECT_AS_KNOWN(Deconvolution1D, (2, 3), (4, 2, 3), sequences);
  EXPECT_AS_KNOWN(Deconvolution3D, (None, 2, 3), (4, 2, 3), volumes);
  EXPECT_AS_KNOWN(Deconvolution3D, (2, 3), (4, 2, 3), volumes);

  EXPECT_AS_KNOWN(LSTM, (None, 2), (3, 2), rows);
  EXPECT_AS_KNOWN(LSTM, (2), (3, 2), rows);
  EXPECT_AS_KNOWN(LSTM, (2, {.bias_init = 0.5}), (3, 2, {.bias_init = 0.5}), rows);
  EXPECT_AS_KNOWN(StatefulGRU, (None, 2, by_shape(), by_shape()), (3, 2, by_shape(), by_shape()),
                  rows);
  EXPECT_AS_KNOWN(StatelessGRU, (None, 2, by_shape(), by_shape()), (3, 2, by_shape(), by_shape()),
                  state, rows);
  EXPECT_AS_KNOWN(StatelessGRU, (None, 2, {.init = by_shape(), .inner_init = by_shape()}),
                  (3, 2, by_shape(), by_shape()), state, rows);
  // These take no initializer, and draw what waits for the first input later than the rest.
  struct Peephole : StatefulPeepholeLSTM {
    Peephole(Size in, std::int64_t out) : StatefulPeepholeLSTM(in, out) {
      upward = Linear(in, 4 * out, {.initialW = by_shape()});
      for (Linear* link : {&lateral, &peep_i, &peep_f, &peep_o})
        link->W.initialize_with(by_shape()(link->W.shape(), Dtype::float32));
    }
  };
  EXPECT_AS_KNOWN(Peephole, (None, 2), (3, 2), rows);
  struct Zoneout : StatefulZoneoutLSTM {
    Zoneout(Size in, std::int64_t out) : StatefulZoneoutLSTM(in, out, 0.0, 0.0) {
      upward = Linear(in, 4 * out, {.initialW = by_shape()});
      lateral.W.initialize_with(by_shape()(lateral.W.shape(), Dtype::float32));
    }
  };
  EXPECT_AS_KNOWN(Zoneout, (None, 2), (3, 2), rows);
  seen.erase("Peephole");
  seen.erase("Zoneout");
  seen.insert({"StatefulPeepholeLSTM", "StatefulZoneoutLSTM"});
  EXPECT_AS_KNOWN(SimplifiedDropconnect, (None, 2, 0.0), (3, 2, 0.0), rows);
  EXPECT_AS_KNOWN(MLPConvolution2D, ({2, 3}, 3, {.conv_init = by_shape()}),
                  (4, {2, 3}, 3, {.conv_init = by_shape()}), images);
  EXPECT_AS_KNOWN(Inception, (None, 1, 1, 2, 1, 2, 1, by_shape()),
                  (4, 1, 1, 2, 1, 2, 1, by_shape()), images);
  EXPECT_AS_KNOWN(InceptionBN, (None, 1, 1, 2, 1, 2, PoolType::max, 1, 1, by_shape()),
                  (4, 1, 1, 2, 1, 2, PoolType::max, 1, 1, by_shape()), images);
  EXPECT_AS_KNOWN(DeformableConvolution2D, (None, 2, 3, {.deform_initialW = by_shape()}),
                  (4, 2, 3, {.deform_initialW = by_shape()}), images);
  EXPECT_AS_KNOWN(DeformableSampler, (None, 2), (4, 2), images);
  // These give two variables and take no initializer; the test wants one.
  struct ChildSum : ChildSumTreeLSTM {
    ChildSum(Size in, std::int64_t out) : ChildSumTreeLSTM(in, out) {
      W_x = Linear(in, 4 * out, {.initialW = by_shape()});
    }
    Variable operator()(const Variable& x) { return ChildSumTreeLSTM::operator()(x).h; }
  };
  EXPECT_AS_KNOWN(ChildSum, (None, 2), (3, 2), rows);
  struct Nary : NaryTreeLSTM {
    Nary(Size in, std::int64_t out) : NaryTreeLSTM(in, out, 1) {
      W_x = Linear(in, 4 * out, {.initialW = by_shape()});
    }
    Variable operator()(const Variable& x) {
      return NaryTreeLSTM::operator()(Variable(), Variable(), x).h;
    }
  };
  EXPECT_AS_KNOWN(Nary, (None, 2), (3, 2), rows);
  for (const char* name : {"DeformableSampler", "ChildSum", "Nary"}) seen.erase(name);
  seen.insert({"DeformableConvolution2DSampler", "ChildSumTreeLSTM", "NaryTreeLSTM"});
  // This link gives two variables; the test wants one.
  struct Output : StatelessLSTM {
    using StatelessLSTM::StatelessLSTM;
    Variable operator()(const Variable& c, const Variable& h, const Variable& x) {
      return StatelessLSTM::operator()(c, h, x).h;
    }
  };
  EXPECT_AS_KNOWN(Output, (None, 2), (3, 2), state, state, rows);
  EXPECT_AS_KNOWN(Output, (2), (3, 2), state, state, rows);
  seen.erase("Output");
  seen.insert("StatelessLSTM");

  EXPECT_EQ(seen, declared());
}

TEST(Size, IsANumberOrNone) {
  const Size known = 784, unknown = None;
  EXPECT_TRUE(known.is_known());
  EXPECT_FALSE(unknown.is_known());
  EXPECT_EQ(*known, 784);
  EXPECT_EQ(known, 784);
  EXPECT_EQ(unknown, None);
  EXPECT_NE(known, None);
  EXPECT_NE(unknown, 0);
  EXPECT_EQ(Size(std::size_t{3}), 3);
  EXPECT_EQ(to_string(known), "784");
  EXPECT_EQ(to_string(unknown), "None");
  static_assert(!std::is_constructible_v<Size, double> && !std::is_constructible_v<Size, bool>);
  static_assert(!std::is_constructible_v<Size, std::nullopt_t>);
  static_assert(!std::is_constructible_v<Linear, bool, int>);
}

TEST(ShapeOrNone, IsAShapeOrItsLengthsOrNone) {
  EXPECT_FALSE(ShapeOrNone(None).is_known());
  EXPECT_EQ(*ShapeOrNone({3}), Shape{3});
  EXPECT_EQ(*ShapeOrNone({3, 4}), (Shape{3, 4}));
  EXPECT_EQ(*ShapeOrNone(Shape{3, 4}), (Shape{3, 4}));
  const ShapeOrNone no_axis = {};
  EXPECT_EQ(*no_axis, Shape());
  static_assert(!std::is_constructible_v<ShapeOrNone, double>);
  EXPECT_EQ(BatchNormalization(3).gamma.shape(), Shape{3});
  EXPECT_EQ(BatchNormalization(Shape{3}).gamma.shape(), Shape{3});
  EXPECT_EQ(BatchNormalization({3, 4}).gamma.shape(), (Shape{3, 4}));
  EXPECT_EQ((BatchNormalization{3, 0.5}).decay, 0.5);
  EXPECT_EQ(BatchNormalization({3, 4}, 0.5).decay, 0.5);
}

// None is what is not given, whatever its type.
TEST(None, GoesWhereNothingIsGiven) {
  const Array rows = counted({4, 3}, 0.5F);
  EXPECT_EQ(autograd::sum(rows, None, true).shape(), (Shape{1, 1}));
  EXPECT_EQ(EmbedID(3, 2, None, None).ignore_label, None);
  EXPECT_EQ(Linear(3, 2, false, None, 0).b.shape(), Shape{2});
  EXPECT_EQ(LSTM(3, 2, None, None, 1.0).bias_init({1}, Dtype::float64).item(), 1);
  EXPECT_EQ(Deconvolution2D(3, 2, 3, 1, 0, false, None).outsize, None);
  EXPECT_FALSE(Bias(1, None).b);
  EXPECT_FALSE(Scale(1, None).W);
}

}  // namespace
}  // namespace nn
