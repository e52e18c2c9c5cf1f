#include "nn/training/write_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "autograd/base/error.h"

namespace nn {

void write_file(const std::string& path, std::string_view contents, std::string_view what) {
  const auto slash = path.rfind('/') + 1;  // 0 without one
  const std::string temporary =
      fmt::format("{}tmp{}.{}", path.substr(0, slash), path.substr(slash), getpid());
  const auto fail = [&] {
    const int error = errno;
    std::remove(temporary.c_str());
    throw autograd::Error(fmt::format("{}: {} must be writable, but writing failed: {}", what, path,
                                      std::strerror(error)));
  };
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) fail();
  const bool written = std::fwrite(contents.data(), 1, contents.size(), file) == contents.size() &&
                       std::fflush(file) == 0;
  const int error = errno;
  if (std::fclose(file) != 0 && written) fail();
  if (!written) {
    errno = error;
    fail();
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) fail();
}

}  // namespace nn
