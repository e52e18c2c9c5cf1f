#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace nn::inline files {

// The bytes of a file where the system keeps them: a page is read when it is looked at first, and
// all processes that map the file share it. Read-only. The file must not get shorter while it is
// mapped: the system ends a process that looks behind its end (SIGBUS).
class MappedFile {
 public:
  // Throws Error where the file cannot be mapped; `what` begins the message.
  explicit MappedFile(const std::string& path, std::string_view what = "map");
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace nn::inline files
