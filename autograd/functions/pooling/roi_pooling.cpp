#include "autograd/functions/pooling/roi_pooling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "autograd/array/compare.h"
#include "autograd/array/reduce.h"
#include "autograd/array/regions.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"
#include "autograd/functions/support/windows.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

using array::Bin;
using array::Regions;

// What a function tells of its arguments.
struct RoiArguments {
  FunctionName named;
  HeightWidth outsize;
  double spatial_scale;
  SamplingRatio sampling_ratio = {};
  bool is_align = false;

  Attributes attributes() const {
    Attributes all{{"outsize", outsize}, {"spatial_scale", spatial_scale}};
    // 0 stands for None.
    if (is_align)
      all.add({"sampling_ratio", Attributes::Integers{sampling_ratio.height.value_or(0),
                                                      sampling_ratio.width.value_or(0)}});
    return all;
  }
};

// Far outside of any image, but small enough to be computed with.
double bounded(double pixel) { return std::clamp(pixel, -1e15, 1e15); }

// A region from `begin` to `end`, in pixels, cut into bins of whole pixels.
std::vector<Bin> pixel_bins(double begin, double end, bool with_end, std::int64_t bins,
                            std::int64_t length) {
  const double first = std::nearbyint(bounded(begin)), last = std::nearbyint(bounded(end));
  const double size = std::max(last - first + (with_end ? 1 : 0), 1.0);
  const double stride = size / static_cast<double>(bins), limit = static_cast<double>(length);
  std::vector<Bin> all(static_cast<std::size_t>(bins));
  for (std::int64_t i = 0; i < bins; ++i) {
    Bin& bin = all[static_cast<std::size_t>(i)];
    const auto pixel = [&](double offset) {
      return static_cast<std::int64_t>(std::clamp(first + offset, 0.0, limit));
    };
    const std::int64_t from = pixel(std::floor(static_cast<double>(i) * stride)),
                       to = pixel(std::ceil(static_cast<double>(i + 1) * stride));
    for (std::int64_t p = from; p < to; ++p) bin.samples.push_back({p, p, 1, 0});
    bin.count = static_cast<double>(bin.samples.size());
  }
  return all;
}

// The same cut into bins with samples between the pixels.
std::vector<Bin> sampled_bins(double begin, double end, std::optional<std::int64_t> ratio,
                              std::int64_t bins, std::int64_t length) {
  const double start = bounded(begin), size = std::max(bounded(end) - start, 1.0);
  const double bin_size = size / static_cast<double>(bins), limit = static_cast<double>(length);
  const double samples = ratio ? static_cast<double>(*ratio) : std::ceil(bin_size);
  std::vector<Bin> all(static_cast<std::size_t>(bins));
  for (std::int64_t i = 0; i < bins; ++i) {
    Bin& bin = all[static_cast<std::size_t>(i)];
    bin.count = samples;
    if (length == 0) continue;
    const double from = start + static_cast<double>(i) * bin_size;
    // No more than those that lie in the image, and one on each side for the rounding.
    const auto sample_at = [&](double pixel) { return (pixel - from) * samples / bin_size - 0.5; };
    const double first = std::max(0.0, std::floor(sample_at(-1)) - 1),
                 last = std::min(samples - 1, std::ceil(sample_at(limit)) + 1);
    for (auto k = static_cast<std::int64_t>(first); k <= static_cast<std::int64_t>(last); ++k) {
      double p = from + (static_cast<double>(k) + 0.5) * bin_size / samples;
      if (p < -1 || p > limit) continue;
      double low = std::floor(p);
      if (low == limit) --low;
      if (low <= -1)
        p = 0;
      else if (low + 1 >= limit)
        p = limit - 1;
      bin.samples.push_back({static_cast<std::int64_t>(low), static_cast<std::int64_t>(low) + 1,
                             low + 1 - p, p - low});
    }
  }
  return all;
}

