#include "examples/vae/images.h"

#include <algorithm>
#include <vector>

#include "examples/pictures/image.h"

namespace vae {

Array rows(const Array& x, std::span<const std::int64_t> indexes) {
  std::vector<std::int64_t> present;
  for (const std::int64_t i : indexes)
    if (i < x.length(0)) present.push_back(i);
  autograd::Shape shape = x.shape();
  shape[0] = std::ssize(present);
  Array y = Array::empty(shape, x.dtype());
  for (std::int64_t i = 0; i < y.length(0); ++i)
    y.select(0, i).assign(x.select(0, present[static_cast<std::size_t>(i)]));
  return y;
}

void save3x3(const Array& x, const ImageSet& images, const std::string& filename) {
  const std::vector<float> values = x.to_vector<float>();
  const auto pixels = static_cast<std::size_t>(x.length(1));
  const int factor = std::max(1, 280 / std::max(images.height, images.width));
  std::vector<pictures::Image> tiles;
  for (std::size_t at = 0; at < values.size(); at += pixels)
    tiles.push_back(pictures::enlarge(
        pictures::grey_image(std::span(values).subspan(at, pixels), images.width, images.height),
        factor));
  pictures::write_png(filename, pictures::grid(tiles, 3, 3));
}

void save_images(const std::function<Array(const Array& x)>& reconstruct,
                 const std::function<Array(int n)>& sample, const ImageSet& images,
                 const std::string& out_dir) {
  // Training samples
  Array x = rows(images.train, kTrainShown);
  save3x3(x, images, out_dir + "/train.png");
  save3x3(reconstruct(x), images, out_dir + "/train_reconstructed.png");

  // Test samples
  x = rows(images.test, kTestShown);
  save3x3(x, images, out_dir + "/test.png");
  save3x3(reconstruct(x), images, out_dir + "/test_reconstructed.png");

  // Draw images from 9 randomly sampled values of z
  save3x3(sample(9), images, out_dir + "/sampled.png");
}

}  // namespace vae
