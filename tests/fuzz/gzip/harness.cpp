// Any bytes as a gzip file. What it holds must come back when it is packed again.
#include <cstdint>
#include <span>

#include "nn/files/gzip.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kMost = 1u << 20;
  fuzz::accepts([&] {
    const auto held = nn::gunzip(std::as_bytes(std::span(data, size)), "input", kMost);
    fuzz::require(held.size() <= kMost, "no more may be unpacked than is allowed");
    fuzz::require(nn::gunzip(nn::gzip(held), "again") == held, "what is packed must come back");
  });
  return 0;
}