void check_rois(const RoiArguments& a, const Variable& x, const Array& rois, std::int64_t columns) {
  Check(a.named.name, {{"x", x}, {"rois", rois}})
      .that(is_float(x.dtype()) && x.ndim() == 4, "x must hold floats (N, C, H, W)")
      .that(is_float(rois.dtype()) && rois.ndim() == 2 && rois.length(1) == columns,
            columns == 5 ? "rois must hold floats (regions, 5)"
                         : "rois must hold floats (regions, 4)")
      .that(array::all_finite(rois), "rois must hold finite numbers only");
  check_windows(a.named.name, "outsize", {a.outsize.height, a.outsize.width}, 1);
  if (!(a.spatial_scale > 0) || std::isinf(a.spatial_scale))
    throw Error(fmt::format("{}: spatial_scale must be positive, but it is {}", a.named.name,
                            a.spatial_scale));
}

// The image of each region, checked.
std::vector<std::int64_t> images_of(const RoiArguments& a, const Variable& x, const Array& rois,
                                    const Array& roi_indices) {
  Check(a.named.name, {{"rois", rois}, {"roi_indices", roi_indices}})
      .that(is_integer(roi_indices.dtype()) && roi_indices.ndim() == 1 &&
                roi_indices.length(0) == rois.length(0),
            "roi_indices must hold one integer for each region");
  const Array images = roi_indices.astype(Dtype::int64);
  labels::require_between(a.named.name, images, 0, x.length(0) - 1);
  return images.to_vector<std::int64_t>();
}

// bins(begin, end, number of bins, length of the axis), with rows of rois as (y, x, y, x).
template <class Bins>
Regions regions_of(const RoiArguments& a, const Variable& x, const Array& rois,
                   const std::vector<std::int64_t>& images, const Bins& bins) {
  // Asks for the memory of the result before that of its bins.
  const Shape result{rois.length(0), x.length(1), a.outsize.height, a.outsize.width};
  if (Array::empty(result, x.dtype()).size() == 0) return {};
  const std::vector<double> at = rois.to_vector<double>();
  Regions all;
  for (std::size_t r = 0; r < images.size(); ++r) {
    const double* p = at.data() + 4 * r;
    const auto pixel = [&](int i) { return p[i] * a.spatial_scale; };
    all.push_back({images[r],
                   bins(pixel(0), pixel(2), a.outsize.height, x.length(2), a.sampling_ratio.height),
                   bins(pixel(1), pixel(3), a.outsize.width, x.length(3), a.sampling_ratio.width)});
  }
  return all;
}

// The mean over bins, and its adjoint, are each other's derivative.
template <bool kMean>
class RoiMean final : public FunctionNode {
 public:
  // `size` is the shape of the result.
  RoiMean(const RoiArguments& arguments, std::shared_ptr<const Regions> regions, const Shape& size)
      : arguments_(arguments), regions_(std::move(regions)), size_(size) {}

 private:
  std::string_view name() const override { return arguments_.named.name; }
  std::string label() const override {
    return fmt::format("{}{}", arguments_.named.label, kMean ? "" : "Grad");
  }
  Attributes attributes() const override { return arguments_.attributes(); }
  Array forward(const Inputs& x) override {
    return kMean ? array::region_mean(x[0], *regions_, height_width(size_))
                 : array::region_spread(x[0], *regions_, size_);
  }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<RoiMean<!kMean>>({gy}, arguments_, regions_, input_shape(0))};
  }

  RoiArguments arguments_;
  std::shared_ptr<const Regions> regions_;
  Shape size_;
};

Variable mean_of(const RoiArguments& a, const Variable& x, const Array& rois, Regions regions) {
  const Shape result{rois.length(0), x.length(1), a.outsize.height, a.outsize.width};
  if (regions.empty()) return as_variable(Array::zeros(result, x.dtype()));
  return apply<RoiMean<true>>({x}, a, std::make_shared<const Regions>(std::move(regions)), result);
}

Variable max_of(const RoiArguments& a, const Variable& x, const Array& rois, const Regions& regions,
                double of_empty) {
  if (regions.empty() || x.size() == 0)
    return as_variable(Array::full({rois.length(0), x.length(1), a.outsize.height, a.outsize.width},
                                   of_empty, x.dtype()));
  const array::RegionMax found = array::region_max(
      x.array(), regions, a.outsize, a.is_align ? array::Taps::four : array::Taps::one);
  const Variable taps = get_item(flatten(x), found.at, a.named);
  const Variable y =
      a.is_align ? sum(weighted(as_variable(found.weight), taps), -1) : squeeze(taps, 4);
  return where(found.empty, as_variable(Array::full({}, of_empty, x.dtype())), y);
}

