#pragma once

#include <optional>

#include "autograd/array/array.h"
#include "autograd/base/shape.h"

// Images as vision models take them.
namespace nn::inline links {

using autograd::Array;
using autograd::HeightWidth;

// The image in RGB, uint8 (height, width, 3), that is made of one of these arrays of any dtype:
// (height, width), (1, height, width), (3, height, width), (height, width, 3) in RGB, or (height,
// width, 4), whose last channel is dropped. Values are cut to uint8.
Array as_rgb(const Array& image);

// An image uint8 (height, width, channels) in another size, as Pillow's Image.resize() gives it with
// its default filter, BICUBIC: each pixel is a mean of the pixels around it, more of them where the
// image becomes smaller.
Array resized(const Array& image, HeightWidth size);

// The image as float32 or float64, config().dtype, in BGR minus `mean`, (3, height, width). It is
// resized unless `size` is None.
Array prepared_image(const Array& image, std::optional<HeightWidth> size, const double (&mean)[3]);

// Ten pieces of each image of (n, channels, height, width): the four corners, top left, top right,
// bottom left and bottom right, the center, and the mirror images of these: (10 n, channels,
// crop.height, crop.width). Chainer's utils.imgproc.oversample.
Array oversample(const Array& images, HeightWidth crop);

}  // namespace nn::inline links
