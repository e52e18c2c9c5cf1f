#pragma once

#include <span>
#include <string>

#include "examples/pictures/image.h"

namespace pictures {

struct GifOptions {
  int delay = 6;  // hundredths of a second that a frame stays; many viewers slow 0 and 1 down
  // Grey pixels are rounded to so many evenly spaced shades, 2 to 256 (exact). Fewer make a smaller
  // file; 63 look like 256.
  int shades = 63;
};

// Writes the frames as a GIF that begins again when it is over. Frames of three channels with up to
// 255 colours in all are exact; else each pixel gets the nearest of about 255 that giflib chooses
// for all frames together. The file appears whole or not at all (see write_png). Throws Error if
// there is no frame, if frames differ in size or channels, if a side is longer than 65535, if an
// option lies outside its range, and if the file cannot be written.
void write_gif(const std::string& path, std::span<const Image> frames, GifOptions options = {});

}  // namespace pictures
