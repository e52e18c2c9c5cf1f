#include "autograd/array/normalize.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "autograd/array/launch.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/kernels/normalize.h"

namespace autograd::array {
namespace {

using kernels::Moments;
using kernels::Products;

constexpr std::int64_t kBlock = 4096;    // elements of a channel in one kernel call
constexpr std::int64_t kRows = 64;       // rows of neighbouring channels in one call
constexpr std::int64_t kColumns = 1024;  // neighbouring channels in one call

// Divides an array into blocks that stay in a cache while a kernel reads them twice. The borders
// depend on the sizes alone. The result for block b of channel c is stored at b channels + c.
struct Blocks {
  explicit Blocks(const Channels& c) : sizes(c) {
    if (c.inner == 1) {
      images = kRows;
    } else {
      images = std::max<std::int64_t>(1, kBlock / std::max<std::int64_t>(1, c.inner));
      parts = (c.inner + kBlock - 1) / kBlock;
    }
    count = (c.outer + images - 1) / images * parts;
  }

  // Calls body(first element, images, elements of each, place of the result) for each block of one
  // channel. If inner is 1, a block contains neighbouring channels, with one element each.
  template <class Body>
  void for_each(const Body& body) const {
    const std::int64_t across = sizes.inner == 1 ? kColumns : 1;
    const std::int64_t groups = (sizes.channels + across - 1) / across;
    const std::int64_t work =
        std::min(images, sizes.outer) *
        (sizes.inner == 1 ? std::min(across, sizes.channels) : std::min(kBlock, sizes.inner));
    parallel::for_chunks(
        count * groups, kGrain / (work + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            const std::int64_t block = i / groups, channel = i % groups * across;
            const std::int64_t image = block / parts * images, start = block % parts * kBlock;
            const std::int64_t length = sizes.inner == 1
                                            ? std::min(across, sizes.channels - channel)
                                            : std::min(kBlock, sizes.inner - start);
            body((image * sizes.channels + channel) * sizes.inner + start,
                 std::min(images, sizes.outer - image), length, block * sizes.channels + channel);
          }
        });
  }

  Channels sizes;
  std::int64_t images = 1, parts = 1, count = 0;
};

// Calls body(first element, elements, channel of the first) for runs of adjacent elements. A run
// belongs to one channel. If inner is 1, it has one element of each channel.
template <class Body>
void for_neighbours(const Channels& c, const Body& body) {
  if (c.inner == 1)
    return parallel::for_chunks(c.outer, kGrain / (c.channels + 1) + 1,
                                [&](std::int64_t begin, std::int64_t end) {
                                  for (std::int64_t i = begin; i < end; ++i)
                                    body(i * c.channels, c.channels, std::int64_t{0});
                                });
  const std::int64_t parts = (c.inner + kGrain - 1) / kGrain;
  parallel::for_chunks(c.outer * c.channels * parts, kGrain / (c.inner + 1) + 1,
                       [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t i = begin; i < end; ++i) {
                           const std::int64_t row = i / parts, start = i % parts * kGrain;
                           body(row * c.inner + start, std::min(kGrain, c.inner - start),
                                row % c.channels);
                         }
                       });
}

// T. F. Chan, G. H. Golub and R. J. LeVeque, "Updating formulae and a pairwise algorithm for
// computing sample variances", 1979.
void join(Moments& a, const Moments& b) {
  const double count = a.count + b.count, distance = b.mean - a.mean;
  a.mean += distance * (b.count / count);
  a.squares += b.squares + distance * distance * (a.count * b.count / count);
  a.count = count;
}

Array per_channel(std::int64_t channels) { return Array::empty({channels}, Dtype::float64); }

// The numbers that a kernel needs for each channel, in x's dtype.
template <class T>
struct PerChannel {
  explicit PerChannel(std::int64_t channels)
      : numbers(Array::empty({channels}, dtype_of<T>)), p(numbers.mutable_data<T>()) {}
  void set(std::int64_t c, double value) { p[c] = static_cast<T>(value); }

  Array numbers;
  T* p;
};

