#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace nn::inline links {

// Throws unless the sizes are at least 1 and there is a count. Messages begin with `link`.
void require_sampling(std::string_view link, std::int64_t in_size, std::size_t counts,
                      std::int64_t sample_size);

}  // namespace nn::inline links
