#include "nn/datasets/svhn.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "nn/files/download.h"
#include "nn/files/mat.h"
#include "nn/files/npz.h"

namespace nn::datasets {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

namespace {

struct SvhnPart {
  const char *name, *md5;
  std::uint64_t bytes;  // at most
};
constexpr SvhnPart kSvhnTrain{"train", "e26dedcc434d2e4c54c9b2d4a06d8373", 200'000'000},
    kSvhnTest{"test", "eb5a983be6a315427106f1b164d9cef3", 100'000'000},
    kSvhnExtra{"extra", "a93ce644f1a588dc4d68dda5feec44a7", 1'500'000'000};
constexpr std::int64_t kSvhnDigits = 10, kSvhnSide = 32;

// Images (32, 32, 3, n) and labels (n, 1), as the files have them.
struct SvhnRaw {
  Array x, y;
};

SvhnRaw checked(Array x, Array y, const std::string& where) {
  if (!x || !y || x.ndim() != 4 || x.length(0) != kSvhnSide || x.length(1) != kSvhnSide ||
      x.length(2) != 3 || y.size() != x.length(3))
    throw Error(fmt::format(
        "get_svhn: {} must hold images (32, 32, 3, n) and n labels, but they are {} and {}", where,
        x ? describe(x) : "None", y ? describe(y) : "None"));
  return {x.astype(Dtype::uint8), y.astype(Dtype::uint8)};
}

SvhnRaw from_mat(std::span<const std::byte> bytes, const std::string& where) {
  auto arrays = read_mat(bytes, where);
  return checked(arrays["X"], arrays["y"], where);
}

SvhnRaw load_svhn(const SvhnPart& part, const std::string& folder) {
  const std::string mat = fmt::format("{}_32x32.mat", part.name);
  if (!folder.empty()) {
    const std::string path = (std::filesystem::path(folder) / mat).string();
    return from_mat(read_file(path, "get_svhn"), path);
  }
  const std::filesystem::path cache = std::filesystem::path(dataset_root()) / "pfnet/chainer/svhn",
                              npz = cache / fmt::format("{}.npz", part.name);
  if (!std::filesystem::exists(npz)) {
    try {
      const FolderLock lock(cache.string());
      if (!std::filesystem::exists(npz)) {
        const char* const instead = std::getenv("CHAINETTE_SVHN_URL");
        std::string server =
            instead != nullptr ? instead : "http://ufldl.stanford.edu/housenumbers/";
        if (!server.ends_with('/')) server += '/';
        const Bytes bytes = download({.urls = {server + mat},
                                      .sha256 = {},
                                      .packed = true,
                                      .most = part.bytes,
                                      .md5 = instead != nullptr ? "" : part.md5});
        const SvhnRaw raw = from_mat(bytes, mat);
        NpzWriter writer(npz.string());
        writer.write("x", raw.x);
        writer.write("y", raw.y);
        writer.close();
      }
    } catch (const Error& error) {
      throw Error(fmt::format(
          "get_svhn: SVHN must be on this machine or downloadable, but {} is not in {} and could "
          "not be downloaded; name the folder of {} with --data ({})",
          npz.filename().string(), cache.string(), mat, error.what()));
    }
  }
  const NpzReader file(npz.string());
  return checked(file.array("x"), file.array("y"), npz.string());
}

TupleDataset svhn_dataset(const SvhnPart& part, const SvhnOptions& options,
                          const std::string& folder) {
  const SvhnRaw raw = load_svhn(part, folder);
  std::vector<std::int64_t> labels = raw.y.to_vector<std::int64_t>();
  for (std::int64_t& label : labels)
    if (label == kSvhnDigits) label = 0;
  const Array y = Array::from(labels);
  if (options.withlabel)
    require_labels(y, kSvhnDigits, fmt::format("get_svhn: the labels of {}", part.name));
  return image_dataset(raw.x.transpose({3, 2, 0, 1}), y, 255,
                       {.withlabel = options.withlabel,
                        .ndim = 3,
                        .scale = options.scale,
                        .dtype = options.dtype,
                        .label_dtype = options.label_dtype});
}

}  // namespace

Svhn get_svhn(const SvhnOptions& options, const std::string& folder) {
  Svhn svhn{
      svhn_dataset(kSvhnTrain, options, folder), svhn_dataset(kSvhnTest, options, folder), {}};
  if (options.add_extra) svhn.extra.emplace(svhn_dataset(kSvhnExtra, options, folder));
  return svhn;
}

}  // namespace nn::datasets
