#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/dict.h"

namespace nn::inline files::json {

// Lists of points (x, y) by name: {"main/loss": [[1, 0.5], [2, 0.25]]}.
using Curves = Dict<std::vector<std::pair<Number, Number>>>;

// JSON as Python's json.dumps writes it: NaN, Infinity and -Infinity stand in it, which JSON itself
// does not have.
std::string dumps(const std::vector<LogEntry>& log);
std::string dumps(const LogEntry& entry);
std::string dumps(const std::vector<std::string>& names);
std::string dumps(const Curves& curves);
// The same on many lines: json.dumps(log, indent=4).
// Where `strict`, NaN and infinities are null, so that any reader of JSON takes it.
std::string dumps_indented(const std::vector<LogEntry>& log, bool strict = false);

// The inverse; null is NaN. Throw Error, beginning with `what`, on text of another form.
std::vector<LogEntry> load_log(std::string_view json, std::string_view what);
Curves load_curves(std::string_view json, std::string_view what);
std::vector<std::string> load_names(std::string_view json, std::string_view what);

}  // namespace nn::inline files::json
