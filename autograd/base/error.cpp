#include "autograd/base/error.h"

#include <string_view>

namespace autograd {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string readable(std::string_view message) {
  constexpr std::size_t kMost = 2000, kBegin = 1200, kEnd = 700;
  std::string text;
  if (message.size() > kMost) {
    // Cuts between characters of UTF-8.
    std::string_view begin = message.substr(0, kBegin + 1),
                     end = message.substr(message.size() - kEnd);
    while (begin.size() > 1 && continues_character(begin.back())) begin.remove_suffix(1);
    begin.remove_suffix(1);
    while (!end.empty() && continues_character(end.front())) end.remove_prefix(1);
    text.append(begin).append(" ... ").append(end);
  } else {
    text = message;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // Terminals also obey U+0080 to U+009F, in UTF-8 c2 80 to c2 9f.
    const bool second = i > 0 && text[i - 1] == '\xc2' && c >= 0x80 && c <= 0x9f;
    if (second) text[i - 1] = '?';
    if (c < ' ' || c == 0x7f || second) text[i] = '?';
  }
  return text;
}

}  // namespace

Error::Error(const std::string& message) : std::runtime_error(readable(message)) {}

}  // namespace autograd
