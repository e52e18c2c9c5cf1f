// Any text as a LogReport's log, as names, and as a PlotReport's curves. What is read must come back as it is when it is written and read
// again.
#include <cstdint>
#include <string>
#include <string_view>

#include "nn/files/json.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::accepts([&] {
    const std::string written = nn::json::dumps(nn::json::load_log(text, "log"));
    fuzz::require(nn::json::dumps(nn::json::load_log(written, "log")) == written,
                  "what is written must be read as the same");
  });
  fuzz::accepts([&] {
    const std::string written = nn::json::dumps(nn::json::load_names(text, "names"));
    fuzz::require(nn::json::dumps(nn::json::load_names(written, "names")) == written,
                  "what is written must be read as the same");
  });
  fuzz::accepts([&] {
    const std::string written = nn::json::dumps(nn::json::load_curves(text, "curves"));
    fuzz::require(nn::json::dumps(nn::json::load_curves(written, "curves")) == written,
                  "what is written must be read as the same");
  });
  return 0;
}
