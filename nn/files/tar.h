#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "nn/files/gzip.h"

namespace nn::inline files {

// The files of a tar archive, by their path in it, gzipped or not. Throws where the archive is
// damaged or ends too soon, and where it has more than `most` bytes when unpacked, or its files
// have; `what` names it in the message.
std::map<std::string, Bytes> read_tar(ByteSource archive, std::string_view what,
                                      std::uint64_t most = 1u << 30);
std::map<std::string, Bytes> read_tar(std::span<const std::byte> archive, std::string_view what,
                                      std::uint64_t most = 1u << 30);

}  // namespace nn::inline files
