#include "nn/datasets/idx.h"

#include <gmock/gmock.h>

#include <optional>
#include <utility>
#include <vector>

#include "nn/files/gzip.h"
#include "nn/files/write_file.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::datasets {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using testing::ElementsAre;

Array counting(const Shape& shape) {
  return Array::arange(shape.elements(), Dtype::uint8).reshape(shape);
}

std::string idx(std::initializer_list<int> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

std::string refusal(const std::string& bytes) {
  return message_of<Error>([&] { decode_idx(std::as_bytes(std::span(bytes)), "a"); });
}

// The four files with n and 2 images of 2 x 3 pixels.
void write_folder(const Folder& folder, std::int64_t n, const std::string& ending) {
  write_idx(folder / (kIdxTrain.images + ending), counting({n, 2, 3}));
  write_idx(folder / (kIdxTrain.labels + ending), counting({n}));
  write_idx(folder / (kIdxTest.images + ending), counting({2, 2, 3}));
  write_idx(folder / (kIdxTest.labels + ending), counting({2}));
}

TEST(Idx, IsWrittenAsMnistIs) {
  Folder folder;
  write_idx(folder / "a", Array::of<std::uint8_t>({5, 0, 4}));
  const Bytes bytes = read_file(folder / "a");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
            idx({0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4}));
}

TEST(Idx, ReadsWhatItWrites) {
  Folder folder;
  for (const char* name : {"a", "a.gz"})
    for (const Array& array : {counting({7}), counting({2, 3, 4}), counting({2, 3}).transpose()}) {
      write_idx(folder / name, array);
      EXPECT_TRUE(array_equal(read_idx(folder / name), array));
    }
  EXPECT_TRUE(is_gzip(read_file(folder / "a.gz")));
  EXPECT_EQ(folder.number_of_files(), 2u);
}

TEST(Idx, RefusesDamagedFiles) {
  EXPECT_EQ(refusal(""), "idx: a must begin as an idx file, but its magic number is wrong");
  EXPECT_EQ(refusal("\x93NUMPY"),
            "idx: a must begin as an idx file, but its magic number is wrong");
  EXPECT_EQ(refusal(idx({0, 0, 13, 1, 0, 0, 0, 0})),
            "idx: a must hold unsigned bytes (type 8), but its type is 13");
  EXPECT_EQ(refusal(idx({0, 0, 8, 0})), "idx: a must have 1 to 8 axes, but it has 0");
  EXPECT_EQ(refusal(idx({0, 0, 8, 9})), "idx: a must have 1 to 8 axes, but it has 9");
  EXPECT_EQ(refusal(idx({0, 0, 8, 2, 0, 0, 0, 1})),
            "idx: a must name the lengths of its 2 axes, but it ends after 8 bytes");
  EXPECT_EQ(refusal(idx({0, 0, 8, 1, 0, 0, 0, 3, 1, 2})),
            "idx: a must hold a byte for each element of its shape (3), but 2 follow the header");
  EXPECT_EQ(refusal(idx({0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3, 4})),
            "idx: a must hold a byte for each element of its shape (3), but 4 follow the header");
  EXPECT_EQ(refusal(idx({0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1})),
            "idx: a must hold a byte for each element of its shape (4294967295, 4294967295), but 1 "
            "follow the header");
  EXPECT_EQ(refusal(idx({0, 0, 8, 1, 0, 0, 0, 0})),
            "idx: a must have no empty axis, but its shape is (0)");
}

TEST(Idx, NamesTheFileThatIsCutOff) {
  Folder folder;
  write_idx(folder / "a.gz", counting({100}));
  const Bytes whole = read_file(folder / "a.gz");
  const std::string half =
      folder.write("half.gz", std::string(reinterpret_cast<const char*>(whole.data()), 50));
  EXPECT_EQ(message_of<Error>([&] { read_idx(half); }),
            "gzip: " + half + " must be a complete gzip file, but it is truncated after 50 bytes");
}

TEST(Idx, RefusesToWriteOtherArraysAndToOtherPlaces) {
  Folder folder;
  EXPECT_EQ(message_of<Error>([&] { write_idx(folder / "a", Array::arange(3)); }),
            "idx: the array must be uint8 with an axis, but it is int64(3)");
  EXPECT_EQ(message_of<Error>([&] { write_idx(folder / "no/a", counting({3})); }),
            "idx: " + (folder / "no/a") +
                " must be writable, but writing failed: No such file or directory");
  EXPECT_EQ(folder.number_of_files(), 0u);
}

// A gzip file of 2 MB may hold 2 GB of zeros: only what the header says, and a little, is unpacked.
TEST(Idx, UnpacksNoMoreThanTheHeaderSays) {
  Folder folder;
  Bytes bytes{std::byte{0}, std::byte{0}, std::byte{8}, std::byte{1},
              std::byte{0}, std::byte{0}, std::byte{0}, std::byte{4}};
  bytes.resize(64u << 20);
  const std::string path = folder / "a.gz";
  write_file(path, gzip(bytes), "test");
  EXPECT_EQ(message_of<Error>([&] { read_idx(path); }),
            "idx: " + path +
                " must hold a byte for each element of its shape (4), but more than 1048580 follow "
                "the header");
}

