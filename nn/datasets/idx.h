// The idx format of MNIST and related datasets: unsigned bytes with any number of axes, plain or
// gzipped.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "nn/datasets/image_dataset.h"
#include "nn/files/byte_source.h"

namespace nn::datasets {

// Decodes an idx file to a uint8 array. Throws Error, beginning with `what`, if the bytes are not
// an idx file, or are fewer or more than its shape requires. Memory is allocated as the bytes
// arrive, whatever shape the file claims.
Array decode_idx(std::span<const std::byte> bytes, std::string_view what);
Array decode_idx(const ByteSource& source, std::string_view what);
// Reads an idx file; a gzipped one is recognised by its first bytes.
Array read_idx(const std::string& path);

// Writes a uint8 array, gzipped if the path ends in .gz, atomically.
void write_idx(const std::string& path, const Array& array);

// The names of the four files, without an optional .gz at the end.
struct IdxNames {
  const char *images, *labels;
};
inline constexpr IdxNames kIdxTrain{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
inline constexpr IdxNames kIdxTest{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

// A training and a test set from the four idx files of a folder, with images of any size: MNIST,
// Fashion-MNIST, your own. Pixels of 255 become `scale`. Without labels only the images are read.
//
// Labels are 0, 1, ..., n - 1. If n > 10, each class must have an image, so that damaged bytes and
// labels that count from 1 are detected; the message gives the label and its position. (For data
// with gaps by design, read the files by read_idx.)
TrainTest load_idx_folder(const std::string& folder, const ImageOptions& options = {});

}  // namespace nn::datasets
