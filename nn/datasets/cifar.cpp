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

constexpr std::int64_t kPixels = 3 * 32 * 32;
// 1 GB is more than five times the size of the archives' contents: for a user's own images in the same
// format.
constexpr std::uint64_t kMostBytes = 1u << 30;

// What tells the two from each other.
struct Cifar {
  const char *op, *title, *npz;
  std::int64_t classes, labels;    // how many labels a record has; the last one counts
  std::vector<std::string> train;  // files of the binary version
  std::string test;
  const char *folder, *archive, *environment, *sha256, *md5;
  std::uint64_t archive_bytes;
  const char* files;  // for messages
};

Cifar cifar10() {
  return {"get_cifar10",
          "CIFAR-10",
          "cifar-10.npz",
          10,
          1,
          {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
           "data_batch_5.bin"},
          "test_batch.bin",
          "cifar-10-batches-bin/",
          "cifar-10-binary.tar.gz",
          "CHAINETTE_CIFAR10_URL",
          "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
          "",
          170'052'171,
          "data_batch_1.bin, ... and test_batch.bin"};
}
Cifar cifar100() {
  return {"get_cifar100",
          "CIFAR-100",
          "cifar-100.npz",
          100,
          2,
          {"train.bin"},
          "test.bin",
          "cifar-100-binary/",
          "cifar-100-binary.tar.gz",
          "CHAINETTE_CIFAR100_URL",
          "",
          "03b5dce01913d631647c71ecec9e9cb8",
          168'513'733,
          "train.bin and test.bin"};
}

// Images and labels as bytes.
struct Raw {
  Array x, y;  // uint8(n, 3072), uint8(n)
};
struct RawSet {
  Raw train, test;
};

// Reads records of labels and an image: the format of the binary version's files.
Raw decode(const Cifar& kind, const std::vector<std::pair<std::string, Bytes>>& files) {
  const std::int64_t record = kind.labels + kPixels;
  std::int64_t n = 0;
  for (const auto& [name, bytes] : files) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    if (size == 0 || size % record != 0)
      throw Error(fmt::format("{}: {} must be whole records of {} bytes, but it has {} bytes",
                              kind.op, name, record, size));
    n += size / record;
  }
  Raw raw{Array::empty({n, kPixels}, Dtype::uint8), Array::empty({n}, Dtype::uint8)};
  auto* x = raw.x.mutable_data<std::uint8_t>();
  auto* y = raw.y.mutable_data<std::uint8_t>();
  for (const auto& [name, bytes] : files) {
    const auto step = static_cast<std::size_t>(record),
               image = static_cast<std::size_t>(kind.labels);
    for (std::size_t at = 0; at < bytes.size(); at += step, x += kPixels, ++y) {
      *y = static_cast<std::uint8_t>(bytes[at + image - 1]);
      if (*y >= kind.classes)
        throw Error(fmt::format("{}: labels must be from 0 to {}, but {} has {} at {}", kind.op,
                                kind.classes - 1, name, *y, at / step));
      std::memcpy(x, &bytes[at + image], kPixels);
    }
  }
  return raw;
}

// Makes the data set from the files of the binary version. `read` returns nothing if a file does
// not exist.
template <class Read>
RawSet decode_all(const Cifar& kind, const std::string& where, const Read& read) {
  std::vector<std::pair<std::string, Bytes>> train, test;
  for (const std::string& name : kind.train)
    if (auto bytes = read(name)) train.emplace_back(where + "/" + name, *bytes);
  if (auto bytes = read(kind.test)) test.emplace_back(where + "/" + kind.test, *bytes);
  if (train.empty() || test.empty()) {
    const std::string missing = train.empty() ? kind.train[0] : kind.test;
    throw Error(fmt::format(
        "{}: {} must hold {}, but it has no {}", kind.op, where, kind.files,
        missing == "data_batch_1.bin" ? "data_batch" : missing.substr(0, missing.rfind('.'))));
  }
  return {decode(kind, train), decode(kind, test)};
}

