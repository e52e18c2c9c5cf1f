// The idx format, in which MNIST and its kin come: unsigned bytes with any number of axes, plain or
// gzipped.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "nn/datasets/image_dataset.h"
#include "nn/files/byte_source.h"

namespace nn::datasets {

// uint8, with the axes that the file names. Throws where the file is no idx file, or has fewer or
// more bytes than its axes need; memory is taken as they come, whatever the axes are said to be.
// `what` begins the message.
Array decode_idx(std::span<const std::byte> bytes, std::string_view what);
Array decode_idx(const ByteSource& source, std::string_view what);
// From a file; a gzipped one is known by its first bytes.
Array read_idx(const std::string& path);

// Writes a uint8 array, gzipped if the path ends in .gz. The file appears whole or not at all.
void write_idx(const std::string& path, const Array& array);

// The names of the four files, without the .gz that each may end in.
struct IdxNames {
  const char *images, *labels;
};
inline constexpr IdxNames kIdxTrain{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
inline constexpr IdxNames kIdxTest{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

// A training and a test set from those four files of a folder, of any size: MNIST, Fashion-MNIST,
// one's own. Pixels of 255 become `scale`. Without labels only the images are read.
//
// Labels are 0, 1, ..., n - 1. Up to ten classes need not all have images. With more, each must have
// one: so a damaged byte, or labels that count from 1, are refused, naming the label and its place.
// (What has gaps by design is read by read_idx, file by file.)
TrainTest load_idx_folder(const std::string& folder, const ImageOptions& options = {});

}  // namespace nn::datasets
