// The model that is told the class of the image.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "autograd/functions/functions.h"
#include "autograd/graph/config.h"
#include "examples/vae/data.h"
#include "examples/vae_lab/classes.h"
#include "examples/vae_lab/codes.h"
#include "examples/vae_lab/model.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace vae::lab {
namespace {

namespace random = autograd::random;
using autograd::Array;
using autograd::Dtype;
using autograd::Shape;

TEST(Classes, AreColumnsBehindTheRows) {
  const Array rows = Array::of<float>({1, 2, 3, 4}, Shape{2, 2}),
              labels = Array::of<std::int32_t>({2, 0});
  const Array joined = with_classes(rows, labels, 3);
  EXPECT_EQ(describe(joined), "float32(2, 5)");
  EXPECT_EQ(joined.to_vector<float>(), (std::vector<float>{1, 2, 0, 0, 1, 3, 4, 1, 0, 0}));
  const auto [back, t] = split_classes(joined, 3);
  EXPECT_TRUE(array_equal(back.array(), rows));
  EXPECT_TRUE(array_equal(t.array(), one_hot(labels, 3)));
}

TEST(Classes, MayBeNone) {
  const Array rows = Array::of<float>({1, 2, 3, 4}, Shape{2, 2});
  EXPECT_TRUE(array_equal(with_classes(rows, {}, 0), rows));
  const auto [back, t] = split_classes(rows, 0);
  EXPECT_TRUE(array_equal(back.array(), rows));
  EXPECT_FALSE(t);
  EXPECT_TRUE(array_equal(join_classes(rows, t).array(), rows));
}

TEST(Classes, MustBeThoseThatThereAre) {
  const auto of = [](std::int32_t label) {
    return message_of<autograd::Error>([&] { one_hot(Array::of<std::int32_t>({0, label}), 3); });
  };
  EXPECT_EQ(of(3), "one_hot: labels must lie in [0, 3), but one is 3");
  EXPECT_EQ(of(-1), "one_hot: labels must lie in [0, 3), but one is -1");
}

TEST(Classes, LeaveWhatTheirMeansDoNotExplain) {
  const Array rows = Array::of<double>({1, 10, 3, 10, 5, 7}, Shape{3, 2});
  const Array left = within_classes(rows, Array::of<std::int32_t>({1, 1, 3}), 5);
  EXPECT_EQ(left.to_vector<double>(), (std::vector<double>{-1, 0, 1, 0, 0, 0}));
}

LabOptions of_digits(const std::string& model) {
  LabOptions o;
  o.model = model;
  o.dim_z = 4;
  o.dim_h = 64;
  if (model == "distributions") o.layers = 1;
  return o;
}

struct Trained {
  Model model;
  double loss;  // of the test images
};

// Ten epochs of the digits.
Trained trained(const LabOptions& o, bool conditional) {
  const ImageSet images = load_images("digits", true, false);
  random::seed(2);
  Model model = make_model(o, 64, conditional ? images.classes : 0);
  const auto optimizer = make_optimizer(o);
  optimizer->setup(*model.link);
  const nn::datasets::TupleDataset train =
      conditional ? nn::datasets::TupleDataset(images.train, *images.train_labels)
                  : nn::datasets::TupleDataset(images.train);
  nn::iterators::SerialIterator batches(train, 50);
  while (batches.epoch() < 10) {
    const auto batch = nn::datasets::concat_examples(*batches.next()).arrays();
    if (conditional)
      optimizer->update(model.loss_func, Variable(batch[0]), batch[1]);
    else
      optimizer->update(model.loss_func, Variable(batch[0]));
  }
  const auto no_graph = autograd::no_backprop_mode();
  const double loss = (conditional ? model.loss_func(images.test, *images.test_labels)
                                   : model.loss_func(images.test))
                          .item();
  return {std::move(model), loss};
}

// The class stays behind the code, so that what is decoded, or mixed, has one.
TEST(Codec, KeepsTheClassOfAConditionalModelBehindTheCode) {
  random::seed(0);
  const Model model = make_model(of_digits("question"), 64, 10);
  const Codec codec(model.encode, model.decode, model.classes);
  const ImageSet images = load_images("digits", true, true);
  const Array x = with_classes(images.test, images.test_labels, 10);
  const std::vector<Code> codes = codec.encode(x);
  const auto mu = model.encode(x).first.array().to_vector<float>();
  const auto labels = images.test_labels->to_vector<int>();
  ASSERT_EQ(codes.size(), labels.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    Code expected(mu.begin() + std::ptrdiff_t(4 * i), mu.begin() + std::ptrdiff_t(4 * i + 4));
    for (int c = 0; c < 10; ++c) expected.push_back(c == labels[i] ? 1.f : 0.f);
    EXPECT_EQ(codes[i], expected);
  }
  EXPECT_TRUE(array_equal(codec.decode(codes), reconstructed(model, x)));
  EXPECT_EQ(codec.most_active(x, 99).size(), 4u);
}

class Conditional : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Models, Conditional, testing::Values("question", "distributions"));

