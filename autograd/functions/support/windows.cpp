#include "autograd/functions/support/windows.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/error.h"

namespace autograd {

void check_windows(std::string_view op, std::string_view argument, const Shape& lengths,
                   std::int64_t least) {
  const auto [low, high] = std::minmax_element(lengths.begin(), lengths.end());
  if (lengths.empty() || (*low >= least && *high <= Windows::kMost)) return;
  const std::string given = to_string(lengths);
  if (*high > Windows::kMost)
    throw Error(fmt::format("{}: {} must be at most {}, but it is {}", op, argument, Windows::kMost,
                            given));
  throw Error(
      least == 0
          ? fmt::format("{}: {} must not be negative, but it is {}", op, argument, given)
          : fmt::format("{}: {} must be at least {}, but it is {}", op, argument, least, given));
}

}  // namespace autograd
