#pragma once

#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "examples/vae/options.h"
#include "tests/message.h"

namespace vae {

// What train_vae makes of its flags.
inline std::optional<Options> parse(std::vector<const char*> flags, std::ostream& out) {
  flags.insert(flags.begin(), "train_vae");
  return parse_options(static_cast<int>(flags.size()), flags.data(), out);
}

inline Options parse(const std::vector<const char*>& flags) {
  std::ostringstream nothing;
  return parse(flags, nothing).value();
}

inline std::string refusal(const std::vector<const char*>& flags) {
  return message_of([&] { parse(flags); });
}

}  // namespace vae
