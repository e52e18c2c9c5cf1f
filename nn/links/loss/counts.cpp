#include "nn/links/loss/counts.h"

#include <fmt/format.h>

#include "autograd/base/check.h"

namespace nn::inline links {

void require_sampling(std::string_view link, std::int64_t in_size, std::size_t counts,
                      std::int64_t sample_size) {
  if (in_size < 1 || sample_size < 1 || counts == 0)
    throw autograd::Error(
        fmt::format("{}: in_size and sample_size must be at least 1 and there must be a count, but "
                    "they are {} and {} and there are {} counts",
                    link, in_size, sample_size, counts));
  autograd::length_product(link, static_cast<std::int64_t>(counts), in_size);
}

}  // namespace nn::inline links
