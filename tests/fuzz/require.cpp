#include "tests/fuzz/require.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace fuzz {

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "finding: %s\n", std::string(what).c_str());
  std::abort();
}

void require_sentence(std::string_view message) {
  constexpr std::size_t kLongest = 2000;
  const bool readable = std::ranges::none_of(
      message, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  if (!message.empty() && message.size() <= kLongest && readable) return;
  std::fprintf(stderr, "finding: the message must be one readable line, but it is %s\n",
               std::string(message.substr(0, kLongest)).c_str());
  std::abort();
}

}  // namespace fuzz
