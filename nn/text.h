// Numbers, logs and names as Python writes them, so that files and screens look as with Chainer.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/dict.h"

namespace nn::text {

// The shortest digits that read back as the same number: 0.1, 1e-05, 3.0, nan.
std::string repr(double value);
// Digits alone where it is an integer.
std::string repr(const Number& value);
// As str(datetime.timedelta(seconds=seconds)): 0:00:00.518569, 1 day, 2:03:04. "unknown" if a
// timedelta cannot hold it.
std::string timedelta(double seconds);

// Python's str.format for file names: replaces each {name} or {name:spec} by the value of this
// name. Chainer's {.updater.iteration} is the same as {iteration}. Throws Error, beginning with
// `what`, on an unknown name.
std::string format(std::string_view pattern, const LogEntry& values, std::string_view what);
// The inverse: the values for which format() gives `name`, of those `names` that occur in the
// pattern. Values are integers if they are integers in `names`. Empty if `name` does not match the
// pattern.
std::optional<LogEntry> unformat(std::string_view pattern, std::string_view name,
                                 const LogEntry& names, std::string_view what);

// Whether the stream writes to a terminal that understands escape codes.
bool is_terminal(std::FILE* out);
// The number of columns of the terminal; 0 if there is no terminal or it does not tell.
std::size_t columns(std::FILE* out);
// The escape code that clears the rest of the terminal, where a progress bar may be; empty if the
// stream does not write to a terminal.
std::string clear_rest(std::FILE* out);

// Writes to a stream and flushes it; throws Error, beginning with `what`, if that fails.
void put(std::FILE* out, std::string_view text, std::string_view what);

}  // namespace nn::text
