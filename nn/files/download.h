#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nn/files/gzip.h"

namespace nn::inline files {

// A file to download from one of several servers, gzipped or not.
struct Download {
  std::vector<std::string> urls;  // http, https or file; tried in this order
  std::string sha256;  // of the uncompressed contents, since servers compress differently
  // Whether sha256 is the checksum of the file as it is sent, and the file is returned without
  // unpacking it.
  bool packed = false;
  // The greatest possible size of the bytes with this SHA-256. A transfer that exceeds it is
  // aborted.
  std::uint64_t most = 1u << 30;
  // Instead of a SHA-256, where its publisher names none: the MD5 of the file as it is sent. With
  // neither, nothing is checked but the size.
  std::string md5 = {};
};

// Downloads the file and returns its contents. A server that does not answer in time is tried again
// twice, after one and after two seconds. Throws if no server delivers the expected contents; the
// message says what went wrong with each server. If Chainette was built without downloading
// (CMake's CHAINETTE_DOWNLOAD), throws and says so.
Bytes download(const Download& file);

// Whether Chainette was built with downloading (CMake's CHAINETTE_DOWNLOAD). If not, download()
// throws.
bool can_download();

// Chainer's folder for data sets: the path of set_dataset_root(), else $CHAINER_DATASET_ROOT, else
// ~/.chainer/dataset.
std::string dataset_root();
void override_dataset_root(std::string path);

// The MD5 of a text, in hexadecimal digits; throws if Chainette was built without downloading.
std::string md5_of(std::string_view text);

// A lock on a folder against other processes. The constructor creates the folder if necessary and
// waits for the lock.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_;
};

}  // namespace nn::inline files
