#include "nn/datasets/cifar.h"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include "autograd/base/error.h"
#include "nn/files/download.h"
#include "nn/files/npz.h"
#include "nn/files/tar.h"

namespace nn::datasets {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

constexpr std::int64_t kPixels = 3 * 32 * 32, kRecord = 1 + kPixels, kClasses = 10;
constexpr int kBatches = 5;
// The size of the original archive; and 1 GB, more than five times the size of its contents, for a
// user's own images in the same format.
constexpr std::uint64_t kArchiveBytes = 170'052'171, kMostBytes = 1u << 30;
constexpr const char* kSha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";

// Images and labels as bytes.
struct Raw {
  Array x, y;  // uint8(n, 3072), uint8(n)
};
struct RawSet {
  Raw train, test;
};

std::string train_batch(int number) { return fmt::format("data_batch_{}.bin", number); }
constexpr const char* kTestBatch = "test_batch.bin";

// Reads records of a label and an image: the format of the binary version's files.
Raw decode(const std::vector<std::pair<std::string, Bytes>>& files) {
  std::int64_t n = 0;
  for (const auto& [name, bytes] : files) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    if (size == 0 || size % kRecord != 0)
      throw Error(
          fmt::format("get_cifar10: {} must be whole records of {} bytes, but it has {} bytes",
                      name, kRecord, size));
    n += size / kRecord;
  }
  Raw raw{Array::empty({n, kPixels}, Dtype::uint8), Array::empty({n}, Dtype::uint8)};
  auto* x = raw.x.mutable_data<std::uint8_t>();
  auto* y = raw.y.mutable_data<std::uint8_t>();
  for (const auto& [name, bytes] : files) {
    for (std::size_t at = 0; at < bytes.size(); at += kRecord, x += kPixels, ++y) {
      *y = static_cast<std::uint8_t>(bytes[at]);
      if (*y >= kClasses)
        throw Error(fmt::format("get_cifar10: labels must be from 0 to {}, but {} has {} at {}",
                                kClasses - 1, name, *y, at / kRecord));
      std::memcpy(x, &bytes[at + 1], kPixels);
    }
  }
  return raw;
}

// Makes the data set from the files of the binary version. `read` returns nothing if a file does
// not exist.
template <class Read>
RawSet decode_all(const std::string& where, const Read& read) {
  std::vector<std::pair<std::string, Bytes>> train, test;
  for (int i = 1; i <= kBatches; ++i)
    if (auto bytes = read(train_batch(i))) train.emplace_back(where + "/" + train_batch(i), *bytes);
  if (auto bytes = read(kTestBatch)) test.emplace_back(where + "/" + kTestBatch, *bytes);
  if (train.empty() || test.empty())
    throw Error(
        fmt::format("get_cifar10: {} must hold data_batch_1.bin, ... and test_batch.bin, "
                    "but it has no {}",
                    where, train.empty() ? "data_batch" : "test_batch"));
  return {decode(train), decode(test)};
}

RawSet from_folder(const std::filesystem::path& folder) {
  return decode_all(folder.string(), [&](const std::string& name) -> std::optional<Bytes> {
    if (!std::filesystem::exists(folder / name)) return {};
    return read_file((folder / name).string(), "get_cifar10", kMostBytes);
  });
}

RawSet from_archive(ByteSource archive, const std::string& what) {
  auto files = read_tar(std::move(archive), what, kMostBytes);
  return decode_all(what, [&](const std::string& name) -> std::optional<Bytes> {
    const auto found = files.find("cifar-10-batches-bin/" + name);
    if (found == files.end()) return {};
    return std::move(found->second);
  });
}

RawSet from_npz(const std::string& path) {
  const NpzReader npz(path);
  const auto read = [&](const std::string& part) {
    Raw raw{npz.array(part + "_x"), npz.array(part + "_y")};
    if (raw.x.dtype() != Dtype::uint8 || raw.x.ndim() != 2 || raw.x.length(1) != kPixels ||
        raw.y.ndim() != 1 || raw.y.length(0) != raw.x.length(0))
      throw Error(
          fmt::format("get_cifar10: {0} must hold uint8 images of {1} bytes and a label for "
                      "each, but {2}_x is {3} and {2}_y is {4}",
                      path, kPixels, part, describe(raw.x), describe(raw.y)));
    require_labels(raw.y, kClasses, fmt::format("get_cifar10: {}_y in {}", part, path));
    return raw;
  };
  return {read("train"), read("test")};
}

void download_cifar10(const std::filesystem::path& npz) {
  const char* url = std::getenv("CHAINETTE_CIFAR10_URL");
  const Bytes archive =
      download({{url != nullptr ? url : "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"},
                kSha256,
                /*packed=*/true,
                kArchiveBytes});
  const RawSet set = from_archive(memory_source(archive), "cifar-10-binary.tar.gz");
  NpzWriter writer(npz.string());
  writer.write("train_x", set.train.x);
  writer.write("train_y", set.train.y);
  writer.write("test_x", set.test.x);
  writer.write("test_y", set.test.y);
  writer.close();
}

RawSet load(const std::string& path) {
  if (!path.empty())
    return std::filesystem::is_directory(path) ? from_folder(path)
                                               : from_archive(file_source(path), path);
  const std::filesystem::path cache = std::filesystem::path(dataset_root()) / "pfnet/chainer/cifar",
                              npz = cache / "cifar-10.npz";
  if (!std::filesystem::exists(npz)) {
    try {
      const FolderLock lock(cache.string());
      if (!std::filesystem::exists(npz)) download_cifar10(npz);
    } catch (const Error& error) {
      throw Error(fmt::format(
          "get_cifar10: CIFAR-10 must be on this machine or downloadable, but it is not in {} and "
          "could not be downloaded; name the folder of data_batch_1.bin, ... and test_batch.bin, "
          "or the file cifar-10-binary.tar.gz, with --data ({})",
          cache.string(), error.what()));
    }
  }
  return from_npz(npz.string());
}

}  // namespace

TrainTest get_cifar10(const ImageOptions& options, const std::string& path) {
  const RawSet set = load(path);
  const auto dataset = [&](const Raw& raw) {
    return image_dataset(raw.x.reshape({-1, 3, 32, 32}), raw.y, 255, options);
  };
  return {dataset(set.train), dataset(set.test)};
}

}  // namespace nn::datasets