// x - mean is computed as (x - shift) - low, where shift is the number of x's dtype nearest to the
// mean. The first difference is exact near the mean. The second difference is combined with later
// additions.
template <class T>
double low_part(double mean) {
  return mean - static_cast<double>(static_cast<T>(mean));
}

// Calls body(start, length) for the blocks of a row of n elements.
template <class Body>
void for_blocks(std::int64_t n, const Body& body) {
  for (std::int64_t start = 0; start < n; start += kBlock) body(start, std::min(kBlock, n - start));
}

// Kernels do not check their arguments.
void check_channels(std::string_view op, const Array& x, const Channels& c,
                    std::initializer_list<const Array*> per_channel) {
  const bool fits = c.outer >= 0 && c.channels >= 0 && c.inner >= 0 &&
                    Shape{c.outer, c.channels, c.inner}.elements() == x.size();
  Check(op, {{"x", x}})
      .floats()
      .that(fits, "the channels must be those of x")
      .that(std::all_of(per_channel.begin(), per_channel.end(),
                        [&](const Array* a) { return a->size() == c.channels; }),
            "there must be a number for each channel");
}

void check_rows(std::string_view op, const Array& x,
                std::initializer_list<const Array*> per_column) {
  Check(op, {{"x", x}}).ndim(2);
  check_channels(op, x, {x.length(0), x.length(1), 1}, per_column);
}

}  // namespace

ChannelStatistics channel_statistics(const Array& x0, const Channels& c, double eps) {
  check_channels("channel_statistics", x0, c, {});
  const Array x = x0.contiguous();
  const Blocks blocks(c);
  std::vector<Moments> found(static_cast<std::size_t>(blocks.count * c.channels));
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = x.data<T>();
    const auto& kernel = kernels::normalize<T>();
    blocks.for_each(
        [&](std::int64_t first, std::int64_t images, std::int64_t length, std::int64_t result) {
          Moments* out = &found[static_cast<std::size_t>(result)];
          const std::int64_t stride = c.channels * c.inner;
          if (c.inner == 1)
            kernel.column_moments(p + first, images, stride, length, out);
          else
            *out = kernel.moments(p + first, images, stride, length);
        });
  });
  ChannelStatistics s{per_channel(c.channels), per_channel(c.channels), {}};
  double *mean = s.mean.mutable_data<double>(), *var = s.var.mutable_data<double>();
  for (std::int64_t i = 0; i < c.channels; ++i) {
    Moments all{0, 0, 0};
    for (std::int64_t b = 0; b < blocks.count; ++b) {
      const Moments& next = found[static_cast<std::size_t>(b * c.channels + i)];
      if (b == 0)
        all = next;
      else
        join(all, next);
    }
    mean[i] = all.mean;
    var[i] = all.count > 0 ? all.squares / all.count : 0;
  }
  return given_statistics(s.mean, s.var, eps);
}

ChannelStatistics given_statistics(const Array& mean, const Array& var, double eps) {
  ChannelStatistics s{mean.astype(Dtype::float64).flatten().contiguous(),
                      var.astype(Dtype::float64).flatten().contiguous(), per_channel(var.size())};
  const double* v = s.var.data<double>();
  double* inv_std = s.inv_std.mutable_data<double>();
  for (std::int64_t i = 0; i < s.var.size(); ++i) inv_std[i] = 1 / std::sqrt(v[i] + eps);
  return s;
}

