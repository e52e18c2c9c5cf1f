// Converts numbers and names to text in Python's format, so that files and screen output look like
// Chainer's.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/dict.h"

namespace nn::text {

// The shortest text that reads back as the same number: 0.1, 1e-05, 3.0, nan.
std::string repr(double value);
// The same; an integer has no decimal point.
std::string repr(const Number& value);
// Like str(datetime.timedelta(seconds=seconds)): 0:00:00.518569; 1 day, 2:03:04. Returns "unknown"
// if the time is too long for a timedelta.
std::string timedelta(double seconds);

// Python's str.format for file names: replaces each {name} or {name:spec} by the value of this
// name. Chainer's {.updater.iteration} is the same as {iteration}. Throws Error, beginning with
// `what`, if a name is unknown.
std::string format(std::string_view pattern, const LogEntry& values, std::string_view what);
// The inverse of format(): returns the values for which format() gives `name`. The result has those
// of the `names` that occur in the pattern. A value is an integer if it is an integer in `names`.
// Returns nothing if `name` does not match the pattern.
std::optional<LogEntry> unformat(std::string_view pattern, std::string_view name,
                                 const LogEntry& names, std::string_view what);

// Whether the stream writes to a terminal that understands escape codes.
bool is_terminal(std::FILE* out);
// The number of columns of the terminal; 0 if there is no terminal or the number is unknown.
std::size_t columns(std::FILE* out);
// The escape code that clears the rest of the terminal, where a progress bar may be. Empty if the
// stream does not write to a terminal.
std::string clear_rest(std::FILE* out);

// Writes to a stream and flushes it; throws Error, beginning with `what`, if that fails.
void put(std::FILE* out, std::string_view text, std::string_view what);

}  // namespace nn::text
