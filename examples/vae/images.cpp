#include "examples/vae/images.h"

#include <algorithm>
#include <vector>

#include "examples/pictures/image.h"
#include "examples/vae/classes.h"

namespace vae {
namespace {

using autograd::Array;

// A grid of the rows of x, enlarged to about 840 pixels.
void save_grid(const Array& x, int across, int down, const ImageSet& images,
               const std::string& path) {
  const std::vector<float> values = x.to_vector<float>();
  const std::size_t pixels =
      static_cast<std::size_t>(images.height) * static_cast<std::size_t>(images.width);
  const int factor = std::max(1, 840 / across / std::max(images.height, images.width));
  std::vector<pictures::Image> tiles;
  for (std::size_t i = 0; i < static_cast<std::size_t>(x.length(0)); ++i)
    tiles.push_back(
        pictures::enlarge(pictures::grey_image(std::span(values).subspan(i * pixels, pixels),
                                               images.width, images.height),
                          factor));
  pictures::write_png(path, pictures::grid(tiles, down, across));
}

void save3x3(const Array& x, const ImageSet& images, const std::string& path) {
  save_grid(x, 3, 3, images, path);
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

// The same rows of the labels, if there are any.
std::optional<Array> rows(const std::optional<Array>& labels,
                          std::initializer_list<std::int64_t> indexes) {
  if (!labels) return {};
  return rows(labels->expand_dims(1), indexes).squeeze(1);
}

}  // namespace

void save_images(const PictureModel& model, const ImageSet& images, const std::string& folder) {
  const auto save = [&](const std::string& name, const Array& x, const std::optional<Array>& labels,
                        std::initializer_list<std::int64_t> indexes) {
    const Array shown = rows(x, indexes);
    save3x3(shown, images, folder + "/" + name + ".png");
    save3x3(model.reconstruct(with_classes(shown, rows(labels, indexes), model.classes)), images,
            folder + "/" + name + "_reconstructed.png");
  };
  save("train", images.train, images.train_labels, {1, 3, 5, 10, 2, 0, 13, 15, 17});
  save("test", images.test, images.test_labels, {3, 2, 1, 18, 4, 8, 11, 17, 61});

  if (model.classes == 0) {
    save3x3(model.sample(9), images, folder + "/sampled.png");
  } else {
    constexpr int kDraws = 5;
    save_grid(model.sample(kDraws), model.classes, kDraws, images, folder + "/sampled.png");
  }
}

}  // namespace vae
