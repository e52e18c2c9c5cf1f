#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pictures {

// Writes the bytes under a temporary name and renames it: the file either keeps what it held or
// holds all of them. Throws Error, in the name of `op`, if it cannot be written.
void write_whole_file(const char* op, const std::string& path,
                      const std::vector<std::uint8_t>& bytes);

}  // namespace pictures
