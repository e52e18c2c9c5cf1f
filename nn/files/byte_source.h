#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "nn/files/read_file.h"

namespace nn::inline files {

// A stream of bytes: a function that fills the front of `room`, which is not empty, and returns the
// number of bytes written there; 0 at the end.
using ByteSource = std::function<std::size_t(std::span<std::byte> room)>;

// Bytes in memory, which must outlive the source.
ByteSource memory_source(std::span<const std::byte> bytes);
// Reads a file. Throws if it cannot be read.
ByteSource file_source(const std::string& path);
// Throws Error, beginning with `what`, once the source has given more than `most` bytes.
ByteSource at_most(std::uint64_t most, ByteSource source, std::string_view what);

// The next n bytes, or fewer at the end. Memory is allocated as the bytes arrive, so n need not be
// trustworthy.
Bytes take(const ByteSource& source, std::uint64_t n);
// Skips at most n bytes; returns the number of bytes skipped.
std::uint64_t skip(const ByteSource& source, std::uint64_t n);

}  // namespace nn::inline files
