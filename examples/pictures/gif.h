#pragma once

#include <span>
#include <string>

#include "examples/pictures/image.h"

namespace pictures {

struct GifOptions {
  // The duration of a frame in hundredths of a second. Many viewers slow down films with 0 or 1.
  int delay = 6;
  // The number of equally spaced shades, 2 to 256, to which grey pixels are rounded. 256 is exact.
  // Fewer shades make a smaller file; 63 shades look like 256.
  int shades = 63;
};

// Writes the frames as a GIF that repeats forever. Frames of three channels are exact if they have
// at most 255 colours in total. Otherwise giflib chooses about 255 colours for all frames together,
// and each pixel gets the nearest colour. The file is written atomically (see write_png). Throws
// Error if there is no frame, if frames differ in size or channels, if a side is longer than 65535,
// if an option is out of range, and if the file cannot be written.
void write_gif(const std::string& path, std::span<const Image> frames, GifOptions options = {});

}  // namespace pictures
