#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nn::inline files {

using Bytes = std::vector<std::byte>;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

// Opens a file for reading. Throws Error, beginning with `what`, if there is no such file, or if it
// is a folder, a device, a pipe or a socket, reading from which might never end.
OpenFile open_file(const std::string& path, std::string_view what);

// The contents of a file. Throws Error as open_file does, and for a file of more than `most` bytes
// before it reads any.
Bytes read_file(const std::string& path, std::string_view what = "read",
                std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

}  // namespace nn::inline files
