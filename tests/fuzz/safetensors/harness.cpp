// Any bytes as a safetensors file, each of its arrays read. The file is mapped, so the bytes go to a
// file in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "nn/files/safetensors.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int memory = ::memfd_create("input", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(memory);
  fuzz::require(::ftruncate(memory, 0) == 0 &&
                    ::pwrite(memory, data, size, 0) == static_cast<ssize_t>(size),
                "a file in memory must be writable");
  fuzz::accepts([&] {
    const nn::SafetensorsReader file(path);
    std::uint64_t bytes = 0;
    for (const std::string& key : file.keys()) {
      fuzz::require(file.contains(key), "what a file lists must be in it");
      fuzz::accepts([&] { file.array(key, 100); });
      fuzz::accepts([&] {
        const autograd::Array array = file.array(key);
        bytes += static_cast<std::uint64_t>(array.size());
        if (array.dtype() == autograd::Dtype::float32 && array.size() > 0)
          static_cast<void>(array.to_vector<float>());
      });
    }
    fuzz::require(bytes <= size, "a file must not hold more elements than bytes");
  });
  return 0;
}