// The class says what the code need not: about ln 10 = 2.3 nats, and the digits more closely.
TEST_P(Conditional, ReachesALowerLoss) {
  const LabOptions o = of_digits(GetParam());
  EXPECT_LT(trained(o, true).loss, trained(o, false).loss - 1);
}

// The mean image of each class is nearest to what the model draws of that class from z = 0.
TEST_P(Conditional, DrawsTheClassThatItIsTold) {
  const Model model = trained(of_digits(GetParam()), true).model;
  const ImageSet images = load_images("digits", true, false);
  const Array classes = Array::arange(10);
  const Array drawn =
      model.decode(with_classes(Array::zeros({10, 4}, Dtype::float32), classes, 10)).array();
  const Array t = one_hot(*images.train_labels, 10);
  const Array sums = F::matmul(t, images.train, true).array();
  const std::vector<double> counts = F::sum(t, 0).array().to_vector<double>();
  for (std::int64_t c = 0; c < 10; ++c) {
    std::vector<double> distances;
    for (std::int64_t of = 0; of < 10; ++of)
      distances.push_back(
          F::sum(F::square(Variable(drawn.select(0, c)) -
                           Variable(sums.select(0, of)) / counts[static_cast<std::size_t>(of)]))
              .item());
    EXPECT_EQ(std::min_element(distances.begin(), distances.end()) - distances.begin(), c);
  }
}

TEST_P(Conditional, SamplesEveryClassFromEachDraw) {
  random::seed(0);
  const Model model = make_model(of_digits(GetParam()), 64, 3);
  random::seed(5);
  const Array z = autograd::array::standard_normal({2, 4}, Dtype::float32, random::generator());
  random::seed(5);
  const Array samples = model.decode(model.sample(2)).array();
  EXPECT_EQ(describe(samples), "float32(6, 64)");
  for (std::int64_t draw = 0; draw < 2; ++draw)
    for (std::int32_t c = 0; c < 3; ++c) {
      const Array one =
          model.decode(with_classes(z.slice(0, draw, 1), Array::of<std::int32_t>({c}), 3)).array();
      const auto expected = one.to_vector<double>(),
                 got = samples.select(0, draw * 3 + c).to_vector<double>();
      for (std::size_t p = 0; p < 64; ++p)  // one row or six: the sums may be in another order
        EXPECT_NEAR(got[p], expected[p], 1e-6);
    }
}

TEST_P(Conditional, ReconstructsThroughTheClassOfTheImage) {
  random::seed(0);
  const Model model = make_model(of_digits(GetParam()), 64, 10);
  const Array x = load_images("digits", true, true).test.slice(0, 0, 1);
  const auto as = [&](std::int32_t label) {
    return reconstructed(model, with_classes(x, Array::of<std::int32_t>({label}), 10));
  };
  EXPECT_TRUE(array_equal(as(1), as(1)));
  EXPECT_FALSE(array_equal(as(1), as(2)));
}

TEST(ConditionalVAE, HasTheSameNamesAndWiderFirstLayers) {
  VAE plain(64, 4, 8), conditional(64, 4, 8, {.classes = 10});
  const auto ours = conditional.namedparams(), theirs = plain.namedparams();
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(ours[i].path, theirs[i].path);
    const bool told = ours[i].path == "/le1/W" || ours[i].path == "/ld1/W";
    EXPECT_EQ(ours[i].parameter.size() - theirs[i].parameter.size(), told ? 8 * 10 : 0);
  }
}

TEST(ConditionalVAE, MustBeToldTheClassAndOthersMustNot) {
  const Array x = Array::zeros({2, 64}, Dtype::float32), labels = Array::zeros({2}, Dtype::int32);
  VAE plain(64, 4, 8), conditional(64, 4, 8, {.classes = 10});
  EXPECT_EQ(message_of<autograd::Error>([&] { conditional.get_loss_func({})(x); }),
            "VAE: the model has 10 classes, but no labels were passed");
  EXPECT_EQ(message_of<autograd::Error>([&] { plain.get_loss_func({})(x, labels); }),
            "VAE: the model has no classes, but labels were passed");
}

}  // namespace
}  // namespace vae::lab