Array normalize(const Array& x0, const Channels& c, const ChannelStatistics& s, const Array& gamma0,
                const Array& beta0) {
  check_channels("normalize", x0, c, {&s.mean, &s.inv_std, &gamma0, &beta0});
  const Array x = x0.contiguous(), gamma = gamma0.contiguous(), beta = beta0.contiguous();
  Array y = Array::empty(x.shape(), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    PerChannel<T> shift(c.channels), scale(c.channels), offset(c.channels);
    const double *mean = s.mean.data<double>(), *inv_std = s.inv_std.data<double>();
    for (std::int64_t i = 0; i < c.channels; ++i) {
      const double slope = static_cast<double>(gamma.data<T>()[i]) * inv_std[i];
      shift.set(i, mean[i]);
      scale.set(i, slope);
      offset.set(i, static_cast<double>(beta.data<T>()[i]) - low_part<T>(mean[i]) * slope);
    }
    const T* p = x.data<T>();
    T* q = y.mutable_data<T>();
    const auto kernel = kernels::normalize<T>().affine;
    const int step = c.inner == 1 ? 1 : 0;
    for_neighbours(c, [&](std::int64_t first, std::int64_t n, std::int64_t channel) {
      kernel(p + first, {shift.p + channel, scale.p + channel, offset.p + channel}, step, n,
             q + first);
    });
  });
  return y;
}

NormalizeGrads normalize_grads(const Array& x0, const Array& gy0, const Channels& c,
                               const ChannelStatistics& s, const Array& gamma0) {
  check_channels("normalize_grads", x0, c, {&s.mean, &s.inv_std, &gamma0});
  Check("normalize_grads", {{"x", x0}, {"gy", gy0}}).same_shape();
  const Array x = x0.contiguous(), gy = gy0.contiguous(), gamma = gamma0.contiguous();
  NormalizeGrads grads{Array::empty(x.shape(), x.dtype()),
                       Array::empty(gamma.shape(), gamma.dtype()),
                       Array::empty(gamma.shape(), gamma.dtype())};
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T *p = x.data<T>(), *g = gy.data<T>();
    const double *mean = s.mean.data<double>(), *inv_std = s.inv_std.data<double>();
    PerChannel<T> shift(c.channels), scale(c.channels), slope(c.channels), offset(c.channels);
    for (std::int64_t i = 0; i < c.channels; ++i) shift.set(i, mean[i]);

    const Blocks blocks(c);
    std::vector<Products> found(static_cast<std::size_t>(blocks.count * c.channels));
    const auto& kernel = kernels::normalize<T>();
    blocks.for_each(
        [&](std::int64_t first, std::int64_t images, std::int64_t length, std::int64_t result) {
          Products* out = &found[static_cast<std::size_t>(result)];
          const std::int64_t stride = c.channels * c.inner;
          const T* middle = shift.p + result % c.channels;
          if (c.inner == 1)
            kernel.column_products(p + first, g + first, middle, images, stride, length, out);
          else
            *out = kernel.products(p + first, g + first, *middle, images, stride, length);
        });

    // gx = gamma inv_std (gy - (x_hat ggamma + gbeta) / m)
    T *ggamma = grads.gamma.mutable_data<T>(), *gbeta = grads.beta.mutable_data<T>();
    const double m = static_cast<double>(std::max<std::int64_t>(1, c.elements_each()));
    for (std::int64_t i = 0; i < c.channels; ++i) {
      Products all{0, 0};
      for (std::int64_t b = 0; b < blocks.count; ++b) {
        const Products& next = found[static_cast<std::size_t>(b * c.channels + i)];
        all.g += next.g;
        all.gx += next.gx;
      }
      const double low = low_part<T>(mean[i]);
      const double to_gamma = inv_std[i] * (all.gx - low * all.g);
      const double factor = static_cast<double>(gamma.data<T>()[i]) * inv_std[i];
      const double line = inv_std[i] * to_gamma / m;
      ggamma[i] = static_cast<T>(to_gamma);
      gbeta[i] = static_cast<T>(all.g);
      scale.set(i, factor);
      slope.set(i, -factor * line);
      offset.set(i, factor * (low * line - all.g / m));
    }
    T* q = grads.x.mutable_data<T>();
    const int step = c.inner == 1 ? 1 : 0;
    for_neighbours(c, [&](std::int64_t first, std::int64_t n, std::int64_t i) {
      kernel.affine_grad(p + first, g + first,
                         {shift.p + i, scale.p + i, slope.p + i, offset.p + i}, step, n, q + first);
    });
  });
  return grads;
}

