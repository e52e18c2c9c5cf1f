#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "nn/files/gzip.h"

namespace nn::inline files {

// The files of a tar archive, gzipped or not, by their path in the archive. Throws if the archive
// is damaged or truncated, or if it or its files have more than `most` bytes unpacked; `what` names
// the archive in the message.
std::map<std::string, Bytes> read_tar(ByteSource archive, std::string_view what,
                                      std::uint64_t most = 1u << 30);
std::map<std::string, Bytes> read_tar(std::span<const std::byte> archive, std::string_view what,
                                      std::uint64_t most = 1u << 30);

}  // namespace nn::inline files