TEST(LoadIdxFolder, RefusesLabelsWithGapsAndNamesTheFirst) {
  Folder folder;
  constexpr int kImages = 60;
  write_idx(folder / kIdxTrain.images, Array::zeros({kImages, 2, 2}, Dtype::uint8));
  write_idx(folder / kIdxTest.images, Array::zeros({kImages, 2, 2}, Dtype::uint8));
  const auto write = [&](const IdxNames& names, int start, int classes,
                         std::optional<std::pair<int, int>> stray = {}) {
    std::vector<std::uint8_t> labels;
    for (int i = 0; i < kImages; ++i)
      labels.push_back(static_cast<std::uint8_t>(start + i % classes));
    if (stray) labels[std::size_t(stray->first)] = std::uint8_t(stray->second);
    write_idx(folder / names.labels, Array::from(std::span<const std::uint8_t>(labels)));
  };
  const auto message = [&] { return message_of<Error>([&] { load_idx_folder(folder / ""); }); };
  const std::string rule = "idx: labels above 9 must number the classes from 0 without a gap, but ";
  for (const int classes : {1, 2, 10, 11, 47}) {
    write(kIdxTrain, 0, classes);
    write(kIdxTest, 0, classes);
    EXPECT_EQ(load_idx_folder(folder / "").train.size(), kImages) << classes;
  }
  write(kIdxTrain, 3, 2);  // some of ten classes
  write(kIdxTest, 7, 1);
  EXPECT_EQ(load_idx_folder(folder / "").train.size(), kImages);
  write(kIdxTrain, 1, 10);
  write(kIdxTest, 1, 10);
  EXPECT_EQ(message(),
            rule + "label 10 is at 9 in " + (folder / kIdxTrain.labels) + " and no image has 0");
  write(kIdxTrain, 0, 10);
  write(kIdxTest, 0, 10, std::pair(17, 255));
  EXPECT_EQ(message(),
            rule + "label 255 is at 17 in " + (folder / kIdxTest.labels) + " and no image has 10");
  write(kIdxTest, 0, 10, std::pair(0, 11));
  EXPECT_EQ(message(),
            rule + "label 11 is at 0 in " + (folder / kIdxTest.labels) + " and no image has 10");
  EXPECT_EQ(load_idx_folder(folder / "", {.withlabel = false}).test.size(), kImages);
}

TEST(LoadIdxFolder, ReadsPlainAndGzippedFiles) {
  for (const char* ending : {"", ".gz"}) {
    Folder folder;
    write_folder(folder, 5, ending);
    const auto [train, test] = load_idx_folder(folder / "");
    EXPECT_EQ(train.size(), 5);
    EXPECT_EQ(test.size(), 2);
    EXPECT_EQ(train.arrays()[0].shape(), (Shape{5, 6}));
    EXPECT_EQ(train.arrays()[0].dtype(), Dtype::float32);
    EXPECT_EQ(train.arrays()[1].dtype(), Dtype::int32);
    EXPECT_EQ(train[4][1].array().item(), 4);
    EXPECT_EQ(train[4][0].array().to_vector<float>()[5], 29 * (1.f / 255));
  }
}

TEST(LoadIdxFolder, ShapesAndScalesAsAsked) {
  Folder folder;
  write_folder(folder, 5, "");
  EXPECT_EQ(load_idx_folder(folder / "", {.ndim = 2}).train.arrays()[0].shape(), (Shape{5, 2, 3}));
  EXPECT_EQ(load_idx_folder(folder / "", {.ndim = 3}).train.arrays()[0].shape(),
            (Shape{5, 1, 2, 3}));
  const Array rgb = load_idx_folder(folder / "", {.ndim = 3, .rgb_format = true}).train.arrays()[0];
  EXPECT_EQ(rgb.shape(), (Shape{5, 3, 2, 3}));
  EXPECT_TRUE(array_equal(rgb.select(1, 0), rgb.select(1, 2)));
  const TrainTest scaled =
      load_idx_folder(folder / "", {.withlabel = false, .scale = 255, .dtype = Dtype::float64});
  ASSERT_EQ(scaled.train.arrays().size(), 1u);
  EXPECT_THAT(scaled.train[1][0].array().to_vector<double>(), ElementsAre(6, 7, 8, 9, 10, 11));
  EXPECT_EQ(message_of<Error>([&] { load_idx_folder(folder / "", {.ndim = 4}); }),
            "images: ndim must be 1, 2 or 3, but it is 4");
  EXPECT_EQ(message_of<Error>([&] { load_idx_folder(folder / "", {.dtype = Dtype::int32}); }),
            "images: dtype must be float32 or float64, but it is int32");
}

TEST(LoadIdxFolder, NeedsNoLabelsThatAreNotAskedFor) {
  Folder folder;
  write_idx(folder / kIdxTrain.images, counting({5, 2, 3}));
  write_idx(folder / kIdxTest.images, counting({2, 2, 3}));
  EXPECT_EQ(load_idx_folder(folder / "", {.withlabel = false}).test.size(), 2);
  EXPECT_EQ(message_of<Error>([&] { load_idx_folder(folder / ""); }),
            "idx: " + (folder / "") +
                " must hold train-labels-idx1-ubyte, plain or with .gz, but it does not");
}

TEST(LoadIdxFolder, RefusesFilesThatDoNotBelongTogether) {
  Folder folder;
  write_folder(folder, 5, "");
  write_idx(folder / kIdxTrain.labels, counting({4}));
  EXPECT_EQ(message_of<Error>([&] { load_idx_folder(folder / ""); }),
            "idx: " + (folder / kIdxTrain.labels) +
                " must hold a label for each of the 5 images in train-images-idx3-ubyte, but it is "
                "uint8(4)");
  write_idx(folder / kIdxTrain.images, counting({5}));
  EXPECT_EQ(message_of<Error>([&] { load_idx_folder(folder / ""); }),
            "idx: " + (folder / kIdxTrain.images) +
                " must hold images, which have three axes, but it is uint8(5)");
}

}  // namespace
}  // namespace nn::datasets
