// Any bytes as a MATLAB file.
#include <cstdint>
#include <span>

#include "nn/files/mat.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::accepts([&] {
    for (const auto& [name, array] :
         nn::read_mat(std::as_bytes(std::span(data, size)), "input", 1u << 20))
      fuzz::require(static_cast<bool>(array), "each name has an array");
  });
  return 0;
}
