#include "nn/distributions/parameters.h"

#include <fmt/format.h>

#include "autograd/graph/config.h"

namespace nn::distributions {

bool Cached::recording() { return autograd::config().enable_backprop; }

void require_one(std::string_view distribution, std::string_view first, bool has_first,
                 std::string_view second, bool has_second) {
  if (has_first != has_second) return;
  throw autograd::Error(fmt::format("{}: either {} or {} must be given, but {} is", distribution,
                                    first, second, has_first ? "each" : "neither"));
}

void require_given(std::string_view distribution, std::string_view parameter,
                   const Variable& value) {
  if (!value)
    throw autograd::Error(
        fmt::format("{}: {} must be given, but it is none", distribution, parameter));
}

autograd::Shape with_samples(std::int64_t n, const autograd::Shape& shape) {
  autograd::Shape all = shape;
  all.insert(0, n);
  return all;
}

}  // namespace nn::distributions
