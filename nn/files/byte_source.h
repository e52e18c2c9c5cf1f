#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "nn/files/read_file.h"

namespace nn::inline files {

// Bytes that come when they are asked for: fills the front of `room`, which is not empty, and says
// how many bytes it put there; 0 at the end.
using ByteSource = std::function<std::size_t(std::span<std::byte> room)>;

// Bytes in memory, which must outlive the source.
ByteSource memory_source(std::span<const std::byte> bytes);
// A file. Throws where it cannot be read.
ByteSource file_source(const std::string& path);
// Throws once there are more than `most` bytes; `what` begins the message.
ByteSource at_most(std::uint64_t most, ByteSource source, std::string_view what);

// The next n bytes, or as many as there are. Memory is taken as they come, so n may be a claim.
Bytes take(const ByteSource& source, std::uint64_t n);
// Passes over at most n bytes; how many there were.
std::uint64_t skip(const ByteSource& source, std::uint64_t n);

}  // namespace nn::inline files
