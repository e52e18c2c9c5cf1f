#include "examples/cifar_vae/images.h"

#include <algorithm>
#include <span>
#include <vector>

#include "examples/pictures/image.h"

namespace cifar_vae {

void save_grid(const autograd::Array& images, const std::string& path) {
  constexpr int kColumns = 8, kMost = 64;
  const auto n = static_cast<int>(std::min<std::int64_t>(kMost, images.length(0)));
  const auto height = static_cast<int>(images.length(2)),
             width = static_cast<int>(images.length(3));
  const auto size = static_cast<std::size_t>(3 * height * width);
  const std::vector<float> values = images.slice(0, 0, n).to_vector<float>();
  std::vector<pictures::Image> tiles;
  for (int i = 0; i < n; ++i)
    tiles.push_back(pictures::enlarge(
        pictures::rgb_image(std::span(values).subspan(static_cast<std::size_t>(i) * size, size),
                            width, height),
        2));
  pictures::write_png(path, pictures::grid(tiles, (n + kColumns - 1) / kColumns,
                                           std::min(n, kColumns), {.gap = 2}));
}

}  // namespace cifar_vae