NormalizedRows normalize_rows(const Array& x0, const Array& gamma0, const Array& beta0,
                              double eps) {
  check_rows("normalize_rows", x0, {&gamma0, &beta0});
  const Array x = x0.contiguous(), gamma = gamma0.contiguous(), beta = beta0.contiguous();
  const std::int64_t rows = x.length(0), n = x.length(1);
  NormalizedRows result{Array::empty(x.shape(), x.dtype()), {per_channel(rows), per_channel(rows)}};
  if (x.size() == 0) return result;
  double *mean = result.statistics.mean.mutable_data<double>(),
         *inv_std = result.statistics.inv_std.mutable_data<double>();
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto& kernel = kernels::normalize<T>();
    const T *p = x.data<T>(), *g = gamma.data<T>(), *b = beta.data<T>();
    T* q = result.y.mutable_data<T>();
    parallel::for_chunks(rows, kGrain / (n + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const T* row = p + i * n;
        Moments all{0, 0, 0};
        for_blocks(n, [&](std::int64_t start, std::int64_t length) {
          const Moments next = kernel.moments(row + start, 1, length, length);
          if (start == 0)
            all = next;
          else
            join(all, next);
        });
        mean[i] = all.mean;
        inv_std[i] = 1 / std::sqrt(all.squares / all.count + eps);
        kernel.row(row,
                   {static_cast<T>(mean[i]), static_cast<T>(inv_std[i]),
                    static_cast<T>(-low_part<T>(mean[i]) * inv_std[i])},
                   g, b, n, q + i * n);
      }
    });
  });
  return result;
}

NormalizeGrads normalize_rows_grads(const Array& x0, const Array& gy0, const Array& gamma0,
                                    const RowStatistics& s) {
  check_rows("normalize_rows_grads", x0, {&gamma0});
  Check("normalize_rows_grads", {{"x", x0}, {"gy", gy0}}).same_shape();
  constexpr std::int64_t kTogether = 32;  // rows whose gradients of gamma and beta are summed
  const Array x = x0.contiguous(), gy = gy0.contiguous(), gamma = gamma0.contiguous();
  const std::int64_t rows = x.length(0), n = x.length(1);
  const std::int64_t parts = (rows + kTogether - 1) / kTogether;
  Array gx = Array::empty(x.shape(), x.dtype());
  Array sums = Array::zeros({parts, 2, n}, x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto& kernel = kernels::normalize<T>();
    const T *p = x.data<T>(), *g = gy.data<T>(), *w = gamma.data<T>();
    const double *mean = s.mean.data<double>(), *inv_std = s.inv_std.data<double>();
    T *q = gx.mutable_data<T>(), *part = sums.mutable_data<T>();
    const auto row = [&](std::int64_t i) {
      const std::int64_t at = i * n;
      const T shift = static_cast<T>(mean[i]);
      Products all{0, 0};
      for_blocks(n, [&](std::int64_t start, std::int64_t length) {
        const Products next =
            kernel.row_products(p + at + start, g + at + start, w + start, shift, length);
        all.g += next.g;
        all.gx += next.gx;
      });
      // With v = gy gamma and h = (x - mean) inv_std: gx = inv_std (v - (h sum(v h) + sum(v)) / n).
      const double low = low_part<T>(mean[i]), m = static_cast<double>(n);
      const double line = inv_std[i] * inv_std[i] * (all.gx - low * all.g) / m;
      const kernels::RowGrad<T> grad{
          {shift, static_cast<T>(inv_std[i]), static_cast<T>(-low * inv_std[i])},
          static_cast<T>(-inv_std[i] * line),
          static_cast<T>(inv_std[i] * (low * line - all.g / m))};
      T* to = part + i / kTogether * 2 * n;
      kernel.row_grad(p + at, g + at, w, grad, n, q + at, to, to + n);
    };
    parallel::for_chunks(
        parts, kGrain / (kTogether * n + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin * kTogether; i < std::min(rows, end * kTogether); ++i) row(i);
        });
  });
  const Array total = sum(sums, 0);
  return {gx, total.select(0, 0), total.select(0, 1)};
}

}  // namespace autograd::array
