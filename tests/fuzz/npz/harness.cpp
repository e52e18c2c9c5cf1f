// Any bytes as an npz file, each of its entries read.
#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "nn/files/npz.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::accepts([&] {
    const nn::NpzReader npz(std::as_bytes(std::span(data, size)), "input");
    for (const std::string& key : npz.keys()) {
      fuzz::require(npz.contains(key), "what a file lists must be in it");
      // At most what a small model would want, and any size.
      fuzz::accepts([&] { npz.entry(key, 1000); });
      fuzz::accepts([&] {
        const nn::FileValue entry = npz.entry(key);
        fuzz::require(npz.is_none(key) == std::holds_alternative<autograd::NoneType>(entry),
                      "an entry must be the same when it is read again");
      });
    }
  });
  return 0;
}
