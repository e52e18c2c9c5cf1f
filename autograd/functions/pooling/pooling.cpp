#include "autograd/functions/pooling/pooling.h"

#include <fmt/format.h>

#include <tuple>

#include "autograd/array/index.h"
#include "autograd/array/pooling.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/support/windows.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

using array::PoolWindow;

// `size` is that of the result.
Attributes attributes_of(const PoolWindow& w, HeightWidth size) {
  return {{"ksize", w.ksize}, {"stride", w.stride}, {"pad", w.pad}, {"outsize", size}};
}

// The sum over windows, and its adjoint, are each other's derivative.
template <bool kSum>
class WindowSum final : public FunctionNode {
 public:
  // `size` is that of the result.
  WindowSum(const FunctionName& named, bool is_gradient, const PoolWindow& window, HeightWidth size,
            double scale)
      : named_(named), is_gradient_(is_gradient), window_(window), size_(size), scale_(scale) {}

 private:
  std::string_view name() const override { return named_.name; }
  std::string label() const override {
    return fmt::format("{}{}", named_.label, is_gradient_ ? "Grad" : "");
  }
  Attributes attributes() const override {
    Attributes all = attributes_of(window_, size_);
    all.add({"scale", scale_});
    return all;
  }
  Array forward(const Inputs& x) override {
    return kSum ? array::window_sum(x[0], window_, size_, scale_)
                : array::window_spread(x[0], window_, size_, scale_);
  }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<WindowSum<!kSum>>({gy}, named_, !is_gradient_, window_,
                                              height_width(input_shape(0)), scale_)};
  }

  FunctionName named_;
  bool is_gradient_;
  PoolWindow window_;
  HeightWidth size_;
  double scale_;
};

// So are picking a place of each window, and putting something there.
template <bool kPick>
class WindowPlace final : public FunctionNode {
 public:
  WindowPlace(const FunctionName& named, bool is_gradient, const PoolWindow& window,
              Kept<Array> place, HeightWidth size)
      : named_(named),
        is_gradient_(is_gradient),
        window_(window),
        place_(std::move(place)),
        size_(size) {}

 private:
  std::string_view name() const override { return named_.name; }
  std::string label() const override {
    return fmt::format("{}{}", named_.label, is_gradient_ ? "Grad" : "");
  }
  Attributes attributes() const override { return attributes_of(window_, size_); }
  Array forward(const Inputs& x) override {
    const Array& place = place_.get(named_.name);
    return kPick ? array::window_pick(x[0], place, window_)
                 : array::window_put(x[0], place, window_, size_);
  }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<WindowPlace<!kPick>>({gy}, named_, !is_gradient_, window_, place_,
                                                 height_width(input_shape(0)))};
  }

  FunctionName named_;
  bool is_gradient_;
  PoolWindow window_;
  Kept<Array> place_;
  HeightWidth size_;
};

Kept<Array> kept(const Array& place) { return {"indices", place}; }

constexpr FunctionName kMax{"max_pooling_2d", "MaxPoolingND"};
constexpr FunctionName kAverage{"average_pooling_2d", "AveragePooling2D"};
constexpr FunctionName kUnpooling{"unpooling_2d", "Unpooling2D"};
constexpr FunctionName kUpsampling{"upsampling_2d", "Upsampling2D"};

class MaxPooling2D final : public FunctionNode {
 public:
  MaxPooling2D(const PoolWindow& window, HeightWidth out) : window_(window), out_(out) {}
  const Array& place() const { return place_; }

 private:
  std::string_view name() const override { return kMax.name; }
  std::string label() const override { return std::string(kMax.label); }
  Attributes attributes() const override { return attributes_of(window_, out_); }
  Array forward(const Inputs& x) override {
    array::WindowMax pooled = array::window_max(x[0], window_, out_);
    place_ = pooled.place;
    return pooled.y;
  }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<WindowPlace<false>>({gy}, kMax, true, window_, kept(place_),
                                                height_width(input_shape(0)))};
  }

  PoolWindow window_;
  HeightWidth out_;
  Array place_;
};

