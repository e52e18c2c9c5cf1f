#pragma once

#include <cstdint>
#include <vector>

#include "autograd/array/array.h"

// Regions of images, cut into bins; on checked arrays. The value of an image between its pixels is
// interpolated.
namespace autograd::array {

// Where a bin looks at an image along one axis: between two neighbouring pixels, or, with weight 0
// on one of the two, at a single one. A pixel with weight 0 need not exist.
struct Sample {
  std::int64_t low, high;
  double at_low, at_high;
};
struct Bin {
  std::vector<Sample> samples;  // those inside of the image
  double count = 0;             // with those outside, which count as 0 in a mean
};
// The bins of a region of an image along both axes.
struct Region {
  std::int64_t image;
  std::vector<Bin> rows, columns;
};
using Regions = std::vector<Region>;

// The mean of all samples of each bin, rows by columns: (regions, c, rows, columns) for images x
// (n, c, h, w); 0 for a bin without samples. And its adjoint, with the shape of x.
Array region_mean(const Array& x, const Regions& regions, HeightWidth bins);
Array region_spread(const Array& y, const Regions& regions, const Shape& x);

// Where the greatest sample of each bin is, the first of equal ones: element k of the last axis says
// which element of the flattened x (int64) is read with which weight, in x's dtype; `empty` (bool,
// without this axis) says where there is no sample. With kOne, a sample is one pixel; else it is up
// to four. A NaN is greater than any number.
struct RegionMax {
  Array at, weight;  // (regions, c, rows, columns, taps)
  Array empty;
};
enum class Taps { one = 1, four = 4 };
RegionMax region_max(const Array& x, const Regions& regions, HeightWidth bins, Taps taps);

}  // namespace autograd::array
