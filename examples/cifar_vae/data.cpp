#include "examples/cifar_vae/data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "nn/datasets/cifar.h"
#include "nn/files/download.h"

namespace cifar_vae {
namespace {

using autograd::Array;

constexpr int kSide = 32;

using Color = std::array<double, 3>;

// The fraction of a pixel inside a shape, if the distance from the pixel's middle to the edge is d
// (negative inside).
double coverage(double d) { return std::clamp(0.5 - d, 0.0, 1.0); }

void paint(autograd::random::Generator& g, float* image) {
  const auto uniform = [&](double low, double high) { return low + (high - low) * g.rand(); };
  const auto color = [&] { return Color{g.rand(), g.rand(), g.rand()}; };
  const Color sky = color(), ground = color(), disc = color(), bar = color();
  const double disc_x = uniform(8, 24), disc_y = uniform(8, 24), radius = uniform(4, 9);
  const double bar_x = uniform(8, 24), bar_y = uniform(8, 24), angle = uniform(0, 3.1416);
  const double length = uniform(6, 14), width = uniform(1.5, 4);
  for (int row = 0; row < kSide; ++row) {
    for (int column = 0; column < kSide; ++column) {
      const double x = column + 0.5, y = row + 0.5, t = y / kSide;
      const double in_disc = coverage(std::hypot(x - disc_x, y - disc_y) - radius);
      const double along = (x - bar_x) * std::cos(angle) + (y - bar_y) * std::sin(angle);
      const double across = (y - bar_y) * std::cos(angle) - (x - bar_x) * std::sin(angle);
      const double in_bar = coverage(std::abs(along) - length) * coverage(std::abs(across) - width);
      for (int c = 0; c < 3; ++c) {
        const auto channel = static_cast<std::size_t>(c);
        double value = (1 - t) * sky[channel] + t * ground[channel];
        value += in_disc * (disc[channel] - value);
        value += in_bar * (bar[channel] - value);
        image[(c * kSide + row) * kSide + column] = static_cast<float>(value);
      }
    }
  }
}

Array paint_all(autograd::random::Generator& g, std::int64_t n) {
  Array images = Array::empty({n, 3, kSide, kSide}, autograd::Dtype::float32);
  auto* p = images.mutable_data<float>();
  for (std::int64_t i = 0; i < n; ++i) paint(g, p + i * 3 * kSide * kSide);
  return images;
}

ImageSet cifar(const std::string& path) {
  const auto set = nn::datasets::get_cifar10({.withlabel = false, .ndim = 3}, path);
  return {set.train.arrays()[0], set.test.arrays()[0], path.empty() ? "CIFAR-10" : path};
}

bool is_cached() {
  return std::filesystem::exists(std::filesystem::path(nn::dataset_root()) /
                                 "pfnet/chainer/cifar/cifar-10.npz");
}

ImageSet find_images(bool download) {
  if (!download && !is_cached()) return generate_images();
  try {
    return cifar({});
  } catch (const autograd::Error&) {
    if (is_cached()) throw;  // the file exists, but is damaged
    return generate_images();
  }
}

}  // namespace

ImageSet generate_images() {
  autograd::random::Generator g(0);
  Array train = paint_all(g, 2000), test = paint_all(g, 400);
  return {train, test, "generated images (CIFAR-10 was not found)"};
}

ImageSet load_images(const std::string& data, bool tiny) {
  ImageSet set;
  if (data.empty())
    set = find_images(!tiny);
  else if (data == "generated")
    set = generate_images(), set.name = "generated images";
  else
    set = cifar(data == "cifar10" ? "" : data);
  if (tiny)
    for (Array* x : {&set.train, &set.test})
      *x = x->slice(0, 0, std::min<std::int64_t>(200, x->length(0)));
  return set;
}

}  // namespace cifar_vae
