#include "nn/links/rnn/mgu.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/graph/config.h"
#include "nn/links/rnn/gates.h"

namespace nn::inline links {

// Of the layers that see the last output and the input.
static std::int64_t both_sizes(std::int64_t in_size, std::int64_t out_size) {
  if (in_size < 1 || out_size < 1 || in_size > INT64_MAX - out_size)
    throw autograd::Error(
        fmt::format("MGU: sizes must be at least 1 and have a sum, but in_size is {} and out_size "
                    "{}",
                    in_size, out_size));
  return in_size + out_size;
}

MGUBase::MGUBase(std::int64_t in_size, std::int64_t out_size)
    : W_f(both_sizes(in_size, out_size), out_size), W_h(in_size + out_size, out_size) {}

Variable MGUBase::next(const Variable& h, const Variable& x) {
  const Variable f = autograd::sigmoid(W_f(autograd::concat({h, x}, 1)));
  const Variable new_h = autograd::tanh(W_h(autograd::concat({f * h, x}, 1)));
  return autograd::linear_interpolate(f, new_h, h);
}

Variable StatelessMGU::operator()(const Variable& h, const Variable& x) {
  return hooked([&] { return next(h, x); }, h, x);
}

Variable StatefulMGU::operator()(const Variable& x) {
  const auto forward = [&] {
    h = next(h ? h : zero_state(x, W_f.out_size, autograd::config().dtype), x);
    return h;
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
