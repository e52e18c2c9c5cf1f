#pragma once

#include <string>
#include <variant>

#include "autograd/array/array.h"
#include "autograd/base/none.h"

namespace nn::inline files {

// What a file of models holds under one key, whatever the format: None, an array, or a text in
// UTF-8.
using FileValue = std::variant<autograd::NoneType, autograd::Array, std::string>;

}  // namespace nn::inline files