constexpr double kNoMax = -std::numeric_limits<double>::infinity();

Regions pixel_regions(const RoiArguments& a, const Variable& x, const Array& rois,
                      const std::vector<std::int64_t>& images, bool with_end) {
  return regions_of(
      a, x, rois, images,
      [&](double begin, double end, std::int64_t bins, std::int64_t length,
          std::optional<std::int64_t>) { return pixel_bins(begin, end, with_end, bins, length); });
}

Regions sampled_regions(const RoiArguments& a, const Variable& x, const Array& rois,
                        const std::vector<std::int64_t>& images) {
  constexpr std::int64_t kMost = 1 << 16;
  for (const auto& ratio : {a.sampling_ratio.height, a.sampling_ratio.width})
    if (ratio && (*ratio < 1 || *ratio > kMost))
      throw Error(fmt::format("{}: sampling_ratio must lie in [1, 65536], but it is {}",
                              a.named.name, *ratio));
  return regions_of(a, x, rois, images,
                    [](double begin, double end, std::int64_t bins, std::int64_t length,
                       std::optional<std::int64_t> ratio) {
                      return sampled_bins(begin, end, ratio, bins, length);
                    });
}

}  // namespace

Variable roi_pooling_2d(const Variable& x, ArrayLike given, std::int64_t outh, std::int64_t outw,
                        double spatial_scale) {
  const Array& rois = given.array();
  const RoiArguments a{{"roi_pooling_2d", "ROIPooling2D"}, {outh, outw}, spatial_scale};
  check_rois(a, x, rois, 5);
  const Array first = rois.slice(1, 0, 1).reshape({-1}).astype(Dtype::float64);
  std::vector<std::int64_t> images;
  for (const double image : first.to_vector<double>()) {
    if (!(image >= 0 && image < static_cast<double>(x.length(0))))
      throw Error(fmt::format("{}: the image of a region must lie in [0, {}), but one is {}",
                              a.named.name, x.length(0), image));
    images.push_back(static_cast<std::int64_t>(image));
  }
  // (x, y, x, y) becomes (y, x, y, x).
  const Array corners =
      array::get_item(rois, {Slice(), Array::of<std::int64_t>({2, 1, 4, 3})}, a.named.name);
  return max_of(a, x, corners, pixel_regions(a, x, corners, images, true), 0);
}

Variable roi_max_pooling_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                            HeightWidth outsize, double spatial_scale) {
  const RoiArguments a{{"roi_max_pooling_2d", "ROIMaxPooling2D"}, outsize, spatial_scale};
  check_rois(a, x, rois.array(), 4);
  const auto images = images_of(a, x, rois.array(), roi_indices.array());
  return max_of(a, x, rois.array(), pixel_regions(a, x, rois.array(), images, false), kNoMax);
}

Variable roi_average_pooling_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                                HeightWidth outsize, double spatial_scale) {
  const RoiArguments a{{"roi_average_pooling_2d", "ROIAveragePooling2D"}, outsize, spatial_scale};
  check_rois(a, x, rois.array(), 4);
  const auto images = images_of(a, x, rois.array(), roi_indices.array());
  return mean_of(a, x, rois.array(), pixel_regions(a, x, rois.array(), images, false));
}

Variable roi_max_align_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                          HeightWidth outsize, double spatial_scale,
                          const SamplingRatio& sampling_ratio) {
  const RoiArguments a{
      {"roi_max_align_2d", "ROIMaxAlign2D"}, outsize, spatial_scale, sampling_ratio, true};
  check_rois(a, x, rois.array(), 4);
  const auto images = images_of(a, x, rois.array(), roi_indices.array());
  return max_of(a, x, rois.array(), sampled_regions(a, x, rois.array(), images), kNoMax);
}

Variable roi_average_align_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                              HeightWidth outsize, double spatial_scale,
                              const SamplingRatio& sampling_ratio) {
  const RoiArguments a{
      {"roi_average_align_2d", "ROIAverageAlign2D"}, outsize, spatial_scale, sampling_ratio, true};
  check_rois(a, x, rois.array(), 4);
  const auto images = images_of(a, x, rois.array(), roi_indices.array());
  return mean_of(a, x, rois.array(), sampled_regions(a, x, rois.array(), images));
}

}  // namespace autograd::inline functions
