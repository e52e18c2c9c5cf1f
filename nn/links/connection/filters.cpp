#include "nn/links/connection/filters.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/check.h"

namespace nn::inline links {

autograd::Shape filter_lengths(std::string_view link, int ndim, std::int64_t out_channels,
                               const autograd::PerAxis& ksize) {
  // An array has two axes more: filters, and channels.
  if (ndim < 1 || ndim > autograd::kMaxDims - 2)
    throw autograd::Error(fmt::format("{}: ndim must be in [1, {}], but it is {}", link,
                                      autograd::kMaxDims - 2, ndim));
  const autograd::Shape lengths = ksize.along(ndim, link, "ksize");
  if (out_channels < 1 || std::any_of(lengths.begin(), lengths.end(), [](auto k) { return k < 1; }))
    throw autograd::Error(
        fmt::format("{}: out_channels and ksize must be at least 1, but they are {} and {}", link,
                    out_channels, to_string(lengths)));
  return lengths;
}

void check_groups(std::string_view link, std::int64_t in_channels, std::int64_t out_channels,
                  std::int64_t groups) {
  if (groups < 1 || in_channels < 1 || in_channels % groups != 0 || out_channels % groups != 0)
    throw autograd::Error(
        fmt::format("{}: in_channels and out_channels must fall into the groups, but they are {} "
                    "and {}, and groups is {}",
                    link, in_channels, out_channels, groups));
}

std::int64_t channels_of(std::string_view link, int ndim, const Variable& x) {
  autograd::Check(link, {{"x", x}}).ndim(ndim + 2);
  return x.length(1);
}

}  // namespace nn::inline links
