#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/dict.h"

namespace nn::inline files::json {

// Lists of points (x, y) by name: {"main/loss": [[1, 0.5], [2, 0.25]]}.
using Curves = Dict<std::vector<std::pair<Number, Number>>>;

// JSON in the format of Python's json.dumps. It may contain NaN, Infinity and -Infinity, which
// standard JSON does not have.
std::string dumps(const std::vector<LogEntry>& log);
std::string dumps(const LogEntry& entry);
std::string dumps(const std::vector<std::string>& names);
std::string dumps(const Curves& curves);
// The same on several lines: json.dumps(log, indent=4). With `strict`, NaN and infinities become
// null, so that any JSON reader accepts the text.
std::string dumps_indented(const std::vector<LogEntry>& log, bool strict = false);

// The inverse functions. null becomes NaN. They throw Error, beginning with `what`, if the text has
// another form.
std::vector<LogEntry> load_log(std::string_view json, std::string_view what);
Curves load_curves(std::string_view json, std::string_view what);
std::vector<std::string> load_names(std::string_view json, std::string_view what);

}  // namespace nn::inline files::json
