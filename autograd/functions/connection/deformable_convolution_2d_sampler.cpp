#include "autograd/functions/connection/deformable_convolution_2d_sampler.h"

#include "autograd/array/arithmetic.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/pad.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/support/bilinear.h"
#include "autograd/functions/support/convolution_checks.h"
#include "autograd/functions/support/windows.h"

namespace autograd::inline functions {
namespace {

// Where the places of a filter are without offsets, (places, out_h, out_w): along the axis of the
// height or of the width.
Array places(const Shape& W, const Shape& offset, HeightWidth stride, bool of_height, Dtype dtype) {
  const std::int64_t kh = W[2], kw = W[3], out_h = offset[2], out_w = offset[3];
  const Array within = of_height ? Array::arange(kh).reshape({kh, 1, 1, 1})
                                 : Array::arange(kw).reshape({1, kw, 1, 1});
  const Array filters = of_height ? Array::arange(out_h).reshape({1, 1, out_h, 1}) * stride.height
                                  : Array::arange(out_w).reshape({1, 1, 1, out_w}) * stride.width;
  return (within + filters)
      .broadcast_to({kh, kw, out_h, out_w})
      .reshape({kh * kw, out_h, out_w})
      .astype(dtype);
}

}  // namespace

Variable deformable_convolution_2d_sampler(const Variable& x, const Variable& offset,
                                           const Variable& W, const Variable& b,
                                           const DeformableConvolution2DSamplerOptions& o) {
  constexpr std::string_view op = "deformable_convolution_2d_sampler";
  Check(op, {{"x", x}, {"offset", offset}, {"W", W}})
      .floats()
      .ndim(4)
      .that(x.length(1) == W.length(1), "x.shape[1] must equal W.shape[1]")
      .that(offset.length(0) == x.length(0), "there must be offsets for each image")
      .that(offset.length(1) == length_product(op, 2, length_product(op, W.length(2), W.length(3))),
            "offset.shape[1] must be 2 W.shape[2] W.shape[3]");
  check_windows(op, "stride", {o.stride.height, o.stride.width}, 1);
  check_windows(op, "pad", {o.pad.height, o.pad.width}, 0);
  if (b) check_convolution_bias(op, W, b, W.length(0));

  const std::int64_t n = x.length(0), k = W.length(2) * W.length(3), out_h = offset.length(2),
                     out_w = offset.length(3);
  const Variable padded =
      pad(x, {{0, 0}, {0, 0}, {o.pad.height, o.pad.height}, {o.pad.width, o.pad.width}});
  const Variables moved = split_axis(offset, 2, 1);
  const auto pixels = [&](std::size_t i, bool of_height) {
    return moved[i] + places(W.shape(), offset.shape(), o.stride, of_height, x.dtype());
  };
  const Variable samples =
      bilinear_samples(padded, pixels(0, false), pixels(1, true));  // (N, C, k, out_h, out_w)
  const Variable rows =
      reshape(transpose(samples, {0, 3, 4, 1, 2}), {n * out_h * out_w, x.length(1) * k});
  const Variable y = linear(rows, reshape(W, {W.length(0), x.length(1) * k}), b);
  return transpose(reshape(y, {n, out_h, out_w, W.length(0)}), {0, 3, 1, 2});
}

}  // namespace autograd::inline functions
