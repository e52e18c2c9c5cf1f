#include "nn/files/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "autograd/base/error.h"

namespace nn::inline files {
namespace {

using autograd::Error;

[[noreturn]] void refuse_to_read(std::string_view what, const std::string& path, int error) {
  throw Error(fmt::format("{}: {} must be readable, but: {}", what, path, std::strerror(error)));
}

}  // namespace

OpenFile open_file(const std::string& path, std::string_view what) {
  // Opening a pipe would wait for its other end.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) refuse_to_read(what, path, errno);
  struct stat facts {};
  const int error = ::fstat(descriptor, &facts) != 0 ? errno : S_ISDIR(facts.st_mode) ? EISDIR : 0;
  if (error != 0 || !S_ISREG(facts.st_mode)) {
    ::close(descriptor);
    if (error != 0) refuse_to_read(what, path, error);
    throw Error(
        fmt::format("{}: {} must be a file, but it is a device, pipe or socket", what, path));
  }
  OpenFile file(::fdopen(descriptor, "rb"));
  if (!file) {
    ::close(descriptor);
    throw std::bad_alloc();
  }
  return file;
}

Bytes read_file(const std::string& path, std::string_view what, std::uint64_t most) {
  const OpenFile file = open_file(path, what);
  struct stat facts {};
  if (::fstat(::fileno(file.get()), &facts) != 0) refuse_to_read(what, path, errno);
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  if (size > most)
    throw Error(
        fmt::format("{}: {} must have at most {} bytes, but it has {}", what, path, most, size));
  // Files in /proc report the size 0. So the file is read to its end, whatever its size.
  constexpr std::uint64_t kStep = 1u << 20;
  Bytes bytes;
  std::uint64_t n = 0;
  for (;;) {
    bytes.resize(std::max(size + 1, n + kStep));
    const std::size_t got = std::fread(bytes.data() + n, 1, bytes.size() - n, file.get());
    n += got;
    if (got == 0) break;
    if (n > most)
      throw Error(
          fmt::format("{}: {} must have at most {} bytes, but it has more", what, path, most));
  }
  if (std::ferror(file.get())) refuse_to_read(what, path, errno);
  bytes.resize(n);
  return bytes;
}

}  // namespace nn::inline files
