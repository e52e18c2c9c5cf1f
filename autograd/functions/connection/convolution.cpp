#include "autograd/functions/connection/convolution.h"

#include "autograd/array/convolution.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/convolution_checks.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

using array::Window;

// Each of the three maps that belong to a convolution is linear in both its inputs, and its
// derivatives are the other two. `x` are always the images, `y` the maps: what a deconvolution is
// given is a y, and it gives an x.
Variable to_maps(const Variable& x, const Variable& W, const Variable& b, const Window& window,
                 HeightWidth out);
Variable to_images(const Variable& y, const Variable& W, const Variable& b, const Window& window,
                   HeightWidth size);
Variable to_filters(const Variable& x, const Variable& y, const Window& window, HeightWidth ksize);

Variable sum_of_channels(const Variable& gy) { return sum(gy, {0, 2, 3}); }
Array bias(const Inputs& inputs) { return inputs.size() == 3 ? inputs[2] : Array(); }

// `size` is that of the result, and how it is called.
Attributes attributes_of(const Window& w, std::string_view name, HeightWidth size) {
  return {{"stride", w.stride},
          {"pad", w.pad},
          {"dilate", w.dilate},
          {"groups", w.groups},
          {name, size}};
}

class Convolution2D final : public FunctionNode {
 public:
  Convolution2D(const Window& window, HeightWidth out) : window_(window), out_(out) {}

 private:
  std::string_view name() const override { return "convolution_2d"; }
  std::string label() const override { return "Convolution2DFunction"; }
  Attributes attributes() const override { return attributes_of(window_, "outsize", out_); }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    return array::convolve(x[0], x[1], bias(x), window_, out_);
  }
  Grads backward(const Variable& gy) override {
    const auto gx = [&] {
      return to_images(gy, retained_input(1), {}, window_, height_width(input_shape(0)));
    };
    const auto gW = [&] {
      return to_filters(retained_input(0), gy, window_, height_width(input_shape(1)));
    };
    const auto gb = [&] { return sum_of_channels(gy); };
    return inputs().size() == 3 ? when_needed(gx, gW, gb) : when_needed(gx, gW);
  }

  Window window_;
  HeightWidth out_;
};

class Deconvolution2D final : public FunctionNode {
 public:
  Deconvolution2D(const Window& window, HeightWidth size) : window_(window), size_(size) {}

 private:
  std::string_view name() const override { return "deconvolution_2d"; }
  std::string label() const override { return "Deconvolution2DFunction"; }
  Attributes attributes() const override { return attributes_of(window_, "outsize", size_); }
  Array forward(const Inputs& y) override {
    retain_inputs({0, 1});
    return array::convolve_back(y[0], y[1], bias(y), window_, size_);
  }
  Grads backward(const Variable& gx) override {
    const auto gy = [&] {
      return to_maps(gx, retained_input(1), {}, window_, height_width(input_shape(0)));
    };
    const auto gW = [&] {
      return to_filters(gx, retained_input(0), window_, height_width(input_shape(1)));
    };
    const auto gb = [&] { return sum_of_channels(gx); };
    return inputs().size() == 3 ? when_needed(gy, gW, gb) : when_needed(gy, gW);
  }

  Window window_;
  HeightWidth size_;
};

class Convolution2DGradW final : public FunctionNode {
 public:
  Convolution2DGradW(const Window& window, HeightWidth ksize) : window_(window), ksize_(ksize) {}

 private:
  std::string_view name() const override { return "convolution_2d_grad_w"; }
  std::string label() const override { return "Convolution2DGradW"; }
  Attributes attributes() const override { return attributes_of(window_, "ksize", ksize_); }
  Array forward(const Inputs& inputs) override {
    retain_inputs({0, 1});
    return array::convolve_filters(inputs[0], inputs[1], window_, ksize_);
  }
  Grads backward(const Variable& gW) override {
    return when_needed(
        [&] { return to_images(retained_input(1), gW, {}, window_, height_width(input_shape(0))); },
        [&] { return to_maps(retained_input(0), gW, {}, window_, height_width(input_shape(1))); });
  }

  Window window_;
  HeightWidth ksize_;
};

Variable to_maps(const Variable& x, const Variable& W, const Variable& b, const Window& window,
                 HeightWidth out) {
  return b ? apply<Convolution2D>({x, W, b}, window, out)
           : apply<Convolution2D>({x, W}, window, out);
}
Variable to_images(const Variable& y, const Variable& W, const Variable& b, const Window& window,
                   HeightWidth size) {
  return b ? apply<Deconvolution2D>({y, W, b}, window, size)
           : apply<Deconvolution2D>({y, W}, window, size);
}
Variable to_filters(const Variable& x, const Variable& y, const Window& window, HeightWidth ksize) {
  return apply<Convolution2DGradW>({x, y}, window, ksize);
}

Shape both(HeightWidth lengths) { return {lengths.height, lengths.width}; }
FilterPlacement placement_of(const Window& w) {
  return {both(w.stride), both(w.pad), both(w.dilate), w.groups};
}

Variable convolve(std::string_view op, const Variable& x, const Variable& W, const Variable& b,
                  const Window& window, bool cover_all) {
  const Shape out = checked_convolution(op, x, W, b, placement_of(window), cover_all);
  return to_maps(x, W, b, window, {out[0], out[1]});
}

}  // namespace

Variable convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                        const Convolution2DOptions& o) {
  return convolve("convolution_2d", x, W, b, {o.stride, o.pad, o.dilate, o.groups}, o.cover_all);
}

Variable deconvolution_2d(const Variable& x, const Variable& W, const Variable& b,
                          const Deconvolution2DOptions& o) {
  const Window window{o.stride, o.pad, o.dilate, o.groups};
  std::optional<Shape> outsize;
  if (o.outsize) outsize = both(*o.outsize);
  const Shape size =
      checked_deconvolution("deconvolution_2d", x, W, b, placement_of(window), outsize);
  return to_images(x, W, b, window, {size[0], size[1]});
}

Variable depthwise_convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                                  const DepthwiseConvolution2DOptions& o) {
  constexpr std::string_view op = "depthwise_convolution_2d";
  Check(op, {{"x", x}, {"W", W}})
      .floats()
      .ndim(4)
      .that(x.length(1) == W.length(1), "x.shape[1] must equal W.shape[1]");
  const std::int64_t multiplier = W.length(0), channels = W.length(1);
  Check(op, {{"x", x}, {"W", W}}).that(channels > 0, "there must be at least one channel");
  check_convolution_bias(op, W, b, multiplier * channels);
  const Variable filters =
      reshape(transpose(W, {1, 0, 2, 3}), {multiplier * channels, 1, W.length(2), W.length(3)});
  return convolve(op, x, filters, b, {o.stride, o.pad, 1, channels}, false);
}

Variable dilated_convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                                const DilatedConvolution2DOptions& o) {
  return convolve("dilated_convolution_2d", x, W, b, {o.stride, o.pad, o.dilate, 1}, o.cover_all);
}

}  // namespace autograd::inline functions
