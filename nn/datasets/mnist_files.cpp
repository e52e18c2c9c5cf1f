#include "nn/datasets/mnist_files.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "nn/files/download.h"
#include "nn/files/npz.h"

namespace nn::datasets {

using autograd::Dtype;
using autograd::Error;

namespace {

constexpr std::int64_t kMnistSide = 28, kMnistClasses = 10;

struct MnistPart {
  const char* npz;
  IdxNames names;
  std::uint64_t n;
};
constexpr MnistPart kMnistParts[] = {{"train.npz", kIdxTrain, 60'000},
                                     {"test.npz", kIdxTest, 10'000}};

Array fetch_idx(const MnistFiles& files, const std::string& name, std::size_t which,
                std::uint64_t elements) {
  constexpr std::uint64_t kLongestHeader = 16;
  Download file{.urls = {},
                .sha256 = files.sha256.empty() ? "" : files.sha256[which],
                .most = kLongestHeader + elements,
                .md5 = files.md5.empty() ? "" : files.md5[which]};
  const char* const instead = std::getenv(files.environment);
  const std::vector<std::string> servers =
      instead != nullptr ? std::vector<std::string>{instead} : files.servers;
  for (const std::string& server : servers)
    file.urls.push_back(server + (server.ends_with('/') ? "" : "/") + name + ".gz");
  return decode_idx(download(file), name);
}

TupleDataset mnist_from_npz(const MnistFiles& files, const std::string& path,
                            const ImageOptions& options) {
  const NpzReader npz(path);
  const Array x = npz.array("x"), y = npz.array("y");
  if (x.dtype() != Dtype::uint8 || x.ndim() != 2 || x.length(1) != kMnistSide * kMnistSide ||
      y.ndim() != 1)
    throw Error(
        fmt::format("{}: {} must hold uint8 images of 784 pixels and their labels, but x is {} and "
                    "y is {}",
                    files.op, path, describe(x), describe(y)));
  if (options.withlabel)
    require_labels(y, kMnistClasses, fmt::format("{}: y in {}", files.op, path));
  return image_dataset(x.reshape({-1, kMnistSide, kMnistSide}), y, 255, options);
}

void download_mnist(const MnistFiles& files, const std::filesystem::path& folder) {
  for (std::size_t i = 0; i < 2; ++i) {
    const MnistPart& part = kMnistParts[i];
    const std::filesystem::path path = folder / part.npz;
    if (std::filesystem::exists(path)) continue;  // another process has written it
    const Array x = fetch_idx(files, part.names.images, 2 * i, part.n * kMnistSide * kMnistSide);
    const Array y = fetch_idx(files, part.names.labels, 2 * i + 1, part.n);
    NpzWriter writer(path.string());
    writer.write("x", x.reshape({-1, kMnistSide * kMnistSide}));
    writer.write("y", y);
    writer.close();
  }
}

}  // namespace

TrainTest load_mnist(const MnistFiles& files, const ImageOptions& options,
                     const std::string& folder) {
  if (!folder.empty()) return load_idx_folder(folder, options);
  const std::filesystem::path cache = std::filesystem::path(dataset_root()) / files.cache;
  const auto has = [&](const std::string& name) { return std::filesystem::exists(cache / name); };
  const auto has_idx = [&](const std::string& name) { return has(name) || has(name + ".gz"); };
  const auto from_cache = [&](const MnistPart& part) {
    return mnist_from_npz(files, (cache / part.npz).string(), options);
  };
  const auto cached = [&] { return has("train.npz") && has("test.npz"); };

  bool all_idx = true;
  for (const MnistPart& part : kMnistParts)
    all_idx =
        all_idx && has_idx(part.names.images) && (!options.withlabel || has_idx(part.names.labels));
  if (!cached() && all_idx) return load_idx_folder(cache.string(), options);
  if (!cached()) {
    try {
      const FolderLock lock(cache.string());
      download_mnist(files, cache);
    } catch (const Error& error) {
      throw Error(
          fmt::format("{}: {} must be on this machine or downloadable, but it is not in {} and "
                      "could not be downloaded; put train-images-idx3-ubyte.gz, "
                      "train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
                      "t10k-labels-idx1-ubyte.gz there, or name their folder with --data ({})",
                      files.op, files.title, cache.string(), error.what()));
    }
  }
  return {from_cache(kMnistParts[0]), from_cache(kMnistParts[1])};
}

}  // namespace nn::datasets
