#include "nn/datasets/idx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "nn/datasets/gzip.h"

namespace nn::datasets {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

namespace {

constexpr int kUnsignedBytes = 8;

std::string find(const std::string& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    const std::string path = (std::filesystem::path(folder) / (name + ending)).string();
    if (std::filesystem::exists(path)) return path;
  }
  throw Error(
      fmt::format("idx: {} must hold {}, plain or with .gz, but it does not", folder, name));
}

TupleDataset load(const std::string& folder, const IdxNames& names, const ImageOptions& options) {
  const std::string path = find(folder, names.images);
  const Array images = read_idx(path);
  if (images.ndim() != 3)
    throw Error(fmt::format("idx: {} must hold images, which have three axes, but it is {}", path,
                            describe(images)));
  if (!options.withlabel) return image_dataset(images, {}, 255, options);
  const std::string labels_path = find(folder, names.labels);
  const Array labels = read_idx(labels_path);
  if (labels.ndim() != 1 || labels.length(0) != images.length(0))
    throw Error(
        fmt::format("idx: {} must hold a label for each of the {} images in {}, but it is {}",
                    labels_path, images.length(0), names.images, describe(labels)));
  return image_dataset(images, labels, 255, options);
}

}  // namespace

Array decode_idx(std::span<const std::byte> bytes, std::string_view what) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[i]); };
  if (bytes.size() < 4 || byte(0) != 0 || byte(1) != 0)
    throw Error(
        fmt::format("idx: {} must begin as an idx file, but its magic number is wrong", what));
  if (byte(2) != kUnsignedBytes)
    throw Error(fmt::format("idx: {} must hold unsigned bytes (type 8), but its type is {}", what,
                            byte(2)));
  const std::uint32_t ndim = byte(3);
  if (ndim < 1 || ndim > static_cast<std::uint32_t>(autograd::kMaxDims))
    throw Error(fmt::format("idx: {} must have 1 to {} axes, but it has {}", what,
                            autograd::kMaxDims, ndim));
  const std::size_t header = 4 + 4 * std::size_t{ndim};
  if (bytes.size() < header)
    throw Error(
        fmt::format("idx: {} must name the lengths of its {} axes, but it ends after {} bytes",
                    what, ndim, bytes.size()));

  Shape shape;
  for (std::size_t at = 4; at < header; at += 4)
    shape.push_back(byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3));
  const std::uint64_t there = bytes.size() - header;
  std::uint64_t left = there;
  bool fits = true;
  for (std::int64_t n : shape) {  // divided rather than multiplied, which might overflow
    if (n == 0)
      throw Error(fmt::format("idx: {} must have no empty axis, but its shape is ({})", what,
                              fmt::join(shape, ", ")));
    fits = fits && left % static_cast<std::uint64_t>(n) == 0;
    left /= static_cast<std::uint64_t>(n);
  }
  if (!fits || left != 1)
    throw Error(fmt::format(
        "idx: {} must hold a byte for each element of its shape ({}), but {} follow the header",
        what, fmt::join(shape, ", "), there));
  Array array = Array::empty(shape, Dtype::uint8);
  std::memcpy(array.mutable_raw(), bytes.data() + header, there);
  return array;
}

Array read_idx(const std::string& path) {
  const Bytes bytes = read_file(path);
  return is_gzip(bytes) ? decode_idx(gunzip(bytes, path), path) : decode_idx(bytes, path);
}

void write_idx(const std::string& path, const Array& array) {
  if (array.dtype() != Dtype::uint8 || array.ndim() < 1)
    throw Error(
        fmt::format("idx: the array must be uint8 with an axis, but it is {}", describe(array)));
  Bytes bytes{std::byte{0}, std::byte{0}, std::byte{kUnsignedBytes},
              static_cast<std::byte>(array.ndim())};
  for (std::int64_t n : array.shape())
    for (int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::byte>(n >> shift & 0xff));
  const Array a = array.contiguous();
  const auto* data = static_cast<const std::byte*>(a.raw());
  bytes.insert(bytes.end(), data, data + a.size());
  if (path.ends_with(".gz")) bytes = gzip(bytes);

  const std::string temporary = path + ".part";
  std::ofstream out(temporary, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const std::string why = std::strerror(errno);
    std::remove(temporary.c_str());
    throw Error(fmt::format("idx: {} must be writable, but: {}", path, why));
  }
}

TrainTest load_idx_folder(const std::string& folder, const ImageOptions& options) {
  return {load(folder, kIdxTrain, options), load(folder, kIdxTest, options)};
}

}  // namespace nn::datasets
