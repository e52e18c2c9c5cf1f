#include "autograd/array/convolution.h"

#include <fmt/format.h>

#include <atomic>
#include <limits>
#include <string_view>

#include "autograd/array/onednn.h"
#include "autograd/base/check.h"
#include "autograd/base/error.h"
#include "autograd/kernels/convolution/convolution.h"
#include "autograd/kernels/convolution/direct_convolution.h"
#include "autograd/machine/environment.h"

namespace autograd::array {
namespace {

kernels::Convolution sizes(const Shape& x, const Shape& y, HeightWidth ksize,
                           const Window& window) {
  return {.n = x[0],
          .c = x[1],
          .h = x[2],
          .w = x[3],
          .k = y[1],
          .kh = ksize.height,
          .kw = ksize.width,
          .oh = y[2],
          .ow = y[3],
          .sy = window.stride.height,
          .sx = window.stride.width,
          .py = window.pad.height,
          .px = window.pad.width,
          .dy = window.dilate.height,
          .dx = window.dilate.width,
          .groups = window.groups};
}

// Checks the shapes, because kernels do not: x (n, c, h, w), y (n, k, oh, ow), the filters W (k, c
// / groups, kh, kw), if given, and b with one number for each channel of `biased`.
void check(std::string_view op, const Array& images, const Array& others, HeightWidth ksize,
           const Window& w) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto fits = [](std::int64_t k, std::int64_t stride, std::int64_t pad, std::int64_t dilate) {
    return 1 <= k && k <= kMost && 1 <= stride && stride <= kMost && 0 <= pad && pad <= kMost &&
           1 <= dilate && dilate <= kMost;
  };
  Check(op, {{"the images", images}, {"the others", others}})
      .floats()
      .ndim(4)
      .that(fits(ksize.height, w.stride.height, w.pad.height, w.dilate.height) &&
                fits(ksize.width, w.stride.width, w.pad.width, w.dilate.width) && w.groups >= 1,
            "filters, strides, dilations and groups must be positive and pads not negative");
}
void check_bias(std::string_view op, const Array& W, const Array& b, std::int64_t channels) {
  if (b)
    Check(op, {{"W", W}, {"b", b}})
        .same_dtype()
        .that(b.size() == channels, "b must have a number for each channel");
}

HeightWidth last_two(const Array& a) { return {a.length(2), a.length(3)}; }

template <class T>
const T* data_or_null(const Array& a) {
  return a ? a.data<T>() : nullptr;
}

ConvolutionEngine engine_at_start() {
  constexpr const char* kVariable = "AUTOGRAD_CONVOLUTION";
  const std::string_view name = onednn::kBuilt ? environment_choice(kVariable, {"onednn", "gemm"})
                                               : environment_choice(kVariable, {"gemm"});
  return name == "onednn" ? ConvolutionEngine::onednn : ConvolutionEngine::gemm;
}

std::atomic<ConvolutionEngine>& engine_in_use() {
  static std::atomic<ConvolutionEngine> engine{engine_at_start()};
  return engine;
}

// Returns whether oneDNN is selected and `call` computed the result.
template <class Call>
bool by_onednn(const Array& x, const Call& call) {
  if constexpr (onednn::kBuilt)
    return x.dtype() == Dtype::float32 && convolution_engine() == ConvolutionEngine::onednn &&
           call();
  else
    return false;
}

// Returns whether `pays` says that direct computation is fastest and `call` computed the result.
// `call` gets a workspace of `size` elements. All three are templates on the dtype.
template <class Pays, class Size, class Call>
bool directly(Dtype dtype, const Pays& pays, const Size& size, const Call& call) {
  return visit_float(dtype, [&]<class T>(std::type_identity<T>) {
    if (!pays.template operator()<T>()) return false;
    Array workspace = Array::empty({size.template operator()<T>()}, dtype);
    call(workspace.mutable_data<T>());
    return true;
  });
}

}  // namespace

ConvolutionEngine convolution_engine() { return engine_in_use(); }

void set_convolution_engine(ConvolutionEngine engine) {
  if (engine == ConvolutionEngine::onednn && !onednn::kBuilt)
    throw Error(
        "set_convolution_engine: onednn requires a library built with oneDNN, but this one is not");
  engine_in_use() = engine;
}

