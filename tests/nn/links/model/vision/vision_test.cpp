#include <gmock/gmock.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;
using Pixels = std::vector<std::uint8_t>;

TEST(Images, AreResizedAsPillowDoes) {
  // By hand: the weights of the two pixels are cubic(0.25) and cubic(1.25), then cubic(0.25) and
  // cubic(0.75), each over its sum.
  const Array row = Array::of<std::uint8_t>({100, 200}, {{1, 2, 1}});
  EXPECT_EQ(resized(row, {1, 4}).to_vector<std::uint8_t>(), (Pixels{91, 121, 179, 209}));
  const Array column = row.reshape({2, 1, 1});
  EXPECT_EQ(resized(column, {4, 1}).to_vector<std::uint8_t>(), (Pixels{91, 121, 179, 209}));
  // Values are cut; half the size takes a mean over eight pixels, which keeps what is even.
  EXPECT_EQ(
      resized(Array::of<std::uint8_t>({0, 255}, {{1, 2, 1}}), {1, 4}).to_vector<std::uint8_t>()[0],
      0);
  const Array even = Array::full({8, 6, 3}, 77, Dtype::uint8);
  EXPECT_EQ(resized(even, {4, 3}).to_vector<std::uint8_t>(), Pixels(36, 77));
  EXPECT_TRUE(array_equal(resized(even, {8, 6}), even));
}

TEST(Images, ComeInManyForms) {
  const Array rgb = Array::of<std::uint8_t>({1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7}, {{2, 2, 3}});
  EXPECT_TRUE(array_equal(as_rgb(rgb), rgb));
  EXPECT_TRUE(array_equal(as_rgb(rgb.transpose({2, 0, 1})), rgb));
  EXPECT_TRUE(array_equal(as_rgb(rgb.astype(Dtype::float32)), rgb));
  EXPECT_EQ(as_rgb(Array::of<float>({7, 8}, {{1, 2}})).to_vector<std::uint8_t>(),
            (Pixels{7, 7, 7, 8, 8, 8}));
  EXPECT_EQ(as_rgb(Array::of<float>({7, 8}, {{1, 1, 2}})).to_vector<std::uint8_t>(),
            (Pixels{7, 7, 7, 8, 8, 8}));
  EXPECT_EQ(as_rgb(Array::zeros({5, 6, 4}, Dtype::uint8)).shape(), (Shape{5, 6, 3}));
  EXPECT_EQ(message_of([] {
              as_rgb(Array::zeros({5, 6, 2}, Dtype::uint8));
            }),
            "prepare: an image must have 1, 3 or 4 channels, in RGB, but the image is uint8(5, 6, "
            "2)");
  // BGR minus the mean, channels first.
  const Array y = GoogLeNet::prepare(rgb, std::nullopt);
  EXPECT_EQ(y.to_vector<float>(), (std::vector<float>{-101, -98, -95, -97, -115, -112, -109, -109,
                                                      -122, -119, -116, -114}));
  EXPECT_EQ(VGG16Layers::prepare(rgb).shape(), (Shape{3, 224, 224}));
  EXPECT_EQ(ResNet50Layers::prepare(rgb, {{4, 5}}).shape(), (Shape{3, 4, 5}));
}

TEST(Images, AreCutIntoTenPieces) {
  const Array image = counted({1, 1, 4, 5});
  const Array pieces = oversample(image, {2, 3});
  ASSERT_EQ(pieces.shape(), (Shape{10, 1, 2, 3}));
  const auto piece = [&](int i) { return pieces.select(0, i).to_vector<float>(); };
  EXPECT_THAT(piece(0), ElementsAre(0, 1, 2, 5, 6, 7));
  EXPECT_THAT(piece(1), ElementsAre(2, 3, 4, 7, 8, 9));
  EXPECT_THAT(piece(2), ElementsAre(10, 11, 12, 15, 16, 17));
  EXPECT_THAT(piece(3), ElementsAre(12, 13, 14, 17, 18, 19));
  EXPECT_THAT(piece(4), ElementsAre(6, 7, 8, 11, 12, 13));
  EXPECT_THAT(piece(5), ElementsAre(2, 1, 0, 7, 6, 5));
  EXPECT_THAT(piece(9), ElementsAre(8, 7, 6, 13, 12, 11));
}

