#include "examples/pictures/whole_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "autograd/base/error.h"

namespace pictures {

void write_whole_file(const char* op, const std::string& path,
                      const std::vector<std::uint8_t>& bytes) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  bool written = false;
  int reason = 0;
  if (std::FILE* file = std::fopen(temporary.c_str(), "wb")) {
    written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    if (!written) reason = errno;
    if (std::fclose(file) != 0 && written) {
      written = false;
      reason = errno;
    }
    if (written && std::rename(temporary.c_str(), path.c_str()) != 0) {
      written = false;
      reason = errno;
    }
    if (!written) std::remove(temporary.c_str());
  } else {
    reason = errno;
  }
  if (!written) {
    throw autograd::Error(fmt::format("{}: the file must be writable, but {} is not ({})", op, path,
                                      std::strerror(reason)));
  }
}

}  // namespace pictures
