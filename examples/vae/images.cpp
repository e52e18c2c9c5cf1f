#include "examples/vae/images.h"

#include <algorithm>
#include <vector>

#include "examples/pictures/image.h"

namespace vae {
namespace {

using autograd::Array;

// A 3x3 grid of the rows of x, enlarged to about 840 pixels.
void save3x3(const Array& x, const ImageSet& images, const std::string& path) {
  const std::vector<float> values = x.to_vector<float>();
  const std::size_t pixels =
      static_cast<std::size_t>(images.height) * static_cast<std::size_t>(images.width);
  const int factor = std::max(1, 280 / std::max(images.height, images.width));
  std::vector<pictures::Image> tiles;
  for (std::size_t i = 0; i < static_cast<std::size_t>(x.length(0)); ++i)
    tiles.push_back(
        pictures::enlarge(pictures::grey_image(std::span(values).subspan(i * pixels, pixels),
                                               images.width, images.height),
                          factor));
  pictures::write_png(path, pictures::grid(tiles, 3, 3));
}

// The rows that Chainer's example shows; those that a small set does not have are left out.
Array rows(const Array& x, std::initializer_list<std::int64_t> indexes) {
  std::vector<std::int64_t> present;
  for (std::int64_t i : indexes)
    if (i < x.length(0)) present.push_back(i);
  Array y = Array::empty({static_cast<std::int64_t>(present.size()), x.length(1)}, x.dtype());
  for (std::size_t i = 0; i < present.size(); ++i) {
    Array row = y.select(0, static_cast<std::int64_t>(i));
    row.assign(x.select(0, present[i]));
  }
  return y;
}

}  // namespace

void save_images(const PictureModel& model, const ImageSet& images, const std::string& folder) {
  const Array train = rows(images.train, {1, 3, 5, 10, 2, 0, 13, 15, 17});
  save3x3(train, images, folder + "/train.png");
  save3x3(model.reconstruct(train), images, folder + "/train_reconstructed.png");

  const Array test = rows(images.test, {3, 2, 1, 18, 4, 8, 11, 17, 61});
  save3x3(test, images, folder + "/test.png");
  save3x3(model.reconstruct(test), images, folder + "/test_reconstructed.png");

  save3x3(model.sample(9), images, folder + "/sampled.png");
}

}  // namespace vae
