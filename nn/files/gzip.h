#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nn/files/byte_source.h"

namespace nn::inline files {

// Whether the bytes begin like a gzip file.
bool is_gzip(std::span<const std::byte> bytes);

// Unpacks a gzip file as it is read. Throws Error, beginning with `what`, if the file is truncated
// or its checksum is wrong.
ByteSource gunzipped(ByteSource file, std::string_view what);
// The same for a file that may be gzipped or not; decided by its first bytes.
ByteSource plain(ByteSource file, std::string_view what);

// Unpacks a gzip file in memory. Also throws if there are more than `most` bytes: a gzip file may
// unpack to a thousand times its own size.
Bytes gunzip(std::span<const std::byte> bytes, std::string_view what,
             std::uint64_t most = 1u << 30);

// Packs the bytes as a gzip file; equal bytes give equal files.
Bytes gzip(std::span<const std::byte> bytes);

}  // namespace nn::inline files
