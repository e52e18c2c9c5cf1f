#include "autograd/array/pooling.h"

#include <cstdint>
#include <limits>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"
#include "autograd/kernels/pooling.h"

namespace autograd::array {
namespace {

// Calls plane(sizes, first element of x's plane, first element of y's plane) for each plane,
// distributed over the threads. One thread computes a plane, so the bits do not depend on the
// number of threads.
template <class Plane>
void for_planes(const Shape& x, const Shape& y, const PoolWindow& w, const Plane& plane) {
  const kernels::Pooling s{{x[2], y[2], w.ksize.height, w.stride.height, w.pad.height},
                           {x[3], y[3], w.ksize.width, w.stride.width, w.pad.width}};
  const std::int64_t x_plane = x[2] * x[3], y_plane = y[2] * y[3];
  const double places = static_cast<double>(w.ksize.height) * static_cast<double>(w.ksize.width);
  const double work = static_cast<double>(x_plane) + static_cast<double>(y_plane) * places;
  parallel::for_chunks(x[0] * x[1], static_cast<std::int64_t>(kGrain / (work + 1)) + 1,
                       [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t i = begin; i < end; ++i)
                           plane(s, i * x_plane, i * y_plane);
                       });
}

// Kernels do not check their arguments.
void check(std::string_view op, const Array& images, const PoolWindow& w) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto fits = [](std::int64_t ksize, std::int64_t stride, std::int64_t pad) {
    return 1 <= ksize && ksize <= kMost && 1 <= stride && stride <= kMost && 0 <= pad &&
           pad <= kMost;
  };
  Check(op, {{"x", images}})
      .floats()
      .ndim(4)
      .that(fits(w.ksize.height, w.stride.height, w.pad.height) &&
                fits(w.ksize.width, w.stride.width, w.pad.width) &&
                w.ksize.height <= kMost / w.ksize.width,
            "windows and strides must be positive, pads not negative, and places int32");
}
void check(std::string_view op, const Array& images, const Array& place, const PoolWindow& w) {
  check(op, images, w);
  Check(op, {{"x", images}, {"place", place}})
      .that(place.dtype() == Dtype::int32 && place.ndim() == 4 &&
                place.length(0) == images.length(0) && place.length(1) == images.length(1),
            "places must be int32 and have as many axes as x, with equal lengths of the first two");
}

Shape resized(const Shape& images, HeightWidth size) {
  return {images[0], images[1], size.height, size.width};
}

}  // namespace

WindowMax window_max(const Array& x0, const PoolWindow& window, HeightWidth out) {
  check("window_max", x0, window);
  const Array x = x0.contiguous();
  WindowMax r{Array::empty(resized(x.shape(), out), x.dtype()),
              Array::empty(resized(x.shape(), out), Dtype::int32)};
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = x.data<T>();
    T* q = r.y.mutable_data<T>();
    std::int32_t* place = r.place.mutable_data<std::int32_t>();
    const auto kernel = kernels::pool<T>().max;
    for_planes(x.shape(), r.y.shape(), window, [&](const auto& s, std::int64_t i, std::int64_t j) {
      kernel(s, p + i, q + j, place + j);
    });
  });
  return r;
}

Array window_sum(const Array& x0, const PoolWindow& window, HeightWidth out, double scale) {
  check("window_sum", x0, window);
  const Array x = x0.contiguous();
  Array y = Array::empty(resized(x.shape(), out), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = x.data<T>();
    T* q = y.mutable_data<T>();
    const auto kernel = kernels::pool<T>().sum;
    for_planes(x.shape(), y.shape(), window, [&](const auto& s, std::int64_t i, std::int64_t j) {
      kernel(s, p + i, static_cast<T>(scale), q + j);
    });
  });
  return y;
}

Array window_spread(const Array& y0, const PoolWindow& window, HeightWidth size, double scale) {
  check("window_spread", y0, window);
  const Array y = y0.contiguous();
  Array x = Array::empty(resized(y.shape(), size), y.dtype());
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* q = y.data<T>();
    T* p = x.mutable_data<T>();
    const auto kernel = kernels::pool<T>().spread;
    for_planes(x.shape(), y.shape(), window, [&](const auto& s, std::int64_t i, std::int64_t j) {
      kernel(s, q + j, static_cast<T>(scale), p + i);
    });
  });
  return x;
}

Array window_pick(const Array& x0, const Array& place0, const PoolWindow& window) {
  check("window_pick", x0, place0, window);
  const Array x = x0.contiguous(), place = place0.contiguous();
  Array y = Array::empty(place.shape(), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = x.data<T>();
    const std::int32_t* at = place.data<std::int32_t>();
    T* q = y.mutable_data<T>();
    const auto kernel = kernels::pool<T>().pick;
    for_planes(x.shape(), y.shape(), window, [&](const auto& s, std::int64_t i, std::int64_t j) {
      kernel(s, p + i, at + j, q + j);
    });
  });
  return y;
}

Array window_put(const Array& y0, const Array& place0, const PoolWindow& window, HeightWidth size) {
  check("window_put", y0, place0, window);
  Check("window_put", {{"y", y0}, {"place", place0}}).same_shape();
  const Array y = y0.contiguous(), place = place0.contiguous();
  Array x = Array::empty(resized(y.shape(), size), y.dtype());
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* q = y.data<T>();
    const std::int32_t* at = place.data<std::int32_t>();
    T* p = x.mutable_data<T>();
    const auto kernel = kernels::pool<T>().put;
    for_planes(x.shape(), y.shape(), window, [&](const auto& s, std::int64_t i, std::int64_t j) {
      kernel(s, q + j, at + j, p + i);
    });
  });
  return x;
}

}  // namespace autograd::array
