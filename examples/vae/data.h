#pragma once

#include <string>

#include "examples/vae/images.h"

namespace vae {

// The images that --data names: digits (embedded), mnist, or a folder with idx files. `binary`
// makes each pixel 0 or 1 (at least 0.5), `tiny` takes the first 100 images only. Labels come along
// where the data have them: a folder may hold the two idx files of images alone.
ImageSet load_images(const std::string& data, bool binary, bool tiny);

}  // namespace vae
