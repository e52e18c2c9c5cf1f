#include "nn/reporting/text.h"

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
#include <nlohmann/json.hpp>

namespace nn::text {
namespace {

using autograd::Error;
using nlohmann::ordered_json;

constexpr double kMostExact = 9007199254740992;  // 2^53: doubles hold all integers up to it

std::string json_string(std::string_view s) {
  return ordered_json(s).dump(-1, ' ', true, ordered_json::error_handler_t::replace);
}

// Whether it can be converted to an int64.
bool is_int64(const Number& number) {
  return number.is_integer() && std::abs(double(number)) < 0x1p63;
}

std::string json(const Number& number, bool strict = false) {
  if (is_int64(number)) return fmt::format("{}", static_cast<std::int64_t>(double(number)));
  if (number.is_integer()) return fmt::format("{:.0f}", double(number));
  const double value = number;
  if (strict && !std::isfinite(value)) return "null";
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return repr(value);
}

template <class Items, class F>
std::string joined(const Items& items, std::string_view separator, const F& text) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += text(item);
  }
  return out;
}

// Python writes NaN and Infinity into JSON, which has no such numbers: they are read as strings.
std::string with_quoted_specials(std::string_view json) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size();) {
    if (in_string && json[i] == '\\') {
      out += json.substr(i, 2);
      i += 2;
      continue;
    }
    if (json[i] == '"') in_string = !in_string;
    std::size_t length = 0;
    if (!in_string)
      for (const std::string_view special : {"NaN", "Infinity", "-Infinity"})
        if (json.substr(i).starts_with(special)) length = special.size();
    if (length > 0) {
      out += fmt::format("\"{}\"", json.substr(i, length));
      i += length;
    } else {
      out += json[i++];
    }
  }
  return out;
}

// Throws where brackets stand deeper in brackets than any log or list of names has them, for what is
// said of such a text would be said by a function that calls itself as often; and where a row has
// more values than any log, for each is looked for among those before it.
void require_simple(std::string_view json, std::string_view what) {
  constexpr int kDeepest = 32, kMostValues = 10'000;
  int depth = 0, values = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '[' || c == '{') ++depth;
    if (c == '{') values = 0;
    if (c == ':' && ++values > kMostValues)
      throw Error(fmt::format("{}: a row must have at most {} values, but one has more", what,
                              kMostValues));
    if (c == ']' || c == '}') --depth;
    if (depth > kDeepest)
      throw Error(
          fmt::format("{}: the text must be a list that nests brackets at most {} deep, but it "
                      "nests them deeper",
                      what, kDeepest));
  }
}

ordered_json parse(std::string_view json, std::string_view what) {
  require_simple(json, what);
  return ordered_json::parse(with_quoted_specials(json), nullptr, false);
}

ordered_json parse_array(std::string_view json, std::string_view what) {
  ordered_json parsed = parse(json, what);
  if (!parsed.is_array())
    throw Error(fmt::format("{}: the text must be a JSON array, but begins with {}", what,
                            json_string(json.substr(0, 40))));
  return parsed;
}

Number number(const ordered_json& value, std::string_view name, std::string_view what) {
  // What rounds to 2^64 is a float, for so would be read what is written of it.
  const bool beyond = value.is_number_unsigned() && value.get<double>() >= 0x1p64;
  if (value.is_number_unsigned() && !beyond) return value.get<std::uint64_t>();
  if (value.is_number_integer() && !beyond) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (value == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value == "Infinity") return std::numeric_limits<double>::infinity();
  if (value == "-Infinity") return -std::numeric_limits<double>::infinity();
  throw Error(fmt::format("{}: values must be numbers, but {} is {}", what, name, value.dump()));
}

// A name of a file has at most 255 bytes, so that no width or precision has four digits. It might
// take all memory.
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

std::string dumps(const LogEntry& entry) {
  return fmt::format("{{{}}}", joined(entry, ", ", [](const auto& item) {
                       return fmt::format("{}: {}", json_string(item.first), json(item.second));
                     }));
}

std::string dumps(const std::vector<LogEntry>& log) {
  return fmt::format("[{}]", joined(log, ", ", [](const LogEntry& entry) { return dumps(entry); }));
}

std::string dumps(const std::vector<std::string>& names) {
  return fmt::format("[{}]", joined(names, ", ", json_string));
}

std::string dumps(const Curves& curves) {
  const auto point = [](const auto& xy) {
    return fmt::format("[{}, {}]", json(xy.first), json(xy.second));
  };
  return fmt::format("{{{}}}", joined(curves, ", ", [&](const auto& curve) {
                       return fmt::format("{}: [{}]", json_string(curve.first),
                                          joined(curve.second, ", ", point));
                     }));
}

std::string dumps_indented(const std::vector<LogEntry>& log, bool strict) {
  if (log.empty()) return "[]";
  const auto line = [strict](const auto& item) {
    return fmt::format("        {}: {}", json_string(item.first), json(item.second, strict));
  };
  const auto row = [&line](const LogEntry& entry) {
    return entry.empty() ? "    {}" : fmt::format("    {{\n{}\n    }}", joined(entry, ",\n", line));
  };
  return fmt::format("[\n{}\n]", joined(log, ",\n", row));
}

std::vector<LogEntry> load_log(std::string_view json, std::string_view what) {
  std::vector<LogEntry> log;
  for (const auto& row : parse_array(json, what)) {
    if (!row.is_object())
      throw Error(fmt::format("{}: rows must be JSON objects, but one is {}", what, row.dump()));
    LogEntry entry;
    for (const auto& [name, value] : row.items()) entry[name] = number(value, name, what);
    log.push_back(std::move(entry));
  }
  return log;
}

Curves load_curves(std::string_view json, std::string_view what) {
  const ordered_json parsed = parse(json, what);
  const auto is_curve = [](const ordered_json& points) {
    return points.is_array() && std::all_of(points.begin(), points.end(), [](const auto& point) {
             return point.is_array() && point.size() == 2;
           });
  };
  if (!parsed.is_object() || !std::all_of(parsed.begin(), parsed.end(), is_curve))
    throw Error(
        fmt::format("{}: the text must be a JSON object of lists of points, but begins with {}",
                    what, json_string(json.substr(0, 40))));
  Curves curves;
  for (const auto& [name, points] : parsed.items()) {
    auto& curve = curves[name];
    for (const auto& point : points)
      curve.emplace_back(number(point[0], name, what), number(point[1], name, what));
  }
  return curves;
}

std::vector<std::string> load_names(std::string_view json, std::string_view what) {
  std::vector<std::string> names;
  for (const auto& name : parse_array(json, what)) {
    if (!name.is_string())
      throw Error(fmt::format("{}: names must be strings, but one is {}", what, name.dump()));
    names.push_back(name.get<std::string>());
  }
  return names;
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
      throw Error(fmt::format("{}: each brace of a file name must have its other one, but it is {}",
                              what, pattern));
    const std::string_view field = pattern.substr(i + 1, end - i - 1);
    const auto colon = field.find(':');
    std::string_view name = field.substr(0, colon);
    for (const std::string_view prefix : {".updater.", "."})
      if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    const Number* value = values.find(name);
    if (value == nullptr) {
      const auto known = joined(values, ", ", [](const auto& item) { return item.first; });
      throw Error(fmt::format("{}: names in a file name must be among {}, but {} has {}", what,
                              known, pattern, name));
    }
    if (colon == std::string_view::npos) {
      out += value->is_integer() ? json(*value) : repr(*value);
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

// The number that `text` is, whole, but for spaces before and after it.
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

// Reads what is left of a name by what is left of its pattern; of a field as much as fits.
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
