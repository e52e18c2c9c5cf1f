#include "nn/links/connection/convolution_base.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/check.h"
#include "nn/initializers/initializers.h"

namespace nn::inline links {

Shape filter_lengths(std::string_view link, int ndim, std::int64_t out_channels,
                     const autograd::PerAxis& ksize) {
  // An array has two axes more: filters, and channels.
  if (ndim < 1 || ndim > autograd::kMaxDims - 2)
    throw autograd::Error(fmt::format("{}: ndim must be in [1, {}], but it is {}", link,
                                      autograd::kMaxDims - 2, ndim));
  const Shape lengths = ksize.along(ndim, link, "ksize");
  if (out_channels < 1 || std::any_of(lengths.begin(), lengths.end(), [](auto k) { return k < 1; }))
    throw autograd::Error(
        fmt::format("{}: out_channels and ksize must be at least 1, but they are {} and {}", link,
                    out_channels, to_string(lengths)));
  return lengths;
}

std::int64_t channels_of(std::string_view link, int ndim, const Variable& x) {
  autograd::Check(link, {{"x", x}}).ndim(ndim + 2);
  return x.length(1);
}

void ConvolutionBase::make_parameters(const Initializer& initialW, bool nobias,
                                      const Initializer& initial_bias) {
  W = Parameter(initialW.or_else(initializers::LeCunNormal()));
  if (in_channels.is_known()) initialize(*in_channels);
  if (!nobias) b = Parameter(initial_bias.or_else(0.0), Shape{out_channels});
  name_parameters();
}

void ConvolutionBase::initialize(std::int64_t channels) {
  if (groups < 1 || channels < 1 || channels % groups != 0 || out_channels % groups != 0)
    throw autograd::Error(
        fmt::format("{}: in_channels and out_channels must be divisible by groups, but they are {} "
                    "and {}, and groups is {}",
                    link_, channels, out_channels, groups));
  Shape shape = kind_ == Kind::convolution ? Shape{out_channels, channels / groups}
                                           : Shape{channels, out_channels / groups};
  for (const std::int64_t k : lengths_) shape.push_back(k);
  W.initialize(shape);
}

void ConvolutionBase::initialize_for(const Variable& x) {
  initialize_once([&] { initialize(channels_of(link_, lengths_.ndim(), x)); }, W);
}

}  // namespace nn::inline links
