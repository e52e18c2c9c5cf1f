#pragma once

#include <string>
#include <string_view>

namespace nn {

// Writes a file so that it is there whole or not at all: under another name beside it (tmp...),
// which then takes the place of an older one. Throws Error, beginning with `what`, and leaves the
// older file if that fails.
void write_file(const std::string& path, std::string_view contents, std::string_view what);

}  // namespace nn
