#include "nn/datasets/download.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <system_error>

#include "autograd/base/error.h"
#include "nn/files/write_file.h"

namespace nn::datasets {

using autograd::Error;

static constexpr std::uint64_t kMostCached = std::uint64_t{8} << 30;

std::string get_dataset_root() { return dataset_root(); }
void set_dataset_root(std::string path) { override_dataset_root(std::move(path)); }

std::string get_dataset_directory(const std::string& dataset_name, bool create_directory) {
  const std::filesystem::path path = std::filesystem::path(dataset_root()) / dataset_name;
  std::error_code error;
  if (create_directory) std::filesystem::create_directories(path, error);
  if (error)
    throw Error(fmt::format("get_dataset_directory: {} must be a folder that can be created, but: {}",
                            path.string(), error.message()));
  return path.string();
}

std::string cached_download(const std::string& url) {
  const std::string cache = get_dataset_directory("_dl_cache");
  const std::string path = (std::filesystem::path(cache) / md5_of(url)).string();
  if (std::filesystem::exists(path)) return path;
  const FolderLock lock(cache);
  if (!std::filesystem::exists(path)) {  // another process has written it
    const Bytes bytes =
        download({.urls = {url}, .sha256 = {}, .packed = true, .most = kMostCached});
    write_file(path, bytes, "cached_download");
  }
  return path;
}

TemporaryPath::TemporaryPath(std::string path) : path_(std::move(path)) {
  static std::atomic<int> count{0};
  const std::filesystem::path place(path_);
  std::error_code error;
  if (place.has_parent_path()) std::filesystem::create_directories(place.parent_path(), error);
  if (error)
    throw Error(
        fmt::format("cache_or_load_file: the folder of {} must be one that can be created, but: {}",
                    path_, error.message()));
  temporary_ = (place.parent_path() /
                fmt::format("tmp_{}_{}_{}", ::getpid(), ++count, place.filename().string()))
                   .string();
}

TemporaryPath::~TemporaryPath() {
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void TemporaryPath::move_to_place() {
  std::error_code error;
  std::filesystem::rename(temporary_, path_, error);
  if (error)
    throw Error(fmt::format(
        "cache_or_load_file: the creator must make a file at the path that it is given, but moving "
        "it to {} failed: {}",
        path_, error.message()));
}

}  // namespace nn::datasets
