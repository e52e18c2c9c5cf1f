#include "nn/files/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "nn/text.h"

namespace nn::inline files::json {
namespace {

using autograd::Error;
using nlohmann::ordered_json;

std::string json_string(std::string_view s) {
  return ordered_json(s).dump(-1, ' ', true, ordered_json::error_handler_t::replace);
}

std::string text_of(const Number& number, bool strict = false) {
  const double value = number;
  if (strict && !std::isfinite(value)) return "null";
  if (!number.is_integer() && std::isnan(value)) return "NaN";
  if (!number.is_integer() && std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return text::repr(number);
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

// Python writes NaN and Infinity, which standard JSON does not have. This function puts them into
// quotes, and number() reads the strings.
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

// Limits the nesting of brackets and the number of values in a row; logs and lists of names stay
// far below these limits. The parser's recursion is as deep as the brackets. Each value of a row is
// compared with the values before it, so the time grows with the square of their number.
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
          fmt::format("{}: brackets must be nested at most {} deep, but they are nested deeper",
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
    throw Error(fmt::format("{}: the text must be a JSON array, but it begins with {}", what,
                            json_string(json.substr(0, 40))));
  return parsed;
}

Number number(const ordered_json& value, std::string_view name, std::string_view what) {
  // An integer that rounds to 2^64 as a double is read as a float, because it would be written as a
  // float.
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

}  // namespace

std::string dumps(const LogEntry& entry) {
  return fmt::format("{{{}}}", joined(entry, ", ", [](const auto& item) {
                       return fmt::format("{}: {}", json_string(item.first), text_of(item.second));
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
    return fmt::format("[{}, {}]", text_of(xy.first), text_of(xy.second));
  };
  return fmt::format("{{{}}}", joined(curves, ", ", [&](const auto& curve) {
                       return fmt::format("{}: [{}]", json_string(curve.first),
                                          joined(curve.second, ", ", point));
                     }));
}

std::string dumps_indented(const std::vector<LogEntry>& log, bool strict) {
  if (log.empty()) return "[]";
  const auto line = [strict](const auto& item) {
    return fmt::format("        {}: {}", json_string(item.first), text_of(item.second, strict));
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
        fmt::format("{}: the text must be a JSON object of lists of points, but it begins with {}",
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

}  // namespace nn::inline files::json
