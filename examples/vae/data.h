#pragma once

#include <string>

#include "examples/vae/images.h"

namespace vae {

// Loads the data set that --data names: digits (embedded), mnist, or a folder with idx files. With
// `binary`, pixels of at least 0.5 become 1 and all others 0. With `tiny`, only the first 100
// images are used. Labels are loaded if the data set has them: a folder may contain the two idx
// files of images alone.
ImageSet load_images(const std::string& data, bool binary, bool tiny);

}  // namespace vae