Shape both(HeightWidth lengths) { return {lengths.height, lengths.width}; }

// Checks what all functions here are given.
PoolWindow checked_window(std::string_view op, const Variable& x, HeightWidth ksize,
                          const std::optional<HeightWidth>& stride, HeightWidth pad) {
  Check(op, {{"x", x}}).floats().ndim(4);
  const PoolWindow w{ksize, stride.value_or(ksize), pad};
  for (const auto& [k, s, p] : {std::tuple{w.ksize.height, w.stride.height, w.pad.height},
                                std::tuple{w.ksize.width, w.stride.width, w.pad.width}})
    if (k < 1 || s < 1 || p < 0)
      throw Error(
          fmt::format("{}: ksize and stride must be at least 1 and pad at least 0, but they are "
                      "{}, {} and {}",
                      op, k, s, p));
  check_windows(op, "ksize", both(w.ksize), 1);
  check_windows(op, "stride", both(w.stride), 1);
  check_windows(op, "pad", both(w.pad), 0);
  return w;
}

// The same for functions that count the places of a window.
PoolWindow checked_places(std::string_view op, const Variable& x, HeightWidth ksize,
                          const std::optional<HeightWidth>& stride, HeightWidth pad) {
  const PoolWindow w = checked_window(op, x, ksize, stride, pad);
  if (ksize.height * ksize.width > Windows::kMost)
    throw Error(fmt::format("{}: a window must have at most {} places, but ksize is {} x {}", op,
                            Windows::kMost, ksize.height, ksize.width));
  return w;
}

// How many windows an image of that size has, along both axes.
HeightWidth windows_of(HeightWidth size, const PoolWindow& w, bool cover_all) {
  return {Windows{size.height, w.ksize.height, w.stride.height, w.pad.height}.count(cover_all),
          Windows{size.width, w.ksize.width, w.stride.width, w.pad.width}.count(cover_all)};
}

HeightWidth pooled_size(std::string_view op, const Variable& x, const PoolWindow& w,
                        bool cover_all) {
  const HeightWidth out = windows_of(height_width(x.shape()), w, cover_all);
  if (out.height < 1 || out.width < 1)
    Check(op, {{"x", x}})
        .fail(fmt::format("a window of {} x {} must fit into the image with its padding",
                          w.ksize.height, w.ksize.width));
  return out;
}

HeightWidth unpooled_size(std::string_view op, const Variable& x, const PoolWindow& w,
                          const Unpooling2DOptions& options) {
  const HeightWidth windows = height_width(x.shape());
  if (options.outsize) {
    check_windows(op, "outsize", both(*options.outsize), 0);
    if (!(windows_of(*options.outsize, w, options.cover_all) == windows))
      Check(op, {{"x", x}})
          .fail(fmt::format("outsize must be the size of an image that has as many windows as x "
                            "has pixels, unlike {} x {}",
                            options.outsize->height, options.outsize->width));
    return *options.outsize;
  }
  const auto length = [&](std::int64_t n, std::int64_t k, std::int64_t stride, std::int64_t pad) {
    return Windows::covered(n, k, stride, pad, 1) - (options.cover_all ? stride - 1 : 0);
  };
  const HeightWidth size{length(windows.height, w.ksize.height, w.stride.height, w.pad.height),
                         length(windows.width, w.ksize.width, w.stride.width, w.pad.width)};
  if (size.height < 0 || size.width < 0)
    Check(op, {{"x", x}})
        .fail(fmt::format("the result must not have a negative size, and it would be {} x {}",
                          size.height, size.width));
  return size;
}

