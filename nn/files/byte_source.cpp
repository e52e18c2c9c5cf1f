#include "nn/files/byte_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "autograd/base/error.h"

namespace nn::inline files {

using autograd::Error;

ByteSource memory_source(std::span<const std::byte> bytes) {
  return [bytes](std::span<std::byte> room) mutable {
    const std::size_t n = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), n, room.begin());
    bytes = bytes.subspan(n);
    return n;
  };
}

ByteSource file_source(const std::string& path) {
  return [path, file = std::shared_ptr(open_file(path, "read"))](std::span<std::byte> room) {
    errno = 0;
    const std::size_t n = std::fread(room.data(), 1, room.size(), file.get());
    if (n == 0 && std::ferror(file.get()))
      throw Error(fmt::format("read: {} must be readable, but: {}", path, std::strerror(errno)));
    return n;
  };
}

ByteSource at_most(std::uint64_t most, ByteSource source, std::string_view what) {
  return [=, left = most, what = std::string(what)](std::span<std::byte> room) mutable {
    const std::size_t n = source(room);
    if (n > left)
      throw Error(fmt::format("{} must hold at most {} bytes, but it holds more", what, most));
    left -= n;
    return n;
  };
}

Bytes take(const ByteSource& source, std::uint64_t n) {
  constexpr std::uint64_t kFirst = 1u << 20;
  Bytes bytes;
  std::size_t filled = 0;
  while (filled < n) {
    if (filled == bytes.size())
      bytes.resize(std::min<std::uint64_t>(n, std::max<std::uint64_t>(kFirst, 2 * filled)));
    const std::size_t got = source(std::span(bytes).subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  bytes.resize(filled);
  return bytes;
}

std::uint64_t skip(const ByteSource& source, std::uint64_t n) {
  std::array<std::byte, 1u << 14> room;
  std::uint64_t passed = 0;
  while (passed < n) {
    const std::size_t got =
        source(std::span(room).first(std::min<std::uint64_t>(room.size(), n - passed)));
    if (got == 0) break;
    passed += got;
  }
  return passed;
}

}  // namespace nn::inline files
