// Any bytes as an idx file, plain or gzipped.
#include <cstdint>
#include <span>

#include "nn/datasets/idx.h"
#include "nn/files/gzip.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  fuzz::accepts([&] {
    const auto array = nn::is_gzip(bytes)
                           ? nn::datasets::decode_idx(nn::gunzip(bytes, "input"), "input")
                           : nn::datasets::decode_idx(bytes, "input");
    fuzz::require(array.ndim() > 0 && array.size() > 0, "an idx file must hold elements");
  });
  return 0;
}
