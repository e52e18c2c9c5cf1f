#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nn::datasets {

using Bytes = std::vector<std::byte>;

// The contents of a file.
Bytes read_file(const std::string& path);

// Whether the bytes begin as a gzip file does.
bool is_gzip(std::span<const std::byte> bytes);

// What a gzip file holds. Throws where it is cut off or its checksum is wrong; `what` begins the
// message.
Bytes gunzip(std::span<const std::byte> bytes, std::string_view what);

// The bytes as a gzip file; equal bytes give equal files.
Bytes gzip(std::span<const std::byte> bytes);

}  // namespace nn::datasets
