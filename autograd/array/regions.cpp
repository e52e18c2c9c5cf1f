#include "autograd/array/regions.h"

#include <cmath>

#include "autograd/array/launch.h"

namespace autograd::array {
namespace {

// Calls use(low pixel, its weight) and the same for the high one, unless the weight is 0.
template <class Use>
void for_pixels(const Sample& s, const Use& use) {
  if (s.at_low > 0) use(s.low, s.at_low);
  if (s.at_high > 0) use(s.high, s.at_high);
}
template <class Use>
void for_pixels(const Bin& bin, const Use& use) {
  for (const Sample& s : bin.samples) for_pixels(s, use);
}

// Calls body(region, channel) for all, one channel after the other in one thread: two regions may
// lie in one image.
template <class Body>
void for_channels(const Regions& regions, std::int64_t channels, const Body& body) {
  parallel::for_chunks(channels, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c)
      for (std::size_t r = 0; r < regions.size(); ++r) body(static_cast<std::int64_t>(r), c);
  });
}

// Calls each(bin of the rows, bin of the columns, place of the bin in the result).
template <class Each>
void for_bins(const Region& region, HeightWidth bins, std::int64_t plane, const Each& each) {
  std::int64_t at = plane * bins.height * bins.width;
  for (const Bin& rows : region.rows)
    for (const Bin& columns : region.columns) each(rows, columns, at++);
}

}  // namespace

Array region_mean(const Array& x0, const Regions& regions, HeightWidth bins) {
  const Array x = x0.contiguous();
  const std::int64_t channels = x.length(1), height = x.length(2), width = x.length(3);
  Array y = Array::empty(
      {static_cast<std::int64_t>(regions.size()), channels, bins.height, bins.width}, x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = x.data<T>();
    T* q = y.mutable_data<T>();
    for_channels(regions, channels, [&](std::int64_t r, std::int64_t c) {
      const Region& region = regions[static_cast<std::size_t>(r)];
      const T* image = p + (region.image * channels + c) * height * width;
      for_bins(region, bins, r * channels + c,
               [&](const Bin& rows, const Bin& columns, std::int64_t at) {
                 double total = 0;
                 for_pixels(rows, [&](std::int64_t i, double of_row) {
                   for_pixels(columns, [&](std::int64_t j, double of_column) {
                     total += of_row * of_column * static_cast<double>(image[i * width + j]);
                   });
                 });
                 const double count = rows.count * columns.count;
                 q[at] = static_cast<T>(count > 0 ? total / count : 0);
               });
    });
  });
  return y;
}

Array region_spread(const Array& y0, const Regions& regions, const Shape& shape) {
  const Array y = y0.contiguous();
  Array x = Array::zeros(shape, y.dtype());
  const std::int64_t channels = shape[1], height = shape[2], width = shape[3];
  const HeightWidth bins = height_width(y.shape());
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* q = y.data<T>();
    T* p = x.mutable_data<T>();
    for_channels(regions, channels, [&](std::int64_t r, std::int64_t c) {
      const Region& region = regions[static_cast<std::size_t>(r)];
      T* image = p + (region.image * channels + c) * height * width;
      for_bins(region, bins, r * channels + c,
               [&](const Bin& rows, const Bin& columns, std::int64_t at) {
                 const double each = static_cast<double>(q[at]) / (rows.count * columns.count);
                 for_pixels(rows, [&](std::int64_t i, double of_row) {
                   for_pixels(columns, [&](std::int64_t j, double of_column) {
                     image[i * width + j] += static_cast<T>(each * of_row * of_column);
                   });
                 });
               });
    });
  });
  return x;
}

RegionMax region_max(const Array& x0, const Regions& regions, HeightWidth bins, Taps taps) {
  const Array x = x0.contiguous();
  const std::int64_t channels = x.length(1), height = x.length(2), width = x.length(3);
  const Shape shape{static_cast<std::int64_t>(regions.size()), channels, bins.height, bins.width};
  Shape of_taps = shape;
  of_taps.push_back(static_cast<std::int64_t>(taps));
  RegionMax found{Array::zeros(of_taps, Dtype::int64), Array::zeros(of_taps, x.dtype()),
                  Array::empty(shape, Dtype::bool_)};
  std::int64_t* at = found.at.mutable_data<std::int64_t>();
  bool* empty = found.empty.mutable_data<bool>();
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = x.data<T>();
    T* weight = found.weight.mutable_data<T>();
    for_channels(regions, channels, [&](std::int64_t r, std::int64_t c) {
      const Region& region = regions[static_cast<std::size_t>(r)];
      const std::int64_t image = (region.image * channels + c) * height * width;
      for_bins(region, bins, r * channels + c,
               [&](const Bin& rows, const Bin& columns, std::int64_t place) {
                 const auto for_sample = [&](const Sample& row, const Sample& column,
                                             const auto& use) {
                   for_pixels(row, [&](std::int64_t i, double of_row) {
                     for_pixels(column, [&](std::int64_t j, double of_column) {
                       use(image + i * width + j, of_row * of_column);
                     });
                   });
                 };
                 double best = 0;
                 const Sample *best_row = nullptr, *best_column = nullptr;
                 for (const Sample& row : rows.samples)
                   for (const Sample& column : columns.samples) {
                     double value = 0;
                     for_sample(row, column, [&](std::int64_t i, double w) {
                       value += w * static_cast<double>(p[i]);
                     });
                     if (best_row && !(value > best) && !(std::isnan(value) && !std::isnan(best)))
                       continue;
                     best = value, best_row = &row, best_column = &column;
                   }
                 empty[place] = best_row == nullptr;
                 std::int64_t tap = place * static_cast<std::int64_t>(taps);
                 if (best_row)
                   for_sample(*best_row, *best_column, [&](std::int64_t i, double w) {
                     at[tap] = i;
                     weight[tap++] = static_cast<T>(w);
                   });
               });
    });
  });
  return found;
}

}  // namespace autograd::array
