// Any bytes as an npy file. What is read must come back as it is when it is written and read again.
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "nn/files/npy.h"
#include "tests/fuzz/require.h"

namespace {

using nn::FileValue;

std::string encode(const FileValue& entry) {
  if (const auto* array = std::get_if<autograd::Array>(&entry)) return nn::npy::encode(*array);
  if (const auto* text = std::get_if<std::string>(&entry)) return nn::npy::encode(*text, "text");
  return nn::npy::encode(autograd::None);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::accepts([&] {
    const FileValue read = nn::npy::decode(std::as_bytes(std::span(data, size)), "npy: the input");
    const std::string written = encode(read);
    const FileValue again =
        nn::npy::decode(std::as_bytes(std::span(written)), "npy: what was written");
    fuzz::require(encode(again) == written, "what is written must be read as the same");
  });
  return 0;
}
