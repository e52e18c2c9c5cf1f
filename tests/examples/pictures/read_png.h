#pragma once

#include <png.h>

#include <stdexcept>
#include <string>

#include "examples/pictures/image.h"

// A PNG as libpng reads it, in the number of channels that the file has.
inline pictures::Image read_png(const std::string& path) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&header, path.c_str())) {
    throw std::runtime_error(path + ": " + header.message);
  }
  const bool color = header.format & PNG_FORMAT_FLAG_COLOR;
  header.format = color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  pictures::Image image{int(header.width), int(header.height), color ? 3 : 1, {}};
  image.pixels.resize(PNG_IMAGE_SIZE(header));
  if (!png_image_finish_read(&header, nullptr, image.pixels.data(), 0, nullptr)) {
    throw std::runtime_error(path + ": " + header.message);
  }
  return image;
}