RawSet from_folder(const Cifar& kind, const std::filesystem::path& folder) {
  return decode_all(kind, folder.string(), [&](const std::string& name) -> std::optional<Bytes> {
    if (!std::filesystem::exists(folder / name)) return {};
    return read_file((folder / name).string(), kind.op, kMostBytes);
  });
}

RawSet from_archive(const Cifar& kind, ByteSource archive, const std::string& what) {
  auto files = read_tar(std::move(archive), what, kMostBytes);
  return decode_all(kind, what, [&](const std::string& name) -> std::optional<Bytes> {
    const auto found = files.find(kind.folder + name);
    if (found == files.end()) return {};
    return std::move(found->second);
  });
}

RawSet from_npz(const Cifar& kind, const std::string& path) {
  const NpzReader npz(path);
  const auto read = [&](const std::string& part) {
    Raw raw{npz.array(part + "_x"), npz.array(part + "_y")};
    if (raw.x.dtype() != Dtype::uint8 || raw.x.ndim() != 2 || raw.x.length(1) != kPixels ||
        raw.y.ndim() != 1 || raw.y.length(0) != raw.x.length(0))
      throw Error(
          fmt::format("{5}: {0} must hold uint8 images of {1} bytes and a label for each, but "
                      "{2}_x is {3} and {2}_y is {4}",
                      path, kPixels, part, describe(raw.x), describe(raw.y), kind.op));
    require_labels(raw.y, kind.classes, fmt::format("{}: {}_y in {}", kind.op, part, path));
    return raw;
  };
  return {read("train"), read("test")};
}

void download_cifar(const Cifar& kind, const std::filesystem::path& npz) {
  const char* url = std::getenv(kind.environment);
  const Bytes archive = download(
      {.urls = {url != nullptr ? url
                               : std::string("https://www.cs.toronto.edu/~kriz/") + kind.archive},
       .sha256 = kind.sha256,
       .packed = true,
       .most = kind.archive_bytes,
       .md5 = kind.md5});
  const RawSet set = from_archive(kind, memory_source(archive), kind.archive);
  NpzWriter writer(npz.string());
  writer.write("train_x", set.train.x);
  writer.write("train_y", set.train.y);
  writer.write("test_x", set.test.x);
  writer.write("test_y", set.test.y);
  writer.close();
}

RawSet load(const Cifar& kind, const std::string& path) {
  if (!path.empty())
    return std::filesystem::is_directory(path) ? from_folder(kind, path)
                                               : from_archive(kind, file_source(path), path);
  const std::filesystem::path cache = std::filesystem::path(dataset_root()) / "pfnet/chainer/cifar",
                              npz = cache / kind.npz;
  if (!std::filesystem::exists(npz)) {
    try {
      const FolderLock lock(cache.string());
      if (!std::filesystem::exists(npz)) download_cifar(kind, npz);
    } catch (const Error& error) {
      throw Error(fmt::format(
          "{}: {} must be on this machine or downloadable, but it is not in {} and could not be "
          "downloaded; name the folder of {}, or the file {}, with --data ({})",
          kind.op, kind.title, cache.string(), kind.files, kind.archive, error.what()));
    }
  }
  return from_npz(kind, npz.string());
}

TrainTest cifar_datasets(const Cifar& kind, const ImageOptions& options, const std::string& path) {
  const RawSet set = load(kind, path);
  const auto dataset = [&](const Raw& raw) {
    return image_dataset(raw.x.reshape({-1, 3, 32, 32}), raw.y, 255, options);
  };
  return {dataset(set.train), dataset(set.test)};
}

}  // namespace

TrainTest get_cifar10(const ImageOptions& options, const std::string& path) {
  return cifar_datasets(cifar10(), options, path);
}
TrainTest get_cifar100(const ImageOptions& options, const std::string& path) {
  return cifar_datasets(cifar100(), options, path);
}

}  // namespace nn::datasets
