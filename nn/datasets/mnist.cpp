#include "nn/datasets/mnist.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "nn/datasets/idx.h"
#include "nn/files/download.h"
#include "nn/files/npz.h"

namespace nn::datasets {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

namespace {

constexpr std::int64_t kSide = 28, kClasses = 10;

struct Source {
  const char* npz;
  IdxNames names;
  const char* images_sha256;
  const char* labels_sha256;
  std::uint64_t n;
};

constexpr Source kSources[] = {
    {"train.npz", kIdxTrain, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 60'000},
    {"test.npz", kIdxTest, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 10'000}};

std::vector<std::string> servers() {
  if (const char* url = std::getenv("CHAINETTE_MNIST_URL")) return {url};
  return {"https://storage.googleapis.com/cvdf-datasets/mnist/",
          "https://ossci-datasets.s3.amazonaws.com/mnist/"};
}

Array fetch(const std::string& name, const char* sha256, std::uint64_t elements) {
  constexpr std::uint64_t kLongestHeader = 16;
  Download file{.urls = {}, .sha256 = sha256, .most = kLongestHeader + elements};
  for (const std::string& server : servers())
    file.urls.push_back(server + (server.ends_with('/') ? "" : "/") + name + ".gz");
  return decode_idx(download(file), name);
}

TupleDataset from_npz(const std::string& path, const ImageOptions& options) {
  const NpzReader npz(path);
  const Array x = npz.array("x"), y = npz.array("y");
  if (x.dtype() != Dtype::uint8 || x.ndim() != 2 || x.length(1) != kSide * kSide || y.ndim() != 1)
    throw Error(
        fmt::format("get_mnist: {} must hold uint8 images of 784 pixels and their labels, but x is "
                    "{} and y is {}",
                    path, describe(x), describe(y)));
  if (options.withlabel) require_labels(y, kClasses, fmt::format("get_mnist: y in {}", path));
  return image_dataset(x.reshape({-1, kSide, kSide}), y, 255, options);
}

void download_mnist(const std::filesystem::path& folder) {
  for (const Source& source : kSources) {
    const std::filesystem::path path = folder / source.npz;
    if (std::filesystem::exists(path)) continue;  // another process has written it
    const Array x = fetch(source.names.images, source.images_sha256, source.n * kSide * kSide);
    const Array y = fetch(source.names.labels, source.labels_sha256, source.n);
    NpzWriter writer(path.string());
    writer.write("x", x.reshape({-1, kSide * kSide}));
    writer.write("y", y);
    writer.close();
  }
}

}  // namespace

TrainTest get_mnist(const ImageOptions& options, const std::string& folder) {
  if (!folder.empty()) return load_idx_folder(folder, options);
  const std::filesystem::path cache = std::filesystem::path(dataset_root()) / "pfnet/chainer/mnist";
  const auto has = [&](const std::string& name) { return std::filesystem::exists(cache / name); };
  const auto has_idx = [&](const std::string& name) { return has(name) || has(name + ".gz"); };
  const auto from_cache = [&](const Source& source) {
    return from_npz((cache / source.npz).string(), options);
  };
  const auto cached = [&] { return has("train.npz") && has("test.npz"); };

  bool all_idx = true;
  for (const Source& source : kSources)
    all_idx = all_idx && has_idx(source.names.images) &&
              (!options.withlabel || has_idx(source.names.labels));
  if (!cached() && all_idx) return load_idx_folder(cache.string(), options);
  if (!cached()) {
    try {
      const FolderLock lock(cache.string());
      download_mnist(cache);
    } catch (const Error& error) {
      throw Error(
          fmt::format("get_mnist: MNIST must be on this machine or downloadable, but it is not in "
                      "{} and could not be downloaded; put train-images-idx3-ubyte.gz, "
                      "train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
                      "t10k-labels-idx1-ubyte.gz there, or name their folder with --data ({})",
                      cache.string(), error.what()));
    }
  }
  return {from_cache(kSources[0]), from_cache(kSources[1])};
}

}  // namespace nn::datasets
