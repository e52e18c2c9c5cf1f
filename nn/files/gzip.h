#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nn/files/byte_source.h"

namespace nn::inline files {

// Whether the bytes begin as a gzip file does.
bool is_gzip(std::span<const std::byte> bytes);

// What a gzip file holds, unpacked as it is asked for. Throws where the file is cut off or its
// checksum is wrong; `what` begins the message.
ByteSource gunzipped(ByteSource file, std::string_view what);
// The same of a file that may be gzipped or not, which its first bytes tell.
ByteSource plain(ByteSource file, std::string_view what);

// What a gzip file holds, in memory. Throws, besides, where there are more than `most` bytes: a
// gzip file may hold a thousand times its own size.
Bytes gunzip(std::span<const std::byte> bytes, std::string_view what,
             std::uint64_t most = 1u << 30);

// The bytes as a gzip file; equal bytes give equal files.
Bytes gzip(std::span<const std::byte> bytes);

}  // namespace nn::inline files
