#include "nn/datasets/idx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <vector>

#include "nn/files/gzip.h"
#include "nn/files/write_file.h"

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

constexpr double kBrightest = 255;

struct Files {
  Array images, labels;  // uint8(n, height, width), uint8(n)
  std::string labels_path;
};

Files read(const std::string& folder, const IdxNames& names, bool withlabel) {
  const std::string path = find(folder, names.images);
  const Array images = read_idx(path);
  if (images.ndim() != 3)
    throw Error(fmt::format("idx: {} must hold images, which have three axes, but it is {}", path,
                            describe(images)));
  if (!withlabel) return {images, {}, {}};
  const std::string labels_path = find(folder, names.labels);
  const Array labels = read_idx(labels_path);
  if (labels.ndim() != 1 || labels.length(0) != images.length(0))
    throw Error(
        fmt::format("idx: {} must hold a label for each of the {} images in {}, but it is {}",
                    labels_path, images.length(0), names.images, describe(labels)));
  return {images, labels, labels_path};
}

// A small set with up to ten classes, like MNIST, need not have images of all classes. If a label
// is above 9, each number up to the largest label must label an image. Otherwise the label is a
// damaged byte, or the file counts from 1, and a model would silently be trained for classes that
// do not exist.
void require_classes(const Files& train, const Files& test) {
  constexpr std::int64_t kUsual = 10;
  std::array<bool, 257> used{};
  for (const Files* files : {&train, &test})
    for (const int label : files->labels.to_vector<int>())
      used[static_cast<std::size_t>(label)] = true;
  const std::int64_t missing = std::ranges::find(used, false) - used.begin();
  for (const Files* files : {&train, &test}) {
    const std::vector<int> labels = files->labels.to_vector<int>();
    const auto beyond =
        std::ranges::find_if(labels, [&](int label) { return label >= kUsual && label > missing; });
    if (beyond != labels.end())
      throw Error(fmt::format(
          "idx: labels above 9 must number the classes from 0 without a gap, but label {} is at {} "
          "in {} and no image has {}",
          *beyond, beyond - labels.begin(), files->labels_path, missing));
  }
}

}  // namespace

Array decode_idx(std::span<const std::byte> bytes, std::string_view what) {
  return decode_idx(memory_source(bytes), what);
}

Array decode_idx(const ByteSource& source, std::string_view what) {
  const Bytes magic = take(source, 4);
  const auto number = [](std::byte b) { return static_cast<std::uint32_t>(b); };
  if (magic.size() < 4 || magic[0] != std::byte{0} || magic[1] != std::byte{0})
    throw Error(
        fmt::format("idx: {} must begin as an idx file, but its magic number is wrong", what));
  if (number(magic[2]) != kUnsignedBytes)
    throw Error(fmt::format("idx: {} must hold unsigned bytes (type 8), but its type is {}", what,
                            number(magic[2])));
  const std::uint32_t ndim = number(magic[3]);
  if (ndim < 1 || ndim > static_cast<std::uint32_t>(autograd::kMaxDims))
    throw Error(fmt::format("idx: {} must have 1 to {} axes, but it has {}", what,
                            autograd::kMaxDims, ndim));
  const Bytes lengths = take(source, 4 * std::size_t{ndim});
  if (lengths.size() < 4 * std::size_t{ndim})
    throw Error(
        fmt::format("idx: {} must name the lengths of its {} axes, but it ends after {} bytes",
                    what, ndim, magic.size() + lengths.size()));

  Shape shape;
  for (std::size_t at = 0; at < lengths.size(); at += 4)
    shape.push_back(number(lengths[at]) << 24 | number(lengths[at + 1]) << 16 |
                    number(lengths[at + 2]) << 8 | number(lengths[at + 3]));
  std::uint64_t wanted = 1;
  for (std::int64_t n : shape) {
    if (n == 0)
      throw Error(fmt::format("idx: {} must have no empty axis, but its shape is ({})", what,
                              fmt::join(shape, ", ")));
    // A size beyond all files is limited, so that it does not overflow.
    constexpr std::uint64_t kBeyond = std::uint64_t{1} << 62;
    wanted = wanted > kBeyond / static_cast<std::uint64_t>(n)
                 ? kBeyond
                 : wanted * static_cast<std::uint64_t>(n);
  }
  const auto refuse = [&](const std::string& there) {
    throw Error(fmt::format(
        "idx: {} must hold a byte for each element of its shape ({}), but {} follow the header",
        what, fmt::join(shape, ", "), there));
  };
  const Bytes elements = take(source, wanted);
  if (elements.size() < wanted) refuse(fmt::format("{}", elements.size()));
  constexpr std::uint64_t kCounted = 1u << 20;
  if (const std::uint64_t more = skip(source, kCounted))
    refuse(fmt::format("{}{}", more < kCounted ? "" : "more than ", wanted + more));
  Array array = Array::empty(shape, Dtype::uint8);
  std::memcpy(array.mutable_raw(), elements.data(), elements.size());
  return array;
}

Array read_idx(const std::string& path) { return decode_idx(plain(file_source(path), path), path); }

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

  write_file(path, bytes, "idx");
}

TrainTest load_idx_folder(const std::string& folder, const ImageOptions& options) {
  const Files train = read(folder, kIdxTrain, options.withlabel);
  const Files test = read(folder, kIdxTest, options.withlabel);
  if (options.withlabel) require_classes(train, test);
  return {image_dataset(train.images, train.labels, kBrightest, options),
          image_dataset(test.images, test.labels, kBrightest, options)};
}

}  // namespace nn::datasets
