#include "autograd/functions/connection/convolution_nd.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/images.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/connection/convolution.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/einsum.h"
#include "autograd/functions/support/convolution_checks.h"
#include "autograd/functions/support/windows.h"

namespace autograd::inline functions {
namespace {

Shape join(Shape front, const Shape& lengths) {
  for (const std::int64_t length : lengths) front.push_back(length);
  return front;
}
Shape lengths_of(const Variable& x) { return x.shape().slice(2, x.ndim()); }
Shape rest(const Shape& lengths) { return lengths.slice(1, lengths.ndim()); }
FilterPlacement rest(const FilterPlacement& f) {
  return {rest(f.stride), rest(f.pad), rest(f.dilate), f.groups};
}
HeightWidth pair(const Shape& lengths) { return {lengths[0], lengths[1]}; }

// A length along the height and the width of images whose height is the first axis, and whose width
// is all others together.
HeightWidth first(const Shape& lengths, std::int64_t otherwise) { return {lengths[0], otherwise}; }

// A sequence is an image of height 1.
Variable as_image(const Variable& x) { return expand_dims(x, 2); }
FilterPlacement as_image(FilterPlacement f) {
  f.stride.insert(0, 1);
  f.pad.insert(0, 0);
  f.dilate.insert(0, 1);
  return f;
}

// (N, C, d, lengths...) as (N d, C, lengths...), and back.
Variable first_axis_to_batch(const Variable& x) {
  const Shape lengths = lengths_of(x);
  return reshape(swapaxes(x, 1, 2), join({x.length(0) * lengths[0], x.length(1)}, rest(lengths)));
}
Variable first_axis_from_batch(const Variable& x, std::int64_t d) {
  return swapaxes(reshape(x, join({x.length(0) / d, d, x.length(1)}, lengths_of(x))), 1, 2);
}

// The first axis of the filters goes into their channels.
Variable first_axis_to_channels(const Variable& W) {
  const Shape lengths = lengths_of(W);
  return reshape(W, join({W.length(0), W.length(1) * lengths[0]}, rest(lengths)));
}

Array unit_matrix(std::int64_t n, Dtype dtype) {
  const Array places = Array::arange(n);
  return array::equal(places, places.expand_dims(1)).astype(dtype);
}

// The arguments of both have been checked; `out` are the lengths of the result.
Variable convolve(const Variable& x, const Variable& W, const Variable& b, const FilterPlacement& f,
                  bool cover_all, const Shape& out) {
  if (out.ndim() == 1) {
    const Variable y = convolve(as_image(x), as_image(W), b, as_image(f), cover_all, {1, out[0]});
    return squeeze(y, 2);
  }
  if (out.ndim() == 2)
    return convolution_2d(x, W, b,
                          {.stride = pair(f.stride),
                           .pad = pair(f.pad),
                           .cover_all = cover_all,
                           .dilate = pair(f.dilate),
                           .groups = f.groups});
  // Each pixel along the first axis of a filter sees a channel of its own.
  const Shape lengths = lengths_of(x);
  const std::int64_t n = x.length(0), plane = rest(lengths).elements();
  const Variable columns = im2col(reshape(x, {n, x.length(1), lengths[0], plane}), {W.length(2), 1},
                                  {.stride = first(f.stride, 1),
                                   .pad = first(f.pad, 0),
                                   .cover_all = cover_all,
                                   .dilate = first(f.dilate, 1)});
  const Variable images =
      first_axis_to_batch(reshape(columns, join({n, columns.length(1), out[0]}, rest(lengths))));
  return first_axis_from_batch(
      convolve(images, first_axis_to_channels(W), b, rest(f), cover_all, rest(out)), out[0]);
}

Variable deconvolve(const Variable& x, const Variable& W, const Variable& b,
                    const FilterPlacement& f, const Shape& out) {
  if (out.ndim() == 1) {
    const Variable y = deconvolve(as_image(x), as_image(W), b, as_image(f), {1, out[0]});
    return squeeze(y, 2);
  }
  if (out.ndim() == 2)
    return deconvolution_2d(x, W, b,
                            {.stride = pair(f.stride),
                             .pad = pair(f.pad),
                             .outsize = pair(out),
                             .dilate = pair(f.dilate),
                             .groups = f.groups});
  // The same way back: first the channels are spread along the other axes, then each goes to its
  // place along the first one. The latter is a deconvolution of each group of `k` channels, whose
  // filters are the unit vectors.
  const std::int64_t n = x.length(0), k = W.length(2), plane = rest(out).elements();
  const Variable columns = first_axis_from_batch(
      deconvolve(first_axis_to_batch(x), first_axis_to_channels(W), {}, rest(f), rest(out)),
      x.length(2));
  const std::int64_t channels = columns.length(1) / k;
  const Array units =
      unit_matrix(k, x.dtype()).broadcast_to({channels, k, k}).reshape({channels * k, 1, k, 1});
  const Variable y =
      deconvolution_2d(reshape(columns, {n, channels * k, x.length(2), plane}), units, b,
                       {.stride = first(f.stride, 1),
                        .pad = first(f.pad, 0),
                        .outsize = HeightWidth(out[0], plane),
                        .dilate = first(f.dilate, 1),
                        .groups = channels});
  return reshape(y, join({n, channels}, out));
}

// The number of axes that the images x have; of them there must be `wanted`, or any number if 0.
int axes_of(std::string_view op, const Variable& x, int wanted) {
  if (wanted > 0) Check(op, {{"x", x}}).ndim(wanted + 2);
  Check(op, {{"x", x}}).that(x.ndim() >= 3, "x must have at least 3 axes");
  return x.ndim() - 2;
}

FilterPlacement placement_of(std::string_view op, int axes, const PerAxis& stride,
                             const PerAxis& pad, const PerAxis& dilate, std::int64_t groups) {
  return {stride.along(axes, op, "stride"), pad.along(axes, op, "pad"),
          dilate.along(axes, op, "dilate"), groups};
}

Variable convolution(std::string_view op, int wanted, const Variable& x, const Variable& W,
                     const Variable& b, const ConvolutionNDOptions& o) {
  const FilterPlacement f =
      placement_of(op, axes_of(op, x, wanted), o.stride, o.pad, o.dilate, o.groups);
  return convolve(x, W, b, f, o.cover_all, checked_convolution(op, x, W, b, f, o.cover_all));
}

Variable deconvolution(std::string_view op, int wanted, const Variable& x, const Variable& W,
                       const Variable& b, const DeconvolutionNDOptions& o) {
  const int axes = axes_of(op, x, wanted);
  const FilterPlacement f = placement_of(op, axes, o.stride, o.pad, o.dilate, o.groups);
  std::optional<Shape> outsize;
  if (o.outsize) outsize = o.outsize->along(axes, op, "outsize");
  return deconvolve(x, W, b, f, checked_deconvolution(op, x, W, b, f, outsize));
}

}  // namespace

Variable convolution_nd(const Variable& x, const Variable& W, const Variable& b,
                        const ConvolutionNDOptions& options) {
  return convolution("convolution_nd", 0, x, W, b, options);
}
Variable convolution_1d(const Variable& x, const Variable& W, const Variable& b,
                        const ConvolutionNDOptions& options) {
  return convolution("convolution_1d", 1, x, W, b, options);
}
Variable convolution_3d(const Variable& x, const Variable& W, const Variable& b,
                        const ConvolutionNDOptions& options) {
  return convolution("convolution_3d", 3, x, W, b, options);
}

Variable deconvolution_nd(const Variable& x, const Variable& W, const Variable& b,
                          const DeconvolutionNDOptions& options) {
  return deconvolution("deconvolution_nd", 0, x, W, b, options);
}
Variable deconvolution_1d(const Variable& x, const Variable& W, const Variable& b,
                          const DeconvolutionNDOptions& options) {
  return deconvolution("deconvolution_1d", 1, x, W, b, options);
}
Variable deconvolution_3d(const Variable& x, const Variable& W, const Variable& b,
                          const DeconvolutionNDOptions& options) {
  return deconvolution("deconvolution_3d", 3, x, W, b, options);
}

Variable local_convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                              HeightWidth stride) {
  constexpr std::string_view op = "local_convolution_2d";
  Check(op, {{"x", x}, {"W", W}}).floats();
  Check(op, {{"x", x}}).ndim(4);
  Check(op, {{"W", W}}).ndim(6);
  Check(op, {{"x", x}, {"W", W}})
      .that(x.length(1) == W.length(3), "x.shape[1] must equal W.shape[3]");
  check_windows(op, "stride", {stride.height, stride.width}, 1);
  check_windows(op, "a filter's length", W.shape().slice(4, 6), 0);
  const HeightWidth out{W.length(1), W.length(2)}, ksize{W.length(4), W.length(5)};
  Check(op, {{"x", x}, {"W", W}})
      .that(ksize.height > 0 && ksize.width > 0 &&
                Windows{x.length(2), ksize.height, stride.height, 0}.count(false) >= out.height &&
                Windows{x.length(3), ksize.width, stride.width, 0}.count(false) >= out.width,
            "x must have an output position for each of the W.shape[1] x W.shape[2] filters");
  if (b && (b.dtype() != W.dtype() || b.shape() != W.shape().slice(0, 3)))
    Check(op, {{"W", W}, {"b", b}}).fail("b must have W's dtype and the shape W.shape[:3]");
  const Slice all;
  const Variable columns = get_item(im2col(x, ksize, {.stride = stride}),
                                    {all, all, Slice(0, out.height), Slice(0, out.width)});
  const Variable filters =
      reshape(W, {W.length(0), out.height, out.width, W.length(3) * ksize.height * ksize.width});
  const Variable y = einsum("nkhw,ohwk->nohw", columns, filters);
  return b ? y + b : y;
}

}  // namespace autograd::inline functions
