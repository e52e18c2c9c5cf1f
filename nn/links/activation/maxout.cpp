#include "nn/links/activation/maxout.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"

namespace nn::inline links {

static std::int64_t linear_size(std::int64_t out_size, int pool_size) {
  if (out_size < 1 || pool_size < 1)
    throw autograd::Error(
        fmt::format("Maxout: out_size and pool_size must be at least 1, but they are {} and {}",
                    out_size, pool_size));
  return autograd::length_product("Maxout", out_size, pool_size);
}

Maxout::Maxout(Size in_size, std::int64_t units, int pool, const MaxoutOptions& o)
    : linear(in_size, linear_size(units, pool),
             {.nobias = o.nobias, .initialW = o.initialW, .initial_bias = o.initial_bias}),
      out_size(units),
      pool_size(pool) {}

Variable Maxout::operator()(const Variable& x) {
  return hooked([&] { return autograd::maxout(linear(x), pool_size); }, x);
}

}  // namespace nn::inline links
