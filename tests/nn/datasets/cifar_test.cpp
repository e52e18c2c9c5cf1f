#include "nn/datasets/cifar.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "nn/files/download.h"
#include "nn/files/npz.h"
#include "nn/files/tar.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::datasets {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using testing::HasSubstr;
using testing::StartsWith;

// n records with the label i mod 10; pixel j of record i is i + j mod 256.
std::string records(int n) {
  std::string bytes;
  for (int i = 0; i < n; ++i) {
    bytes += static_cast<char>(i % 10);
    for (int j = 0; j < 3072; ++j) bytes += static_cast<char>((i + j) % 256);
  }
  return bytes;
}

// A tar archive of these files, gzipped.
Bytes archive_of(const std::map<std::string, std::string>& files) {
  Bytes tar(8 << 20);
  std::size_t used = 0;
  archive* a = archive_write_new();
  archive_write_set_format_ustar(a);
  archive_write_open_memory(a, tar.data(), tar.size(), &used);
  for (const auto& [name, contents] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(contents.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(a, entry);
    archive_write_data(a, contents.data(), contents.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  tar.resize(used);
  return gzip(tar);
}

Bytes whole_archive() {
  return archive_of({{"cifar-10-batches-bin/batches.meta.txt", "airplane"},
                     {"cifar-10-batches-bin/data_batch_1.bin", records(3)},
                     {"cifar-10-batches-bin/data_batch_2.bin", records(4)},
                     {"cifar-10-batches-bin/test_batch.bin", records(2)}});
}

class Cifar : public testing::Test {
 protected:
  Cifar() {
    setenv("CHAINER_DATASET_ROOT", (folder / "root").c_str(), 1);
    setenv("CHAINETTE_CIFAR10_URL", ("file://" + (folder / "served.tar.gz")).c_str(), 1);
  }
  ~Cifar() override {
    unsetenv("CHAINER_DATASET_ROOT");
    unsetenv("CHAINETTE_CIFAR10_URL");
  }
  std::string write(const std::string& name, const Bytes& bytes) {
    return folder.write(name,
                        std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  static std::string error_of(const std::string& path) {
    return message_of<Error>([&] { get_cifar10({.ndim = 3}, path); });
  }

  Folder folder;
};

TEST_F(Cifar, ComesFromTheFilesOfAFolder) {
  folder.write("data_batch_1.bin", records(3));
  folder.write("data_batch_3.bin", records(12));
  folder.write("test_batch.bin", records(2));
  const auto [train, test] = get_cifar10({.ndim = 3}, folder / "");
  EXPECT_EQ(train.arrays()[0].shape(), (Shape{15, 3, 32, 32}));
  EXPECT_EQ(test.size(), 2);
  EXPECT_EQ(train[3][1].array().item(), 0);
  EXPECT_EQ(train[14][1].array().item(), 1);
  const std::vector<float> image = train[5][0].array().to_vector<float>();  // record 2 of its file
  EXPECT_EQ(image[0], 2 * (1.f / 255));
  EXPECT_EQ(image[3071], (2 + 3071) % 256 * (1.f / 255));

  const auto flat = get_cifar10({.withlabel = false, .ndim = 1, .scale = 255}, folder / "");
  EXPECT_EQ(flat.train.arrays()[0].shape(), (Shape{15, 3072}));
  EXPECT_EQ(flat.train[5][0].array().to_vector<float>()[7], 9);
}

TEST_F(Cifar, ComesFromTheArchive) {
  const auto [train, test] = get_cifar10({.ndim = 3}, write("cifar.tar.gz", whole_archive()));
  EXPECT_EQ(train.size(), 7);
  EXPECT_EQ(test.size(), 2);
  EXPECT_EQ(train[6][1].array().item(), 3);
}

TEST_F(Cifar, ComesFromChainersCache) {
  const std::string cache = folder / "root/pfnet/chainer/cifar";
  std::filesystem::create_directories(cache);
  NpzWriter writer(cache + "/cifar-10.npz");
  writer.write("train_x", Array::full({4, 3072}, 51, Dtype::uint8));
  writer.write("train_y", Array::arange(4, Dtype::uint8));
  writer.write("test_x", Array::full({2, 3072}, 102, Dtype::uint8));
  writer.write("test_y", Array::arange(2, Dtype::uint8));
  writer.close();
  const auto [train, test] = get_cifar10();
  EXPECT_EQ(train.size(), 4);
  EXPECT_EQ(test[1][0].array().to_vector<float>()[5], 102 * (1.f / 255));
}

TEST_F(Cifar, RefusesDamage) {
  const Bytes whole = whole_archive();
  Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2));
  const std::string cut_path = write("cut.tar.gz", cut);
  EXPECT_THAT(
      error_of(cut_path),
      StartsWith("gzip: " + cut_path + " must be a complete gzip file, but it is truncated "));
  for (const std::size_t at : {whole.size() / 3, whole.size() / 2, whole.size() - 6}) {
    Bytes altered = whole;
    altered[at] ^= std::byte{1};
    EXPECT_THAT(error_of(write("altered.tar.gz", altered)),
                HasSubstr("altered.tar.gz must be a valid gzip file, but: "));
  }
  EXPECT_THAT(error_of(folder.write("text", std::string(5000, 'x'))),
              HasSubstr("text must be a complete archive, but: "));
  const Bytes tar = gunzip(whole, "");
  EXPECT_THAT(error_of(write("short.tar", Bytes(tar.begin(), tar.begin() + 5000))),
              HasSubstr("short.tar must"));
  const std::string empty = write("empty.tar.gz", archive_of({{"readme", "nothing"}}));
  EXPECT_EQ(error_of(empty), "get_cifar10: " + empty +
                                 " must hold data_batch_1.bin, ... and test_batch.bin, but it has "
                                 "no data_batch");
  EXPECT_THAT(error_of(folder / "absent"), StartsWith("read: " + (folder / "absent")));

  folder.write("test_batch.bin", records(2));
  EXPECT_THAT(error_of(folder / ""), HasSubstr("but it has no data_batch"));
  const std::string batch = folder.write("data_batch_1.bin", records(2) + "x");
  EXPECT_THAT(error_of(folder / ""),
              HasSubstr("data_batch_1.bin must be whole records of 3073 bytes, but it has 6147 "
                        "bytes"));
  std::string label = records(2);
  label[3073] = 10;
  folder.write("data_batch_1.bin", label);
  EXPECT_THAT(error_of(folder / ""),
              testing::AllOf(StartsWith("get_cifar10: labels must be from 0 to 9, but "),
                             testing::EndsWith("data_batch_1.bin has 10 at 1")));
  folder.write("data_batch_1.bin", "");
  EXPECT_THAT(error_of(folder / ""), HasSubstr("but it has 0 bytes"));
}

TEST_F(Cifar, HasLabelsOfTenClassesInChainersCache) {
  const std::string cache = folder / "root/pfnet/chainer/cifar";
  std::filesystem::create_directories(cache);
  NpzWriter writer(cache + "/cifar-10.npz");
  for (const std::string part : {"train", "test"}) {
    writer.write(part + "_x", Array::full({11, 3072}, 51, Dtype::uint8));
    writer.write(part + "_y", Array::arange(11, Dtype::uint8));
  }
  writer.close();
  EXPECT_EQ(error_of(""), "get_cifar10: train_y in " + cache +
                              "/cifar-10.npz must hold labels from 0 to 9, but label 10 is at 10");
}

TEST(Tar, UnpacksNoMoreThanIsAllowed) {
  const Bytes packed = archive_of({{"zeros", std::string(4 << 20, '\0')}});
  EXPECT_LT(packed.size(), 20'000u);
  EXPECT_EQ(read_tar(packed, "a.tar.gz").at("zeros").size(), 4u << 20);
  EXPECT_EQ(message_of<Error>([&] { read_tar(packed, "a.tar.gz", 1 << 20); }),
            "tar: a.tar.gz must hold at most 1048576 bytes, but it holds more");
}

TEST_F(Cifar, IsNotTakenFromAServerThatGivesSomethingElse) {
  write("served.tar.gz", whole_archive());
  EXPECT_THAT(
      error_of(""),
      testing::AllOf(
          StartsWith("get_cifar10: CIFAR-10 must be on this machine or downloadable, but it is not "
                     "in " +
                     (folder / "root/pfnet/chainer/cifar") + " and could not be downloaded; name "),
          HasSubstr(can_download() ? " instead of c4a38c50" : "CHAINETTE_DOWNLOAD")));
  EXPECT_FALSE(std::filesystem::exists(folder / "root/pfnet/chainer/cifar/cifar-10.npz"));
}

TEST_F(Cifar, HasImagesOfOneOrThreeAxes) {
  folder.write("data_batch_1.bin", records(1));
  folder.write("test_batch.bin", records(1));
  EXPECT_EQ(message_of<Error>([&] { get_cifar10({.ndim = 2}, folder / ""); }),
            "images: ndim must be 1 or 3 with several channels, but it is 2");
}

TEST(Download, GivesAPackedFileAsItIs) {
  if (!can_download()) return;
  Folder folder;
  const Bytes hello(5, std::byte{'h'});
  const Bytes packed = gzip(hello);
  const std::string path = folder.write(
      "file.gz", std::string(reinterpret_cast<const char*>(packed.data()), packed.size()));
  EXPECT_THAT(message_of<Error>([&] {
                download({{"file://" + path}, "0", true});
              }),
              HasSubstr("the contents have the SHA-256 "));
  const std::string message = message_of<Error>([&] { download({{"file://" + path}, "0", true}); });
  const std::string sha256 = message.substr(message.find("SHA-256 ") + 8, 64);
  EXPECT_EQ(download({{"file://" + path}, sha256, true}), packed);
}

}  // namespace
}  // namespace nn::datasets
