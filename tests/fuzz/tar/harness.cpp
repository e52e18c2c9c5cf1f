// Any bytes as a tar archive, gzipped or not.
#include <cstdint>
#include <span>

#include "nn/files/tar.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kMost = 1u << 20;
  fuzz::accepts([&] {
    std::uint64_t total = 0;
    for (const auto& [name, file] :
         nn::read_tar(std::as_bytes(std::span(data, size)), "input", kMost))
      total += file.size();
    fuzz::require(total <= kMost, "no more may be unpacked than is allowed");
  });
  return 0;
}
