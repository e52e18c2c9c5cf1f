#pragma once

#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "examples/vae_lab/options.h"
#include "tests/message.h"

namespace vae::lab {

// What vae_lab makes of its flags.
inline std::optional<LabOptions> parse(std::vector<const char*> flags, std::ostream& out) {
  flags.insert(flags.begin(), "vae_lab");
  return parse_options(static_cast<int>(flags.size()), flags.data(), out);
}

inline LabOptions parse(const std::vector<const char*>& flags) {
  std::ostringstream nothing;
  return parse(flags, nothing).value();
}

inline std::string refusal(const std::vector<const char*>& flags) {
  return message_of([&] { parse(flags); });
}

}  // namespace vae::lab
