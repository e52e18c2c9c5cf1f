#include "nn/links/loss/black_out.h"

#include "autograd/base/check.h"
#include "autograd/functions/loss/black_out.h"
#include "nn/initializers/initializers.h"
#include "nn/links/loss/counts.h"

namespace nn::inline links {

static Array counted_classes(std::int64_t in_size, const std::vector<double>& counts,
                             std::int64_t sample_size) {
  require_sampling("BlackOut", in_size, counts.size(), sample_size);
  return Array::from(std::span<const double>(counts)).astype(Dtype::float32);
}

BlackOut::BlackOut(std::int64_t in_size, const std::vector<double>& counts, std::int64_t samples)
    : W(initializers::NaN()),
      sampler(counted_classes(in_size, counts, samples)),
      sample_size(samples) {
  W.initialize({static_cast<std::int64_t>(counts.size()), in_size});
  name_parameters();
}

Variable BlackOut::operator()(const Variable& x, autograd::ArrayLike t) {
  autograd::Check("BlackOut", {{"x", x}}).ndim(2);
  const auto forward = [&] {
    autograd::length_product("BlackOut", x.length(0), sample_size);
    const Array samples = sample_data ? sample_data : sampler.sample({x.length(0), sample_size});
    return autograd::black_out(x, t, W, samples);
  };
  return hooked(forward, x, t);
}

}  // namespace nn::inline links
