#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "nn/datasets/gzip.h"

namespace nn::datasets {

// The files of a tar archive, by their path in it, gzipped or not. Throws where the archive is
// damaged or ends too soon; `what` names it in the message.
std::map<std::string, Bytes> read_tar(std::span<const std::byte> archive, std::string_view what);

}  // namespace nn::datasets
