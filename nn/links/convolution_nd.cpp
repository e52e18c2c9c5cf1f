#include "nn/links/convolution_nd.h"

#include "autograd/functions/convolution_nd.h"
#include "nn/links/filters.h"

namespace nn {

ConvolutionND::ConvolutionND(int ndim, std::optional<std::int64_t> in_channels,
                             std::int64_t out_channels, const PerAxis& ksize,
                             const Options& options)
    : W(options.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      ndim_(ndim),
      out_channels_(out_channels),
      ksize_(filter_lengths("ConvolutionND", ndim, out_channels, ksize)),
      options_(options) {
  if (in_channels) initialize(*in_channels);
  if (!options.nobias) b = Parameter(options.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}

void ConvolutionND::initialize(std::int64_t in_channels) {
  check_groups("ConvolutionND", in_channels, out_channels_, options_.groups);
  Shape shape{out_channels_, in_channels / options_.groups};
  for (const std::int64_t k : ksize_) shape.push_back(k);
  W.initialize(shape);
}

Variable ConvolutionND::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("ConvolutionND", ndim_, x)); }, W);
  return autograd::convolution_nd(x, W, b,
                                  {.stride = options_.stride,
                                   .pad = options_.pad,
                                   .cover_all = options_.cover_all,
                                   .dilate = options_.dilate,
                                   .groups = options_.groups});
}

}  // namespace nn
