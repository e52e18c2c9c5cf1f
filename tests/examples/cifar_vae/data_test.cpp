#include "examples/cifar_vae/data.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "tests/folder.h"

namespace cifar_vae {
namespace {

using autograd::Shape;

TEST(GeneratedImages, AreColourfulAndAlwaysTheSame) {
  const ImageSet a = generate_images(), b = generate_images();
  EXPECT_EQ(a.train.shape(), (Shape{2000, 3, 32, 32}));
  EXPECT_EQ(a.test.shape(), (Shape{400, 3, 32, 32}));
  EXPECT_TRUE(autograd::array_equal(a.train, b.train));
  const std::vector<float> values = a.train.to_vector<float>();
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  EXPECT_GE(*least, 0);
  EXPECT_LE(*most, 1);
  EXPECT_LT(*least, 0.05);
  EXPECT_GT(*most, 0.95);
}

TEST(Images, AreGeneratedWhereThereAreNone) {
  const Folder folder;
  setenv("CHAINER_DATASET_ROOT", (folder / "").c_str(), 1);
  setenv("CHAINETTE_CIFAR10_URL", ("file://" + (folder / "absent")).c_str(), 1);
  const ImageSet found = load_images("", false), tiny = load_images("", true);
  EXPECT_EQ(found.name, "generated images (CIFAR-10 was not found)");
  EXPECT_EQ(found.train.length(0), 2000);
  EXPECT_EQ(tiny.train.length(0), 200);
  EXPECT_EQ(load_images("generated", true).name, "generated images");
  EXPECT_ANY_THROW(load_images("cifar10", false));  // was asked for by name
  unsetenv("CHAINER_DATASET_ROOT");
  unsetenv("CHAINETTE_CIFAR10_URL");
}

}  // namespace
}  // namespace cifar_vae
