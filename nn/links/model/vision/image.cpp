#include "nn/links/model/vision/image.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "autograd/array/map.h"
#include "autograd/base/check.h"
#include "autograd/graph/config.h"

namespace nn::inline links {

using autograd::Check;
using autograd::Dtype;
using autograd::Shape;

Array as_rgb(const Array& image) {
  Check("prepare", {{"the image", image}})
      .that(image.ndim() == 2 || image.ndim() == 3,
            "an image must be (height, width), (height, width, channels) or (channels, height, "
            "width)")
      .that(image.size() > 0, "an image must have a pixel");
  Array a = image.astype(Dtype::uint8);
  if (a.ndim() == 3 && a.length(0) == 1)
    a = a.select(0, 0);
  else if (a.ndim() == 3 && a.length(0) == 3)
    a = a.transpose({1, 2, 0});
  if (a.ndim() == 2) {
    Array rgb = Array::empty({a.length(0), a.length(1), 3}, Dtype::uint8);
    for (int channel = 0; channel < 3; ++channel) {
      Array place = rgb.select(2, channel);
      place.assign(a);
    }
    return rgb;
  }
  Check("prepare", {{"the image", image}})
      .that(a.length(2) == 3 || a.length(2) == 4, "an image must have 1, 3 or 4 channels, in RGB");
  return a.slice(2, 0, 3).copy();
}

namespace {

// How much the pixels first, first + 1, ... count for a pixel of the result.
struct Weights {
  std::int64_t first = 0;
  std::vector<std::int32_t> weights;
};

constexpr int kBits = 22;  // after the point, in weights

double cubic(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

std::vector<Weights> weights_of(std::int64_t from, std::int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double stretch = std::max(scale, 1.0), support = 2 * stretch;
  std::vector<Weights> all(static_cast<std::size_t>(to));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale;
    const auto begin = std::max<std::int64_t>(static_cast<std::int64_t>(center - support + 0.5), 0);
    const auto end = std::min(static_cast<std::int64_t>(center + support + 0.5), from);
    std::vector<double> exact;
    double sum = 0;
    for (std::int64_t x = begin; x < end; ++x) {
      exact.push_back(cubic((static_cast<double>(x) - center + 0.5) / stretch));
      sum += exact.back();
    }
    all[i].first = begin;
    for (const double weight : exact)
      all[i].weights.push_back(
          static_cast<std::int32_t>(std::round((sum != 0 ? weight / sum : weight) * (1 << kBits))));
  }
  return all;
}

// Resizes the middle axis of (outer, length, inner).
std::vector<std::uint8_t> resized_axis(const std::vector<std::uint8_t>& pixels, std::int64_t outer,
                                       std::int64_t length, std::int64_t inner, std::int64_t to) {
  if (length == to) return pixels;
  const std::vector<Weights> all = weights_of(length, to);
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(outer * to * inner));
  for (std::int64_t o = 0; o < outer; ++o)
    for (const Weights& w : all)
      for (std::int64_t i = 0; i < inner; ++i) {
        std::int64_t sum = 1 << (kBits - 1);
        for (std::size_t k = 0; k < w.weights.size(); ++k) {
          const std::int64_t x = w.first + static_cast<std::int64_t>(k);
          sum += w.weights[k] *
                 std::int64_t{pixels[static_cast<std::size_t>((o * length + x) * inner + i)]};
        }
        out.push_back(static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> kBits, 0, 255)));
      }
  return out;
}

}  // namespace

Array resized(const Array& image, HeightWidth size) {
  Check("resized", {{"image", image}})
      .ndim(3)
      .that(image.dtype() == Dtype::uint8 && image.size() > 0, "the image must be of uint8")
      .that(size.height > 0 && size.width > 0, "the size must be at least 1");
  const std::int64_t height = image.length(0), width = image.length(1), channels = image.length(2);
  std::vector<std::uint8_t> pixels = image.to_vector<std::uint8_t>();
  pixels = resized_axis(pixels, height, width, channels, size.width);
  pixels = resized_axis(pixels, 1, height, size.width * channels, size.height);
  return Array::from(std::span<const std::uint8_t>(pixels),
                     Shape{size.height, size.width, channels});
}

Array prepared_image(const Array& image, std::optional<HeightWidth> size, const double (&mean)[3]) {
  Array rgb = as_rgb(image);
  if (size) rgb = resized(rgb, *size);
  const Dtype dtype = autograd::config().dtype;
  Array bgr = Array::empty({3, rgb.length(0), rgb.length(1)}, dtype);
  for (int channel = 0; channel < 3; ++channel) {
    Array place = bgr.select(0, channel);
    place.assign(autograd::map(autograd::ops::Sub{}, rgb.select(2, 2 - channel).astype(dtype),
                               Array::full({}, mean[channel], dtype)));
  }
  return bgr;
}

Array oversample(const Array& images, HeightWidth crop) {
  Check("oversample", {{"images", images}})
      .ndim(4)
      .that(crop.height > 0 && crop.width > 0 && images.length(2) >= crop.height &&
                images.length(3) >= crop.width,
            "images must be at least as large as the pieces");
  const std::int64_t n = images.length(0), h = images.length(2), w = images.length(3);
  const std::int64_t bottom = h - crop.height, right = w - crop.width;
  const std::int64_t corners[5][2] = {
      {0, 0}, {0, right}, {bottom, 0}, {bottom, right}, {bottom / 2, right / 2}};
  Array pieces = Array::empty({n, 10, images.length(1), crop.height, crop.width}, images.dtype());
  for (int i = 0; i < 5; ++i) {
    const Array piece =
        images.slice(2, corners[i][0], crop.height).slice(3, corners[i][1], crop.width);
    Array place = pieces.select(1, i), mirror = pieces.select(1, 5 + i);
    place.assign(piece);
    mirror.assign(piece.slice(3, crop.width - 1, crop.width, -1));
  }
  return pieces.reshape({10 * n, images.length(1), crop.height, crop.width});
}

}  // namespace nn::inline links
