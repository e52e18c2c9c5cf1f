#pragma once

#include "examples/pictures/tiles.h"

namespace pictures {

// The tiles through cairo, in three channels. They must be such that write_tiles takes them.
Image draw(const Tiles& tiles);

}  // namespace pictures
