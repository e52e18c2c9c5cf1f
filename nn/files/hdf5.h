// HDF5, the other format in which Chainer saves models and optimizers (chainer.serializers.save_hdf5).
// A key a/b/W is the dataset W in the group /a/b.
//
// A build without libhdf5 has these classes, but their constructors throw Error.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/none.h"
#include "autograd/base/shape.h"
#include "nn/files/value.h"

namespace nn::inline files {

namespace hdf5 {
// How the values of one dataset are stored.
struct Storage {
  std::string filter;        // "gzip", "lzf", or "" if the values are not compressed
  int level = 0;             // of gzip
  autograd::Shape chunks{};  // empty: the dataset is contiguous

  friend bool operator==(const Storage&, const Storage&) = default;
};
struct File;  // an open file of libhdf5
}  // namespace hdf5

// Reads an HDF5 file. Every method throws Error, naming the file and the key, if the key is missing
// or its dataset is damaged or of a type that Array cannot hold.
class Hdf5Reader {
 public:
  static constexpr std::uint64_t kAnySize = static_cast<std::uint64_t>(-1);

  explicit Hdf5Reader(const std::string& path);
  ~Hdf5Reader();
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;

  // The paths of all datasets, in alphabetical order.
  const std::vector<std::string>& keys() const& { return keys_; }
  std::vector<std::string> keys() const&& { return keys_; }
  bool contains(std::string_view key) const;

  // The values of a dataset. Numbers are converted as npy::decode converts them; an empty dataset
  // is None. Throws if the array would have more than `most` bytes, before it is read.
  FileValue entry(std::string_view key, std::uint64_t most = kAnySize) const;
  hdf5::Storage storage(std::string_view key) const;

  const std::string& name() const& { return name_; }
  std::string name() const&& { return name_; }

 private:
  std::string what(std::string_view key) const;

  std::string name_;
  std::unique_ptr<hdf5::File> file_;
  std::vector<std::string> keys_;
};

struct Hdf5WriterOptions {
  // The level of gzip, 0 to 9. With nullopt (Chainer's None) nothing is compressed. Arrays of at
  // most one element are never compressed, as in Chainer.
  std::optional<int> compression = 4;
};

// Writes an HDF5 file in Chainer's layout. The complete file appears under its name when close()
// returns (see WholeFile in nn/files/write_file.h). A writer destroyed before close() leaves no
// file, and an older file of this name stays unchanged.
class Hdf5Writer {
 public:
  explicit Hdf5Writer(std::string path, Hdf5WriterOptions options = {});
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  void write(std::string_view key, const autograd::Array& array);
  void write_none(std::string_view key);
  void close();

 private:
  std::string path_;
  Hdf5WriterOptions options_;
  std::unique_ptr<hdf5::File> file_;
};

}  // namespace nn::inline files
