#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "nn/files/download.h"

// Where data sets are kept between runs; Chainer's chainer.dataset.download. Both programs share
// one folder.
namespace nn::datasets {

// The folder of all data sets. set_dataset_root() goes before $CHAINER_DATASET_ROOT and the default,
// ~/.chainer/dataset; an empty path undoes it. Not to be called while another thread reads a data
// set.
std::string get_dataset_root();
void set_dataset_root(std::string path);

// The folder of one data set below that one: get_dataset_directory("pfnet/chainer/mnist"). Creates
// it, unless told not to; throws Error if it cannot.
std::string get_dataset_directory(const std::string& dataset_name, bool create_directory = true);

// Downloads a file, http, https or file, unless it was before, and returns the path of the copy:
// _dl_cache/<MD5 of the URL> below the root, where Chainer keeps it, too. The file is not unpacked
// and its contents are not checked.
std::string cached_download(const std::string& url);

// The file's contents, as loader(path) reads them. If the file is not there, creator(path) makes it
// at a temporary path, from which it is moved to its place, and returns the contents. Safe against
// other processes that do the same.
template <class Creator, class Loader>
std::invoke_result_t<Loader&, const std::string&> cache_or_load_file(const std::string& path,
                                                                     Creator creator,
                                                                     Loader loader);

// -------------------------------------------------------------------------------------------------

// A path for a file that is to become `path`: in the same folder, which is created, under a name of
// its own. move_to_place() renames it; without it the destructor removes what is there.
class TemporaryPath {
 public:
  explicit TemporaryPath(std::string path);
  ~TemporaryPath();
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;

  const std::string& path() const { return temporary_; }
  void move_to_place();

 private:
  std::string path_, temporary_;
};

template <class Creator, class Loader>
std::invoke_result_t<Loader&, const std::string&> cache_or_load_file(const std::string& path,
                                                                     Creator creator,
                                                                     Loader loader) {
  if (std::filesystem::exists(path)) return loader(path);
  TemporaryPath temporary(path);
  std::invoke_result_t<Loader&, const std::string&> contents = creator(temporary.path());
  temporary.move_to_place();
  return contents;
}

}  // namespace nn::datasets