// The indices as the kernels take them.
Array checked_indices(const Variable& x, const Array& indices, const PoolWindow& w) {
  Check(kUpsampling.name, {{"x", x}, {"indices", indices}})
      .that(is_integer(indices.dtype()), "the indices must be integers")
      .same_shape();
  const std::int64_t places = w.ksize.height * w.ksize.width;
  const array::PositionRange found = array::position_range(indices.astype(Dtype::int64));
  if (found.count > 0 && (found.least < 0 || found.greatest >= places))
    throw Error(fmt::format("{}: each index must lie in [0, {}), but one is {}", kUpsampling.name,
                            places, found.least < 0 ? found.least : found.greatest));
  return indices.astype(Dtype::int32);
}

}  // namespace

PooledWithIndices max_pooling_2d_with_indices(const Variable& x, HeightWidth ksize,
                                              const MaxPooling2DOptions& o) {
  const PoolWindow w = checked_places(kMax.name, x, ksize, o.stride, o.pad);
  const auto f = make_ref<MaxPooling2D>(w, pooled_size(kMax.name, x, w, o.cover_all));
  const Variable y = FunctionNode::call(f, {x})[0];
  return {y, f->place().astype(Dtype::int64)};
}

Variable max_pooling_2d(const Variable& x, HeightWidth ksize, const MaxPooling2DOptions& o) {
  const PoolWindow w = checked_places(kMax.name, x, ksize, o.stride, o.pad);
  return apply<MaxPooling2D>({x}, w, pooled_size(kMax.name, x, w, o.cover_all));
}

Variable average_pooling_2d(const Variable& x, HeightWidth ksize,
                            const AveragePooling2DOptions& o) {
  const PoolWindow w = checked_window(kAverage.name, x, ksize, o.stride, o.pad);
  return apply<WindowSum<true>>({x}, kAverage, false, w, pooled_size(kAverage.name, x, w, false),
                                1 / static_cast<double>(ksize.height * ksize.width));
}

Variable unpooling_2d(const Variable& x, HeightWidth ksize, const Unpooling2DOptions& o) {
  const PoolWindow w = checked_window(kUnpooling.name, x, ksize, o.stride, o.pad);
  return apply<WindowSum<false>>({x}, kUnpooling, false, w, unpooled_size(kUnpooling.name, x, w, o),
                                 1.0);
}

Variable upsampling_2d(const Variable& x, ArrayLike indices, HeightWidth ksize,
                       const Unpooling2DOptions& o) {
  const PoolWindow w = checked_places(kUpsampling.name, x, ksize, o.stride, o.pad);
  const HeightWidth size = unpooled_size(kUpsampling.name, x, w, o);
  return apply<WindowPlace<false>>({x}, kUpsampling, false, w,
                                   kept(checked_indices(x, indices.array(), w)), size);
}

Variable spatial_pyramid_pooling_2d(const Variable& x, int pyramid_height) {
  Check("spatial_pyramid_pooling_2d", {{"x", x}})
      .floats()
      .ndim(4)
      .that(x.length(2) > 0 && x.length(3) > 0, "the images must not be empty");
  if (pyramid_height < 1 || pyramid_height > 30)
    throw Error(
        fmt::format("spatial_pyramid_pooling_2d: pyramid_height must be in [1, 30], but it "
                    "is {}",
                    pyramid_height));
  Variables levels;
  for (int level = 0; level < pyramid_height; ++level) {
    const std::int64_t parts = std::int64_t{1} << level;
    const auto window = [&](std::int64_t length) { return (length + parts - 1) / parts; };
    const HeightWidth ksize{window(x.length(2)), window(x.length(3))};
    const HeightWidth pad{(ksize.height * parts - x.length(2)) / 2,
                          (ksize.width * parts - x.length(3)) / 2};
    const Variable y = max_pooling_2d(x, ksize, {.pad = pad});
    levels.push_back(reshape(y, {x.length(0), y.shape().slice(1, 4).elements(), 1, 1}));
  }
  return concat(levels, 1);
}

}  // namespace autograd::inline functions
