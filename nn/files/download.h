#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/files/gzip.h"

namespace nn::inline files {

// A file that several servers have, gzipped or not.
struct Download {
  std::vector<std::string> urls;  // http, https or file; tried in this order
  std::string sha256;  // of what the file holds, uncompressed: servers compress differently
  // Of the file as it is sent, which is then returned as it is.
  bool packed = false;
  // The bytes that have that SHA-256 are no more than these. A server that sends more is not
  // listened to any longer.
  std::uint64_t most = 1u << 30;
};

// What the file holds. A server that does not answer in time is asked again twice, after one and
// after two seconds. Throws where no server gives these contents; the message tells what came of
// each. Chainette may be built without downloading (CMake's CHAINETTE_DOWNLOAD); then that is what
// the message says.
Bytes download(const Download& file);

// Whether Chainette was built to download (CMake's CHAINETTE_DOWNLOAD). If not, download() says so
// and throws.
bool can_download();

// Chainer's folder for data sets: $CHAINER_DATASET_ROOT, else ~/.chainer/dataset.
std::string dataset_root();

// Waits until no other process holds the lock of this folder, which is made if it is not there.
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