TEST(VisionModel, GivesItsLayersByName) {
  autograd::random::seed(0);
  GoogLeNet model(None);
  EXPECT_EQ(model.count_params(), 13378280);
  EXPECT_EQ(model.available_layers().size(), 21u);
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  const auto without_graph = autograd::no_backprop_mode();
  const Array image = Array::full({20, 30, 3}, 100, Dtype::uint8);
  const Dict<Variable> layers = model.extract({image, image}, {"loss1_fc2", "pool1"});
  EXPECT_EQ(layers.at("pool1").shape(), (Shape{2, 64, 56, 56}));
  EXPECT_EQ(layers.at("loss1_fc2").shape(), (Shape{2, 1000}));
  // In the order of the network, from the top of which no more than needed is computed.
  EXPECT_EQ(layers.begin()->first, "pool1");
  EXPECT_EQ(model.extract({image}, {"pool2"}, {{32, 32}}).at("pool2").shape(),
            (Shape{1, 192, 4, 4}));
  EXPECT_EQ(message_of([&] { model.extract({image}, {"pool9"}); }),
            "GoogLeNet: a layer must be one of available_layers(), but there is no pool9");
  EXPECT_EQ(message_of([&] { model.extract({}); }),
            "GoogLeNet: there must be an image, but there is none");

  // All pieces of an even image are equal.
  const Array y = model.predict({image}).array(), center = model.predict({image}, false).array();
  EXPECT_EQ(y.shape(), (Shape{1, 1000}));
  EXPECT_NEAR(autograd::sum(Variable(y)).item(), 1, 1e-5);
  EXPECT_LT(autograd::max(autograd::absolute(Variable(y) - Variable(center))).item(), 1e-6);

  const Folder folder;
  serializers::save_npz(folder / "googlenet.npz", model, false);
  GoogLeNet loaded(folder / "googlenet.npz");
  EXPECT_TRUE(array_equal(loaded.inc5b.projp.W.array(), model.inc5b.projp.W.array()));
  EXPECT_TRUE(array_equal(loaded.predict({image}, false).array(), center));
}

TEST(VisionModel, SaysWhereItsPretrainedValuesMustBe) {
  const Folder folder;
  ASSERT_EQ(setenv("CHAINER_DATASET_ROOT", (folder / "").c_str(), 1), 0);
  EXPECT_THAT(
      message_of([] { GoogLeNet(); }),
      StartsWith("GoogLeNet: the converted model must be there, or be given by its path, or "
                 "be None, but there is no file "));
  unsetenv("CHAINER_DATASET_ROOT");
  EXPECT_EQ(message_of([] { GoogLeNet("a.caffemodel"); }),
            "GoogLeNet: a model must be an npz file that Chainer has made of it, but it is "
            "a.caffemodel");
}

TEST(ResNet, HasAStrideWhereItsVariantPutsIt) {
  BottleneckA original(4, 2, 8, 2), facebook(4, 2, 8, 2, {}, true);
  EXPECT_EQ(original.conv1.stride, 2);
  EXPECT_EQ(original.conv2.stride, 1);
  EXPECT_EQ(facebook.conv1.stride, 1);
  EXPECT_EQ(facebook.conv2.stride, 2);
  BuildingBlock block(3, 4, 2, 8, 2);
  EXPECT_EQ(block(ones({1, 4, 6, 6})).shape(), (Shape{1, 8, 3, 3}));
  EXPECT_EQ(block.children().size(), 3u);
  EXPECT_EQ(block.children()[2].path, "/b2");
}

}  // namespace
}  // namespace nn
