// Any text as the pattern of a file's name, such as snapshot_iter_{.updater.iteration}.
#include <cstdint>
#include <string_view>

#include "nn/text.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view pattern(reinterpret_cast<const char*>(data), size);
  fuzz::accepts([&] {
    nn::text::format(pattern, {{"iteration", 600}, {"epoch", 3}, {"epoch_detail", 2.5}}, "names");
  });
  return 0;
}
