#pragma once

#include <string_view>

#include "nn/datasets/image_dataset.h"

namespace nn::datasets {

// 1,797 handwritten digits of 8 x 8 pixels with 17 grey levels, included in this library: the first
// 1,500 for training, the other 297 for testing. E. Alpaydin, C. Kaynak: Optical Recognition of
// Handwritten Digits, UCI Machine Learning Repository, CC BY 4.0.
TrainTest get_digits(const ImageOptions& options = {});

// A sentence that credits the source of the digits.
std::string_view digits_attribution();

}  // namespace nn::datasets
