#include "nn/links/rnn/gates.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"

namespace nn::inline links {

std::array<Variable, 4> gates_of(const Variable& x) {
  const std::int64_t batch = x.length(0), n = x.length(1) / 4;
  const Variables parts = autograd::split_axis(autograd::reshape(x, {batch, n, 4}), 4, 2);
  std::array<Variable, 4> gates;
  for (std::size_t i = 0; i < gates.size(); ++i) gates[i] = autograd::reshape(parts[i], {batch, n});
  return gates;
}

std::int64_t four_gates(std::string_view link, std::int64_t out_size) {
  if (out_size < 1)
    throw autograd::Error(
        fmt::format("{}: out_size must be at least 1, but it is {}", link, out_size));
  return autograd::length_product(link, 4, out_size);
}

Variable zero_state(const Variable& x, std::int64_t size, Dtype dtype) {
  return autograd::as_variable(Array::zeros({x.length(0), size}, dtype));
}

}  // namespace nn::inline links
