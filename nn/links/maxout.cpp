#include "nn/links/maxout.h"

#include "autograd/functions/activation.h"

namespace nn {

Maxout::Maxout(std::optional<std::int64_t> in_size, std::int64_t out_size, int pool_size,
               const Options& o)
    : linear(in_size, out_size * pool_size,
             {.nobias = o.nobias, .initialW = o.initialW, .initial_bias = o.initial_bias}),
      pool_size_(pool_size) {}

Variable Maxout::operator()(const Variable& x) { return autograd::maxout(linear(x), pool_size_); }

}  // namespace nn
