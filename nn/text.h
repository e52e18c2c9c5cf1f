// Numbers, logs and names as Python writes them, for files and screens that Chainer's users know.
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
// As str(datetime.timedelta(seconds=seconds)): 0:00:00.518569, 1 day, 2:03:04. "unknown" where
// there is no such time.
std::string timedelta(double seconds);

// Python's str.format for names of files: each {name} or {name:spec} becomes the value of that
// name. Chainer's
// {.updater.iteration} is the same as {iteration}. Throws Error, beginning with `what`, on another
// name.
std::string format(std::string_view pattern, const LogEntry& values, std::string_view what);
// The inverse: the values for which format() gives `name`, those of `names` that stand in the
// pattern, as integers where they are integers in `names`. Nothing where there are none, so that
// name is not of the pattern's form.
std::optional<LogEntry> unformat(std::string_view pattern, std::string_view name,
                                 const LogEntry& names, std::string_view what);

// Whether a stream shows what is written to it on a terminal, which escape codes move about on.
bool is_terminal(std::FILE* out);
// How many columns that terminal has; 0 where there is no terminal or it does not say.
std::size_t columns(std::FILE* out);
// The escape code that clears the rest of a terminal, where a progress bar may stand; nothing where
// the output is none.
std::string clear_rest(std::FILE* out);

// Writes to a stream and flushes it; throws Error, beginning with `what`, if that fails.
void put(std::FILE* out, std::string_view text, std::string_view what);

}  // namespace nn::text
