#include "nn/files/hdf5.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "autograd/array/linalg.h"
#include "nn/serializers/save_load.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using serializers::Dictionary;
using testing::ElementsAre;
using testing::HasSubstr;

bool is_built() {
  const Folder folder;
  return message_of<Error>([&] { Hdf5Writer(folder / "x"); }).find("built without") ==
         std::string::npos;
}
#define SKIP_WITHOUT_HDF5() \
  if (!is_built()) GTEST_SKIP() << "this is a build without libhdf5"

// What Chainer itself wrote is read by the golden runner; here is what only this library can do.
TEST(Hdf5, EveryTypeComesBack) {
  SKIP_WITHOUT_HDF5();
  const Folder folder;
  const Dictionary values{
      {"float32", Array::of<float>({1.5f, -2, 3e-40f, 4}, Shape{2, 2})},
      {"a/b/float64", Array::of({0.1, -1e300})},
      {"a/int32", Array::of<std::int32_t>({-7, 2147483647})},
      {"int64", Array::scalar<std::int64_t>(-1)},
      {"uint8", Array::of<std::uint8_t>({0, 255, 3})},
      {"bool", Array::of<bool>({true, false, true})},
      {"flag", Array::scalar(true)},
      {"transposed", Array::of<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3}).transpose()},
      {"empty", Array::empty({0, 3}, Dtype::float32)},
      {"none", autograd::None}};
  for (const std::optional<int> compression : {std::optional(4), std::optional(0), {}}) {
    serializers::save_hdf5(folder / "a.h5", values, compression);
    const Hdf5Reader file(folder / "a.h5");
    EXPECT_EQ(file.keys().size(), values.size());
    for (const auto& [key, value] : values) {
      const FileValue found = file.entry(key);
      ASSERT_EQ(found.index(), value.index()) << key;
      if (!std::holds_alternative<Array>(value)) continue;
      EXPECT_EQ(std::get<Array>(found).dtype(), std::get<Array>(value).dtype()) << key;
      EXPECT_TRUE(array_equal(std::get<Array>(found), std::get<Array>(value))) << key;
    }
    const bool packs = compression.has_value();
    EXPECT_EQ(file.storage("uint8").filter, packs ? "gzip" : "");
    EXPECT_EQ(file.storage("int64").filter, "");  // a single value is never compressed
  }
  EXPECT_THAT(Hdf5Reader(folder / "a.h5").keys(),
              ElementsAre("a/b/float64", "a/int32", "bool", "empty", "flag", "float32", "int64",
                          "none", "transposed", "uint8"));
}

// The chunks that h5py 3.7.0 chose for arrays of these shapes.
TEST(Hdf5, ChunksAreThoseOfH5py) {
  SKIP_WITHOUT_HDF5();
  const Folder folder;
  const std::vector<std::pair<Shape, Shape>> cases{{{2}, {2}},
                                                   {{100}, {100}},
                                                   {{1000, 1000}, {63, 125}},
                                                   {{784, 500}, {98, 63}},
                                                   {{3000}, {3000}},
                                                   {{10000, 128}, {625, 8}},
                                                   {{64, 64, 3, 3}, {16, 32, 2, 2}},
                                                   {{5, 1, 7}, {5, 1, 7}},
                                                   {{300000}, {4688}}};
  for (const auto& [shape, chunks] : cases) {
    serializers::save_hdf5(folder / "a.h5", Dictionary{{"x", Array::zeros(shape, Dtype::float32)}},
                           1);
    EXPECT_EQ(Hdf5Reader(folder / "a.h5").storage("x").chunks, chunks) << to_string(shape);
  }
}

TEST(Hdf5, EqualModelsGiveEqualFiles) {
  SKIP_WITHOUT_HDF5();
  const Folder folder;
  const auto contents = [&](const std::string& name) {
    serializers::save_hdf5(folder / name, Dictionary{{"l/W", Array::zeros({9}, Dtype::float32)}});
    std::ifstream file(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(contents("a"), contents("b"));
}

TEST(Hdf5, WritesAllOrNothing) {
  SKIP_WITHOUT_HDF5();
  const Folder folder;
  folder.write("a.h5", "older");
  const auto size = [&] { return std::filesystem::file_size(folder / "a.h5"); };
  EXPECT_THAT(message_of<Error>([&] {
                serializers::save_hdf5(folder / "a.h5", Dictionary{{"log", std::string("text")}});
              }),
              HasSubstr("must be arrays, numbers or None, but log is a text"));
  EXPECT_EQ(size(), 5u);
  {
    Hdf5Writer abandoned(folder / "a.h5");
    abandoned.write("x", Array::zeros({100}, Dtype::float32));
    EXPECT_THAT(message_of<Error>([&] { abandoned.write_none("x"); }),
                HasSubstr("hdf5: x must be"));
    EXPECT_THAT(message_of<Error>([&] { abandoned.write_none("x/y"); }), HasSubstr("hdf5: x/y "));
  }
  EXPECT_EQ(size(), 5u);
  EXPECT_EQ(folder.number_of_files(), 1u);
  EXPECT_EQ(message_of<Error>([&] { Hdf5Writer(folder / "b", {.compression = 10}); }),
            "hdf5: compression must be None or a level from 0 to 9, but it is 10");
  EXPECT_THAT(
      message_of<Error>([&] { serializers::save_hdf5(folder / "no/such/folder", Dictionary{}); }),
      HasSubstr("hdf5: "));
}

TEST(Hdf5, DamageIsToldInOneSentence) {
  SKIP_WITHOUT_HDF5();
  const Folder folder;
  EXPECT_THAT(message_of<Error>([&] { Hdf5Reader(folder / "none"); }),
              HasSubstr("must be a readable HDF5 file, but: "));
  EXPECT_THAT(message_of<Error>([&] { Hdf5Reader(folder.write("x", "no HDF5")); }),
              HasSubstr("must be a readable HDF5 file, but: file signature not found"));
  serializers::save_hdf5(folder / "a.h5", Dictionary{{"l/W", Array::zeros({50}, Dtype::float32)}});
  const Hdf5Reader file(folder / "a.h5");
  EXPECT_THAT(message_of<Error>([&] { file.entry("l"); }), HasSubstr("must hold the key l, but"));
  EXPECT_THAT(message_of<Error>([&] { file.entry("l/W", 199); }),
              HasSubstr("must have at most 199 bytes, but it has 200, float32 of shape (50"));

  // Cut off anywhere, the file is refused or gives what it gave before.
  std::ifstream stream(folder / "a.h5", std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(stream), {});
  for (std::size_t n = 0; n < whole.size(); n += 37) {
    const std::string path = folder.write("cut.h5", whole.substr(0, n));
    try {
      const Hdf5Reader cut(path);
      for (const std::string& key : cut.keys())
        EXPECT_TRUE(array_equal(std::get<Array>(cut.entry(key)), std::get<Array>(file.entry(key))));
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("hdf5: "));
    }
  }
}

}  // namespace
}  // namespace nn
