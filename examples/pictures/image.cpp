#include "examples/pictures/image.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "autograd/base/error.h"
#include "nn/files/write_file.h"

namespace pictures {
namespace {

using autograd::Error;

std::string described(const Image& image) {
  return fmt::format("{} x {} with {} channels and {} bytes", image.width, image.height,
                     image.channels, image.pixels.size());
}

void check_image(const char* op, const Image& image) {
  const bool sized = image.width > 0 && image.height > 0;
  const bool known = image.channels == 1 || image.channels == 3;
  const auto bytes = sized && known ? std::size_t(image.width) * std::size_t(image.height) *
                                          std::size_t(image.channels)
                                    : 0;
  if (bytes == 0 || image.pixels.size() != bytes) {
    throw Error(
        fmt::format("{}: an image must have a positive size, 1 or 3 channels and a byte for each "
                    "value, but this one is {}",
                    op, described(image)));
  }
}

std::uint8_t byte_of(float value) {
  if (std::isnan(value)) return 128;
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.f, 1.f)));
}

Image from_planes(const char* op, std::span<const float> values, int channels, int width,
                  int height) {
  if (width <= 0 || height <= 0) {
    throw Error(
        fmt::format("{}: width and height must be positive, but are {} and {}", op, width, height));
  }
  const auto area = std::size_t(width) * std::size_t(height);
  const auto planes = std::size_t(channels);
  if (values.size() != planes * area) {
    throw Error(fmt::format("{}: the number of values must be {} x {} x {} = {}, but is {}", op,
                            channels, height, width, planes * area, values.size()));
  }
  Image image{width, height, channels, std::vector<std::uint8_t>(values.size())};
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::size_t i = 0; i < area; ++i) {
      image.pixels[i * planes + plane] = byte_of(values[plane * area + i]);
    }
  }
  return image;
}

std::size_t row_bytes(const Image& image) {
  return std::size_t(image.width) * std::size_t(image.channels);
}

// Copies the tile into the canvas, with its upper left corner at (left, top).
void paste(Image& canvas, const Image& tile, int left, int top) {
  for (int y = 0; y < tile.height; ++y) {
    const auto from = tile.pixels.begin() + std::ptrdiff_t(std::size_t(y) * row_bytes(tile));
    const auto to =
        std::size_t(top + y) * row_bytes(canvas) + std::size_t(left) * std::size_t(canvas.channels);
    std::copy_n(from, row_bytes(tile), canvas.pixels.begin() + std::ptrdiff_t(to));
  }
}

std::vector<std::uint8_t> encode_png(const Image& image) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = png_uint_32(image.width);
  header.height = png_uint_32(image.height);
  header.format = image.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  std::vector<std::uint8_t> encoded(PNG_IMAGE_PNG_SIZE_MAX(header));
  png_alloc_size_t size = encoded.size();
  if (!png_image_write_to_memory(&header, encoded.data(), &size, 0, image.pixels.data(), 0,
                                 nullptr)) {
    throw Error(
        fmt::format("write_png: libpng must be able to encode the image, but for {} it says '{}'",
                    described(image), header.message));
  }
  encoded.resize(size);
  return encoded;
}

}  // namespace

Image grey_image(std::span<const float> values, int width, int height) {
  return from_planes("grey_image", values, 1, width, height);
}

Image rgb_image(std::span<const float> values, int width, int height) {
  return from_planes("rgb_image", values, 3, width, height);
}

Image enlarge(const Image& image, int factor) {
  check_image("enlarge", image);
  if (factor < 1 || factor > 1000) {
    throw Error(fmt::format("enlarge: factor must lie in 1..1000, but is {}", factor));
  }
  Image big{image.width * factor, image.height * factor, image.channels, {}};
  big.pixels.reserve(image.pixels.size() * std::size_t(factor) * std::size_t(factor));
  const auto channels = std::ptrdiff_t(image.channels);
  for (auto row = image.pixels.begin(); row != image.pixels.end();) {
    const auto row_end = row + std::ptrdiff_t(row_bytes(image));
    for (int copy = 0; copy < factor; ++copy) {
      for (auto pixel = row; pixel != row_end; pixel += channels) {
        for (int i = 0; i < factor; ++i) {
          big.pixels.insert(big.pixels.end(), pixel, pixel + channels);
        }
      }
    }
    row = row_end;
  }
  return big;
}

Image grid(std::span<const Image> images, int rows, int columns, GridStyle style) {
  if (rows < 1 || columns < 1 || style.gap < 0) {
    throw Error(fmt::format(
        "grid: rows and columns must be positive and gap at least 0, but are {}, {} and {}", rows,
        columns, style.gap));
  }
  if (images.empty() || images.size() > std::size_t(rows) * std::size_t(columns)) {
    throw Error(fmt::format("grid: a grid of {} x {} must get 1 to {} images, but gets {}", rows,
                            columns, std::size_t(rows) * std::size_t(columns), images.size()));
  }
  const Image& first = images.front();
  for (const Image& image : images) {
    check_image("grid", image);
    if (image.width != first.width || image.height != first.height ||
        image.channels != first.channels) {
      throw Error(fmt::format(
          "grid: images must have the same size and channels, but one is {} and one is {}",
          described(first), described(image)));
    }
  }
  const int step_x = first.width + style.gap;
  const int step_y = first.height + style.gap;
  Image canvas{columns * step_x + style.gap, rows * step_y + style.gap, first.channels, {}};
  canvas.pixels.assign(std::size_t(canvas.height) * row_bytes(canvas), style.shade);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const int row = int(i) / columns;
    const int column = int(i) % columns;
    paste(canvas, images[i], style.gap + column * step_x, style.gap + row * step_y);
  }
  return canvas;
}

Image decode_png(std::string_view png) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  Image image{0, 0, 3, {}};
  bool read = png_image_begin_read_from_memory(&header, png.data(), png.size()) != 0;
  if (read) {
    header.format = PNG_FORMAT_RGB;
    image.width = int(header.width);
    image.height = int(header.height);
    image.pixels.resize(PNG_IMAGE_SIZE(header));
    read = png_image_finish_read(&header, nullptr, image.pixels.data(), 0, nullptr) != 0;
  }
  if (!read)
    throw Error(
        fmt::format("decode_png: the bytes must be a PNG, but libpng says '{}'", header.message));
  return image;
}

void write_png(const std::string& path, const Image& image) {
  check_image("write_png", image);
  const std::vector<std::uint8_t> bytes = encode_png(image);
  nn::write_file(path, std::as_bytes(std::span(bytes)), "write_png");
}

}  // namespace pictures
