#include "nn/files/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>
#include <utility>

#include "autograd/base/error.h"

namespace nn::inline files {
namespace {

// A unique name. It contains a random number, because another machine may write to the same folder.
// It shortens the given name, so that the result is not longer than a file name may be.
std::string temporary_name(std::string_view name) {
  constexpr std::size_t kRoom = 220;
  return fmt::format("tmp{}.{}.{:08x}", name.substr(0, kRoom), getpid(), std::random_device()());
}

// Some file systems do not support fsync(), and return these codes.
bool sync(int file) {
  if (::fsync(file) == 0) return true;
  return errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
}

}  // namespace

void WholeFile::fail(int error) const {
  throw autograd::Error(fmt::format("{}: {} must be writable, but writing failed: {}", what_, path_,
                                    std::strerror(error)));
}

WholeFile::WholeFile(std::string path, std::string_view what)
    : path_(std::move(path)), what_(what) {
  const auto slash = path_.rfind('/') + 1;  // 0 without one
  folder_ = path_.substr(0, slash);
  struct stat there {};
  if (::lstat(path_.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISLNK(there.st_mode)) {
    if (S_ISDIR(there.st_mode)) fail(EISDIR);
    throw autograd::Error(fmt::format(
        "{}: {} must be the name of a file, but a device, pipe or socket has it", what_, path_));
  }
  constexpr int kTries = 100;
  for (int i = 0; file_ < 0; ++i) {
    temporary_ = folder_ + temporary_name(std::string_view(path_).substr(slash));
    file_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file_ < 0 && (errno != EEXIST || i == kTries) && errno != EINTR) fail(errno);
  }
}

WholeFile::~WholeFile() {
  if (file_ >= 0) ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void WholeFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) fail(errno);
    if (n > 0) bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void WholeFile::commit() {
  // The contents must be on the disk before the name leads to them, and the name before the caller
  // relies on it.
  if (!sync(file_)) fail(errno);
  if (::close(std::exchange(file_, -1)) != 0 && errno != EINTR) fail(errno);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  temporary_.clear();
  const int folder =
      ::open(folder_.empty() ? "." : folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // a folder may be writable and not readable
  const bool synced = sync(folder);
  const int error = errno;
  ::close(folder);
  if (!synced) fail(error);
}

void write_file(const std::string& path, std::span<const std::byte> contents,
                std::string_view what) {
  WholeFile file(path, what);
  file.write(contents);
  file.commit();
}

void write_file(const std::string& path, std::string_view contents, std::string_view what) {
  write_file(path, std::as_bytes(std::span(contents)), what);
}

}  // namespace nn::inline files
