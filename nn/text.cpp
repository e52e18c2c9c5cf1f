#include "nn/text.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace nn::text {
namespace {

using autograd::Error;

constexpr double kMostExact = 9007199254740992;  // 2^53: doubles hold all integers up to it

// Whether the number converts to an int64.
bool is_int64(const Number& number) {
  return number.is_integer() && std::abs(double(number)) < 0x1p63;
}

// Limits widths and precisions to three digits, because a larger width could use up all memory. A
// file name has at most 255 bytes anyway.
void require_short(std::string_view pattern, std::string_view spec, std::string_view what) {
  std::size_t digits = 0;
  for (const char c : spec) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 3)
      throw Error(
          fmt::format("{}: widths in a file name must have at most three digits, but {} has {}",
                      what, pattern, spec));
  }
}

}  // namespace

std::string repr(double value) {
  if (std::isnan(value)) return "nan";  // never -nan
  std::string out = fmt::format("{}", value);
  if (out.find_first_of(".en") == std::string::npos) out += ".0";
  return out;
}

std::string repr(const Number& value) {
  if (is_int64(value)) return fmt::format("{}", static_cast<std::int64_t>(double(value)));
  return value.is_integer() ? fmt::format("{:.0f}", double(value)) : repr(double(value));
}

std::string timedelta(double seconds) {
  constexpr double kMost = 999999999.0 * 86400;  // Python's limit
  if (!(std::abs(seconds) < kMost)) return "unknown";
  double whole = 0;
  const double fraction = std::modf(seconds, &whole);
  std::int64_t micros = static_cast<std::int64_t>(std::nearbyint(fraction * 1e6));
  std::int64_t total = static_cast<std::int64_t>(whole);
  if (micros < 0) micros += 1000000, --total;
  if (micros == 1000000) micros = 0, ++total;
  std::int64_t days = total / 86400, rest = total % 86400;
  if (rest < 0) rest += 86400, --days;
  std::string out;
  if (days != 0) out = fmt::format("{} day{}, ", days, std::abs(days) == 1 ? "" : "s");
  out += fmt::format("{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  if (micros != 0) out += fmt::format(".{:06}", micros);
  return out;
}

std::string format(std::string_view pattern, const LogEntry& values, std::string_view what) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if ((c == '{' || c == '}') && i + 1 < pattern.size() && pattern[i + 1] == c) {
      out += c;
      ++i;
      continue;
    }
    if (c != '{' && c != '}') {
      out += c;
      continue;
    }
    const auto end = pattern.find('}', i);
    if (c == '}' || end == std::string_view::npos)
      throw Error(fmt::format("{}: the braces of a file name must be balanced, but it is {}", what,
                              pattern));
    const std::string_view field = pattern.substr(i + 1, end - i - 1);
    const auto colon = field.find(':');
    std::string_view name = field.substr(0, colon);
    for (const std::string_view prefix : {".updater.", "."})
      if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    const Number* value = values.find(name);
    if (value == nullptr) {
      std::string known;
      for (const auto& item : values) known += (known.empty() ? "" : ", ") + item.first;
      throw Error(fmt::format("{}: names in a file name must be among {}, but {} has {}", what,
                              known, pattern, name));
    }
    if (colon == std::string_view::npos) {
      out += repr(*value);
    } else {
      const std::string spec = fmt::format("{{{}}}", field.substr(colon));
      require_short(pattern, field.substr(colon), what);
      try {
        out += is_int64(*value)
                   ? fmt::format(fmt::runtime(spec), static_cast<std::int64_t>(double(*value)))
                   : fmt::format(fmt::runtime(spec), double(*value));
      } catch (const fmt::format_error& e) {
        throw Error(fmt::format("{}: formats in a file name must be Python's, but {} has {} ({})",
                                what, pattern, field, e.what()));
      }
    }
    i = end;
  }
  return out;
}

namespace {

// Parses `text` as a number. Spaces before and after the number are allowed, other characters are
// not.
template <class T>
std::optional<T> number_of(std::string_view text, int base = 10) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  std::from_chars_result read;
  if constexpr (std::is_integral_v<T>)
    read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  else
    read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return {};
  return value;
}

// Matches a name against a pattern recursively. A field matches as many characters as possible.
class Unformat {
 public:
  Unformat(std::string_view pattern, std::string_view name, const LogEntry& names,
           std::string_view what)
      : pattern_(pattern), name_(name), names_(names), what_(what) {}

  std::optional<LogEntry> run() {
    return fits(pattern_, name_) ? std::optional(values_) : std::nullopt;
  }

 private:
  bool fits(std::string_view pattern, std::string_view rest) {
    if (pattern.empty()) return rest.empty() && format(pattern_, values_, what_) == name_;
    const char c = pattern[0];
    const bool twice = (c == '{' || c == '}') && pattern.size() > 1 && pattern[1] == c;
    if (c != '{' || twice)
      return rest.starts_with(c) && fits(pattern.substr(twice ? 2 : 1), rest.substr(1));
    const auto end = pattern.find('}');
    if (end == std::string_view::npos) return false;
    const std::string_view field = pattern.substr(1, end - 1);
    std::string_view key = field.substr(0, field.find(':'));
    for (const std::string_view prefix : {".updater.", "."})
      if (key.starts_with(prefix)) key.remove_prefix(prefix.size());
    const Number* kind = names_.find(key);
    if (kind == nullptr) return false;
    const char type = field.back();
    const int base = field.size() == key.size()   ? 10
                     : type == 'x' || type == 'X' ? 16
                     : type == 'o'                ? 8
                     : type == 'b' || type == 'B' ? 2
                                                  : 10;
    for (std::size_t n = rest.size(); n > 0; --n) {
      if (kind->is_integer()) {
        const auto value = number_of<std::int64_t>(rest.substr(0, n), base);
        if (!value || std::abs(static_cast<double>(*value)) > kMostExact) continue;
        values_[key] = *value;
      } else {
        const auto value = number_of<double>(rest.substr(0, n));
        if (!value) continue;
        values_[key] = *value;
      }
      if (fits(pattern.substr(end + 1), rest.substr(n))) return true;
    }
    return false;
  }

  std::string_view pattern_, name_;
  const LogEntry& names_;
  std::string_view what_;
  LogEntry values_;
};

}  // namespace

std::optional<LogEntry> unformat(std::string_view pattern, std::string_view name,
                                 const LogEntry& names, std::string_view what) {
  return Unformat(pattern, name, names, what).run();
}

bool is_terminal(std::FILE* out) {
  if (out == nullptr || isatty(fileno(out)) != 1) return false;
  const char* const kind = std::getenv("TERM");
  return kind == nullptr || std::string_view(kind) != "dumb";
}

std::size_t columns(std::FILE* out) {
  winsize size{};
  return is_terminal(out) && ::ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string clear_rest(std::FILE* out) { return is_terminal(out) ? "\033[J" : ""; }

void put(std::FILE* out, std::string_view text, std::string_view what) {
  if (std::fwrite(text.data(), 1, text.size(), out) != text.size() || std::fflush(out) != 0)
    throw Error(fmt::format("{}: its output must be writable, but writing failed: {}", what,
                            std::strerror(errno)));
}

}  // namespace nn::text
