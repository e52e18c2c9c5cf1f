#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "autograd/base/error.h"
#include "nn/files/download.h"

namespace nn::inline files {

// Never destroyed: a data set may be read in a destructor at the end of the program.
static std::string& root_override() {
  static std::string* const path = new std::string;
  return *path;
}

void override_dataset_root(std::string path) { root_override() = std::move(path); }

std::string dataset_root() {
  if (!root_override().empty()) return root_override();
  if (const char* root = std::getenv("CHAINER_DATASET_ROOT")) return root;
  const char* home = std::getenv("HOME");
  return (std::filesystem::path(home ? home : ".") / ".chainer" / "dataset").string();
}

FolderLock::FolderLock(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = (std::filesystem::path(folder) / ".lock").string();
  file_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file_ < 0)
    throw autograd::Error(
        fmt::format("download: {} must be writable, but: {}", folder, std::strerror(errno)));
  while (::flock(file_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FolderLock::~FolderLock() { ::close(file_); }

}  // namespace nn::inline files
