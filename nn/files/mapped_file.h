#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace nn::inline files {

// A file that is mapped into memory, read-only. The system reads a page at its first use, and all
// processes that map the file share the page. The file must not be shortened while it is mapped:
// the system ends a process that reads beyond the new end (SIGBUS).
class MappedFile {
 public:
  // Throws Error, beginning with `what`, if the file cannot be mapped.
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
