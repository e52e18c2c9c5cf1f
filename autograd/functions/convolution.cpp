#include "autograd/functions/convolution.h"

#include <fmt/format.h>

#include "autograd/array/convolution.h"
#include "autograd/base/check.h"
#include "autograd/functions/manipulation.h"
#include "autograd/functions/reduction.h"
#include "autograd/functions/windows.h"

namespace autograd {
namespace {

using array::Window;

HeightWidth size_of(const Shape& images) { return {images[2], images[3]}; }

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

class Convolution2D final : public FunctionNode {
 public:
  Convolution2D(const Window& window, HeightWidth out) : window_(window), out_(out) {}

 private:
  std::string_view name() const override { return "convolution_2d"; }
  std::string label() const override { return "Convolution2DFunction"; }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    return array::convolve(x[0], x[1], bias(x), window_, out_);
  }
  Grads backward(const Variable& gy) override {
    const auto gx = [&] {
      return to_images(gy, retained_input(1), {}, window_, size_of(input_shape(0)));
    };
    const auto gW = [&] {
      return to_filters(retained_input(0), gy, window_, size_of(input_shape(1)));
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
  Array forward(const Inputs& y) override {
    retain_inputs({0, 1});
    return array::convolve_back(y[0], y[1], bias(y), window_, size_);
  }
  Grads backward(const Variable& gx) override {
    const auto gy = [&] {
      return to_maps(gx, retained_input(1), {}, window_, size_of(input_shape(0)));
    };
    const auto gW = [&] {
      return to_filters(gx, retained_input(0), window_, size_of(input_shape(1)));
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
  Array forward(const Inputs& inputs) override {
    retain_inputs({0, 1});
    return array::convolve_filters(inputs[0], inputs[1], window_, ksize_);
  }
  Grads backward(const Variable& gW) override {
    return when_needed(
        [&] { return to_images(retained_input(1), gW, {}, window_, size_of(input_shape(0))); },
        [&] { return to_maps(retained_input(0), gW, {}, window_, size_of(input_shape(1))); });
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

void check_inputs(std::string_view op, const Variable& x, const Variable& W, const Window& window) {
  Check(op, {{"x", x}, {"W", W}}).floats().ndim(4);
  const auto [stride, pad, dilate, groups] = window;
  if (stride.height < 1 || stride.width < 1)
    throw Error(fmt::format("{}: stride must be at least 1, but it is ({}, {})", op, stride.height,
                            stride.width));
  if (pad.height < 0 || pad.width < 0)
    throw Error(
        fmt::format("{}: pad must not be negative, but it is ({}, {})", op, pad.height, pad.width));
  if (dilate.height < 1 || dilate.width < 1)
    throw Error(fmt::format("{}: dilate must be at least 1, but it is ({}, {})", op, dilate.height,
                            dilate.width));
  if (groups < 1)
    throw Error(fmt::format("{}: groups must be at least 1, but it is {}", op, groups));
  Check(op, {{"x", x}, {"W", W}})
      .that(W.length(2) > 0 && W.length(3) > 0, "the filters must not be empty");
}

void check_bias(std::string_view op, const Variable& W, const Variable& b, std::int64_t channels) {
  if (!b) return;
  Check(op, {{"W", W}, {"b", b}}).floats();
  if (b.ndim() != 1 || b.length(0) != channels)
    Check(op, {{"W", W}, {"b", b}}).fail(fmt::format("b must be ({})", channels));
}

// The filters' places on an image of `size`, along the axis 2 or 3.
Windows along(int axis, HeightWidth size, const Variable& W, const Window& window) {
  return axis == 2 ? Windows{size.height, W.length(2), window.stride.height, window.pad.height,
                             window.dilate.height}
                   : Windows{size.width, W.length(3), window.stride.width, window.pad.width,
                             window.dilate.width};
}

Variable convolve(std::string_view op, const Variable& x, const Variable& W, const Variable& b,
                  const Window& window, bool cover_all) {
  check_inputs(op, x, W, window);
  const std::int64_t groups = window.groups;
  if (x.length(1) % groups != 0 || W.length(0) % groups != 0)
    Check(op, {{"x", x}, {"W", W}})
        .fail(fmt::format("x.shape[1] and W.shape[0] must fall into {} groups", groups));
  if (x.length(1) != W.length(1) * groups)
    Check(op, {{"x", x}, {"W", W}})
        .fail(groups == 1
                  ? std::string("x.shape[1] must equal W.shape[1]")
                  : fmt::format("x.shape[1] must be W.shape[1] times the {} groups", groups));
  check_bias(op, W, b, W.length(0));
  std::int64_t out[2];
  for (int axis : {2, 3}) {
    const Windows places = along(axis, size_of(x.shape()), W, window);
    out[axis - 2] = places.count(cover_all);
    if (out[axis - 2] < 1)
      Check(op, {{"x", x}, {"W", W}})
          .fail(
              fmt::format("a filter of {} must fit into axis {} of x, which is {} with its padding",
                          places.reach(), axis, places.length + 2 * places.pad));
  }
  return to_maps(x, W, b, window, {out[0], out[1]});
}

}  // namespace

Variable convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                        const Convolution2DOptions& o) {
  return convolve("convolution_2d", x, W, b, {o.stride, o.pad, o.dilate, o.groups}, o.cover_all);
}

Variable deconvolution_2d(const Variable& x, const Variable& W, const Variable& b,
                          const Deconvolution2DOptions& o) {
  constexpr std::string_view op = "deconvolution_2d";
  const Window window{o.stride, o.pad, o.dilate, o.groups};
  check_inputs(op, x, W, window);
  Check(op, {{"x", x}, {"W", W}})
      .that(x.length(1) == W.length(0), "x.shape[1] must equal W.shape[0]");
  if (x.length(1) % o.groups != 0)
    Check(op, {{"x", x}, {"W", W}})
        .fail(fmt::format("x.shape[1] must fall into {} groups", o.groups));
  check_bias(op, W, b, W.length(1) * o.groups);
  std::int64_t size[2] = {};
  for (int axis : {2, 3}) {
    std::int64_t& length = size[axis - 2];
    Windows places = along(axis, {0, 0}, W, window);
    length =
        Windows::covered(x.length(axis), places.window, places.stride, places.pad, places.dilate);
    const std::int64_t smallest = length;
    if (o.outsize) length = axis == 2 ? o.outsize->height : o.outsize->width;
    places.length = length;
    if (length < 1 || x.length(axis) < 1)
      Check(op, {{"x", x}, {"W", W}})
          .fail(fmt::format("the result must have at least 1 pixel along axis {}, which {} is not",
                            axis, length));
    if (places.count(false) > x.length(axis) || places.count(true) < x.length(axis))
      Check(op, {{"x", x}, {"W", W}})
          .fail(fmt::format(
              "outsize along axis {} must be in [{}, {}], so that a convolution gives x.shape[{}] "
              "places again, which {} is not",
              axis, std::max<std::int64_t>(smallest - places.stride + 1, 1),
              smallest + places.stride - 1, axis, length));
  }
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
  Check(op, {{"x", x}, {"W", W}}).that(channels > 0, "there must be a channel");
  check_bias(op, W, b, multiplier * channels);
  const Variable filters =
      reshape(transpose(W, {1, 0, 2, 3}), {multiplier * channels, 1, W.length(2), W.length(3)});
  return convolve(op, x, filters, b, {o.stride, o.pad, 1, channels}, false);
}

Variable dilated_convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                                const DilatedConvolution2DOptions& o) {
  return convolve("dilated_convolution_2d", x, W, b, {o.stride, o.pad, o.dilate, 1}, o.cover_all);
}

}  // namespace autograd
