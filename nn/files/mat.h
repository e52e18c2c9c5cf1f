#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "autograd/array/array.h"
#include "nn/files/read_file.h"

namespace nn::inline files {

// The real numeric arrays of a MATLAB file of version 5, by name, with MATLAB's shapes; what
// scipy.io.loadmat gives. Compressed or not, of any byte order. Arrays of types that Array does not
// have become float64 (single ones float32); cells, structures, texts, sparse and complex arrays are
// passed over. Throws Error, beginning with `what`, if the file is damaged, of another version, or
// unpacks to more than `most` bytes.
std::map<std::string, autograd::Array> read_mat(std::span<const std::byte> file,
                                                std::string_view what,
                                                std::uint64_t most = std::uint64_t{4} << 30);

}  // namespace nn::inline files