Array convolve(const Array& x0, const Array& W0, const Array& b0, const Window& window,
               HeightWidth out) {
  Check("convolve", {{"x", x0}, {"W", W0}}).ndim(4);
  check("convolve", x0, W0, last_two(W0), window);
  Check("convolve", {{"x", x0}, {"W", W0}})
      .that(x0.length(1) % window.groups == 0 && W0.length(0) % window.groups == 0 &&
                x0.length(1) / window.groups == W0.length(1),
            "x.shape[1] must be groups * W.shape[1], and W.shape[0] divisible by groups");
  check_bias("convolve", W0, b0, W0.length(0));
  const Array x = x0.contiguous(), W = W0.contiguous(), b = b0 ? b0.contiguous() : b0;
  Array y = Array::empty({x.length(0), W.length(0), out.height, out.width}, x.dtype());
  const kernels::Convolution s = sizes(x.shape(), y.shape(), last_two(W), window);
  if (directly(
          x.dtype(), [&]<class T>() { return kernels::direct::convolve_pays<T>(s); },
          [&]<class T>() { return kernels::direct::convolve_workspace<T>(s); },
          [&]<class T>(T* workspace) {
            kernels::direct::convolve(s, x.data<T>(), W.data<T>(), data_or_null<T>(b),
                                      y.mutable_data<T>(), workspace);
          }))
    return y;
  if (by_onednn(
          x, [&]<class T = float>() {
            return onednn::convolve(s, x.data<T>(), W.data<T>(), data_or_null<T>(b),
                                    y.mutable_data<T>());
          }))
    return y;
  Array workspace = Array::empty({kernels::convolve_workspace(s)}, x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::convolve(s, x.data<T>(), W.data<T>(), data_or_null<T>(b), y.mutable_data<T>(),
                      workspace.mutable_data<T>());
  });
  return y;
}

Array convolve_back(const Array& y0, const Array& W0, const Array& b0, const Window& window,
                    HeightWidth size) {
  Check("convolve_back", {{"y", y0}, {"W", W0}}).ndim(4);
  check("convolve_back", y0, W0, last_two(W0), window);
  Check("convolve_back", {{"y", y0}, {"W", W0}})
      .that(y0.length(1) == W0.length(0) && W0.length(0) % window.groups == 0,
            "y.shape[1] must equal W.shape[0] and be divisible by groups");
  check_bias("convolve_back", W0, b0, W0.length(1) * window.groups);
  const Array y = y0.contiguous(), W = W0.contiguous(), b = b0 ? b0.contiguous() : b0;
  Array x =
      Array::empty({y.length(0), W.length(1) * window.groups, size.height, size.width}, y.dtype());
  const kernels::Convolution s = sizes(x.shape(), y.shape(), last_two(W), window);
  if (directly(
          x.dtype(), [&]<class T>() { return kernels::direct::convolve_back_pays<T>(s); },
          [&]<class T>() { return kernels::direct::convolve_back_workspace<T>(s); },
          [&]<class T>(T* workspace) {
            kernels::direct::convolve_back(s, y.data<T>(), W.data<T>(), data_or_null<T>(b),
                                           x.mutable_data<T>(), workspace);
          }))
    return x;
  if (by_onednn(
          y, [&]<class T = float>() {
            return onednn::convolve_back(s, y.data<T>(), W.data<T>(), data_or_null<T>(b),
                                         x.mutable_data<T>());
          }))
    return x;
  Array workspace = Array::empty({kernels::convolve_workspace(s)}, y.dtype());
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::convolve_back(s, y.data<T>(), W.data<T>(), data_or_null<T>(b), x.mutable_data<T>(),
                           workspace.mutable_data<T>());
  });
  return x;
}

Array convolve_filters(const Array& x0, const Array& gy0, const Window& window, HeightWidth ksize) {
  check("convolve_filters", x0, gy0, ksize, window);
  Check("convolve_filters", {{"x", x0}, {"gy", gy0}})
      .that(x0.length(0) == gy0.length(0) && x0.length(1) % window.groups == 0 &&
                gy0.length(1) % window.groups == 0,
            "x and gy must have the same number of images, and channels divisible by groups");
  const Array x = x0.contiguous(), gy = gy0.contiguous();
  Array W = Array::empty({gy.length(1), x.length(1) / window.groups, ksize.height, ksize.width},
                         x.dtype());
  const kernels::Convolution s = sizes(x.shape(), gy.shape(), ksize, window);
  if (directly(
          x.dtype(), [&]<class T>() { return kernels::direct::convolve_filters_pays<T>(s); },
          [&]<class T>() { return kernels::direct::convolve_filters_workspace<T>(s); },
          [&]<class T>(T* workspace) {
            kernels::direct::convolve_filters(s, x.data<T>(), gy.data<T>(), W.mutable_data<T>(),
                                              workspace);
          }))
    return W;
  if (by_onednn(
          x, [&]<class T = float>() {
            return onednn::convolve_filters(s, x.data<T>(), gy.data<T>(), W.mutable_data<T>());
          }))
    return W;
  Array workspace = Array::empty({kernels::convolve_filters_workspace(s)}, x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::convolve_filters(s, x.data<T>(), gy.data<T>(), W.mutable_data<T>(),
                              workspace.mutable_data<T>());
  });
  return W;
}

}  // namespace autograd::array
