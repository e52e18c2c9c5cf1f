#pragma once

#include "examples/pictures/image.h"
#include "examples/pictures/plot.h"

namespace pictures {

// The figure as pixels. Only in builds with cairo.
Image draw(const Figure& figure);

}  // namespace pictures
