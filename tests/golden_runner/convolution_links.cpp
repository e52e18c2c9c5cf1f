#include "nn/links/connection/convolution.h"
#include "nn/links/connection/convolution_nd.h"
#include "nn/links/connection/deconvolution.h"
#include "nn/links/connection/deconvolution_nd.h"
#include "nn/links/connection/deformable_convolution.h"
#include "nn/links/connection/depthwise_convolution.h"
#include "nn/links/connection/local_convolution.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

namespace golden {
namespace {

// Chainer's Convolution2D(2, 3) has its number of filters and their size alone; so has any of the
// layers whose argument ksize is None.
struct Channels {
  nn::Size in = nn::None;
  std::int64_t out = 0;
  Value ksize;
};
Channels channels(Arguments& a, std::size_t first) {
  const Value in = a.literal(first, "in_channels"), out = a.literal(first + 1, "out_channels"),
              ksize = a.literal(first + 2, "ksize");
  if (ksize.is(Value::Kind::null)) return {nn::None, in.integer(), out};
  return {size_of(in), out.integer(), ksize};
}
autograd::PerAxis per_axis(const Value& v) {
  if (v.is(Value::Kind::number)) return v.integer();
  Shape lengths;
  for (const int n : v.integers()) lengths.push_back(n);
  return autograd::PerAxis(lengths);
}

// Layers of any number of axes: `first` is the number of what stands before the channels.
template <class O>
O options(Arguments& a, std::size_t first) {
  O o;
  o.stride = a.per_axis(first + 3, "stride").value_or(1);
  o.pad = a.per_axis(first + 4, "pad").value_or(0);
  o.nobias = a.flag(first + 5, "nobias");
  const std::size_t initial = first + (requires { o.outsize; } ? 7 : 6);
  o.initialW = initializer_of(a.find(initial, "initialW"));
  o.initial_bias = initializer_of(a.find(initial + 1, "initial_bias"));
  if constexpr (requires { o.outsize; })
    o.outsize = a.per_axis(first + 6, "outsize");
  else
    o.cover_all = a.flag(first + 8, "cover_all");
  o.dilate = a.per_axis(first + 9, "dilate").value_or(1);
  o.groups = a.integer(first + 10, "groups", 1);
  return o;
}

template <class L, class O>
void add_of_any_axes(Makers& m, const std::string& name) {
  m[name] = [](Arguments& a) {
    const int ndim = a.integer(0, "ndim", 1);
    const Channels c = channels(a, 1);
    return of_x(L(ndim, c.in, c.out, per_axis(c.ksize), options<O>(a, 1)));
  };
}
template <class L, class O>
void add_of_axes(Makers& m, const std::string& name) {
  m[name] = [](Arguments& a) {
    const Channels c = channels(a, 0);
    return of_x(L(c.in, c.out, per_axis(c.ksize), options<O>(a, 0)));
  };
}

Array array_or_none(const Expression* e) {
  return e && e->kind == Expression::Kind::call ? array_of(*e) : Array();
}

}  // namespace

void add_convolution_links(Makers& m) {
  m["Convolution2D"] = [](Arguments& a) {
    const Channels c = channels(a, 0);
    return of_x(nn::Convolution2D(c.in, c.out, *c.ksize.height_width(),
                                  {.stride = a.height_width(3, "stride", 1),
                                   .pad = a.height_width(4, "pad", 0),
                                   .nobias = a.flag(5, "nobias"),
                                   .initialW = initializer_of(a.find(6, "initialW")),
                                   .initial_bias = initializer_of(a.find(7, "initial_bias")),
                                   .dilate = a.height_width(8, "dilate", 1),
                                   .groups = a.integer(9, "groups", 1)}));
  };
  m["Convolution2D.from_params"] = [](Arguments& a) {
    return of_x(nn::Convolution2D::from_params(array_of(*a.find(0, "W")),
                                               array_or_none(a.find(1, "b")),
                                               {.stride = a.height_width(2, "stride", 1),
                                                .pad = a.height_width(3, "pad", 0),
                                                .nobias = a.flag(4, "nobias"),
                                                .dilate = a.height_width(99, "dilate", 1),
                                                .groups = a.integer(99, "groups", 1)}));
  };
  m["ConvolutionND.from_params"] = [](Arguments& a) {
    return of_x(nn::ConvolutionND::from_params(array_of(*a.find(0, "W")),
                                               array_or_none(a.find(1, "b")),
                                               {.stride = a.per_axis(2, "stride").value_or(1),
                                                .pad = a.per_axis(3, "pad").value_or(0),
                                                .nobias = a.flag(4, "nobias"),
                                                .cover_all = a.flag(99, "cover_all"),
                                                .dilate = a.per_axis(99, "dilate").value_or(1),
                                                .groups = a.integer(99, "groups", 1)}));
  };
  m["Deconvolution2D"] = [](Arguments& a) {
    const Channels c = channels(a, 0);
    return of_x(nn::Deconvolution2D(c.in, c.out, *c.ksize.height_width(),
                                    {.stride = a.height_width(3, "stride", 1),
                                     .pad = a.height_width(4, "pad", 0),
                                     .nobias = a.flag(5, "nobias"),
                                     .outsize = a.height_width(6, "outsize"),
                                     .initialW = initializer_of(a.find(7, "initialW")),
                                     .initial_bias = initializer_of(a.find(8, "initial_bias")),
                                     .dilate = a.height_width(9, "dilate", 1),
                                     .groups = a.integer(10, "groups", 1)}));
  };
  m["DepthwiseConvolution2D"] = [](Arguments& a) {
    return of_x(nn::DepthwiseConvolution2D(
        size_of(a.literal(0, "in_channels")), a.integer(1, "channel_multiplier", 0),
        a.height_width(2, "ksize", 0),
        {.stride = a.height_width(3, "stride", 1),
         .pad = a.height_width(4, "pad", 0),
         .nobias = a.flag(5, "nobias"),
         .initialW = initializer_of(a.find(6, "initialW")),
         .initial_bias = initializer_of(a.find(7, "initial_bias"))}));
  };
  m["DilatedConvolution2D"] = [](Arguments& a) {
    const Channels c = channels(a, 0);
    return of_x(
        nn::DilatedConvolution2D(c.in, c.out, *c.ksize.height_width(),
                                 {.stride = a.height_width(3, "stride", 1),
                                  .pad = a.height_width(4, "pad", 0),
                                  .dilate = a.height_width(5, "dilate", 1),
                                  .nobias = a.flag(6, "nobias"),
                                  .initialW = initializer_of(a.find(7, "initialW")),
                                  .initial_bias = initializer_of(a.find(8, "initial_bias"))}));
  };
  m["LocalConvolution2D"] = [](Arguments& a) {
    return of_x(nn::LocalConvolution2D(
        size_of(a.literal(0, "in_channels")), a.integer(1, "out_channels", 0),
        a.height_width(2, "in_size"), a.height_width(3, "ksize", 0),
        {.stride = a.height_width(4, "stride", 1),
         .nobias = a.flag(5, "nobias"),
         .initialW = initializer_of(a.find(6, "initialW")),
         .initial_bias = initializer_of(a.find(7, "initial_bias"))}));
  };
  m["DeformableConvolution2D"] = [](Arguments& a) {
    return of_x(nn::DeformableConvolution2D(
        size_of(a.literal(0, "in_channels")), a.integer(1, "out_channels", 0),
        a.height_width(2, "ksize", 0),
        {.stride = a.height_width(3, "stride", 1),
         .pad = a.height_width(4, "pad", 0),
         .offset_nobias = a.flag(5, "offset_nobias"),
         .offset_initialW = initializer_of(a.find(6, "offset_initialW")),
         .offset_initial_bias = initializer_of(a.find(7, "offset_initial_bias")),
         .deform_nobias = a.flag(8, "deform_nobias"),
         .deform_initialW = initializer_of(a.find(9, "deform_initialW")),
         .deform_initial_bias = initializer_of(a.find(10, "deform_initial_bias"))}));
  };
  add_of_any_axes<nn::ConvolutionND, nn::ConvolutionNDOptions>(m, "ConvolutionND");
  add_of_axes<nn::Convolution1D, nn::ConvolutionNDOptions>(m, "Convolution1D");
  add_of_axes<nn::Convolution3D, nn::ConvolutionNDOptions>(m, "Convolution3D");
  add_of_any_axes<nn::DeconvolutionND, nn::DeconvolutionNDOptions>(m, "DeconvolutionND");
  add_of_axes<nn::Deconvolution1D, nn::DeconvolutionNDOptions>(m, "Deconvolution1D");
  add_of_axes<nn::Deconvolution3D, nn::DeconvolutionNDOptions>(m, "Deconvolution3D");
}

}  // namespace golden
