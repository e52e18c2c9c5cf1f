#include "nn/files/mapped_file.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "autograd/base/error.h"
#include "nn/files/read_file.h"

namespace nn::inline files {

MappedFile::MappedFile(const std::string& path, std::string_view what) {
  const OpenFile file = open_file(path, what);
  struct stat facts {};
  const int descriptor = ::fileno(file.get());
  if (::fstat(descriptor, &facts) == 0 && facts.st_size == 0)
    return;  // an empty file has nothing to map
  void* const begin = ::mmap(nullptr, static_cast<std::size_t>(facts.st_size), PROT_READ,
                             MAP_PRIVATE, descriptor, 0);
  if (begin == MAP_FAILED)
    throw autograd::Error(
        fmt::format("{}: {} must be a file that can be mapped into memory, but: {}", what, path,
                    std::strerror(errno)));
  bytes_ = {static_cast<const std::byte*>(begin), static_cast<std::size_t>(facts.st_size)};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace nn::inline files
