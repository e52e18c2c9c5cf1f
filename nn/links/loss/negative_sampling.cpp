#include "nn/links/loss/negative_sampling.h"

#include <cmath>

#include "nn/initializers/initializers.h"
#include "nn/links/loss/counts.h"

namespace nn::inline links {

// The counts to the power, computed in the dtype as NumPy does.
static Array powers(std::int64_t in_size, const std::vector<double>& counts,
                    std::int64_t sample_size, const NegativeSamplingOptions& o) {
  require_sampling("NegativeSampling", in_size, counts.size(), sample_size);
  Array p = Array::from(std::span<const double>(counts)).astype(o.dtype);
  autograd::visit_float(o.dtype, [&]<class T>(std::type_identity<T>) {
    T* values = p.mutable_data<T>();
    for (std::size_t i = 0; i < counts.size(); ++i)
      values[i] = std::pow(values[i], static_cast<T>(o.power));
  });
  return p;
}

NegativeSampling::NegativeSampling(std::int64_t in_size, const std::vector<double>& counts,
                                   std::int64_t samples, const NegativeSamplingOptions& o)
    : W(0.0), sampler(powers(in_size, counts, samples, o)), sample_size(samples) {
  W.initialize({static_cast<std::int64_t>(counts.size()), in_size});
  name_parameters();
}

Variable NegativeSampling::operator()(const Variable& x, autograd::ArrayLike t,
                                      autograd::Reduce reduce) {
  return with_samples(x, t, reduce).loss;
}

autograd::NegativeSampling NegativeSampling::with_samples(const Variable& x, autograd::ArrayLike t,
                                                          autograd::Reduce reduce) {
  Array samples;
  const auto forward = [&] {
    auto both = autograd::negative_sampling_with_samples(
        x, t, W, [this](const Shape& shape) { return sampler.sample(shape); }, sample_size, reduce);
    samples = both.samples;
    return both.loss;
  };
  const Variable loss = hooked(forward, x, t);
  return {loss, samples};
}

}  // namespace nn::inline links
