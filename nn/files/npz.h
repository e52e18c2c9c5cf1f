// NumPy's npz format: a zip file of npy files, in which Chainer saves models, optimizers and
// snapshots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/files/npy.h"

struct zip;

namespace nn::inline files {

namespace npz {
struct Discard {
  void operator()(zip* archive) const;
};
using Archive = std::unique_ptr<zip, Discard>;
struct Sink;  // the destination of libzip's output
}  // namespace npz

// Reads an npz file. Entries are decompressed on demand, and memory is allocated as their bytes
// arrive, whatever sizes the file claims. Every method throws Error, naming the file and the key,
// if the key is missing or its entry is damaged or of another kind.
class NpzReader {
 public:
  static constexpr std::uint64_t kAnySize = static_cast<std::uint64_t>(-1);

  explicit NpzReader(const std::string& path);
  // Reads from memory, which must outlive the reader. `name` is used as the path in messages.
  NpzReader(std::span<const std::byte> file, std::string name);

  // In the order of the file.
  const std::vector<std::string>& keys() const& { return keys_; }
  std::vector<std::string> keys() const&& { return keys_; }
  bool contains(std::string_view key) const { return index_.contains(key); }

  // Throws if the entry has more than `most` bytes, counted as in NumPy's npy file, before
  // decompressing it.
  FileValue entry(std::string_view key, std::uint64_t most = kAnySize) const;
  autograd::Array array(std::string_view key) const;
  std::string text(std::string_view key) const;
  bool is_none(std::string_view key) const;

  const std::string& name() const& { return name_; }
  std::string name() const&& { return name_; }

 private:
  void read_contents();
  std::string what(std::string_view key) const;

  std::string name_;
  npz::Archive archive_;
  std::vector<std::string> keys_;
  std::map<std::string, std::uint64_t, std::less<>> index_;
};

struct NpzWriterOptions {
  bool compression = true;
};

// Writes an npz file that NumPy and Chainer can read. The complete file appears under its name when
// close() returns (see WholeFile in nn/files/write_file.h). A writer destroyed before close()
// leaves no file, and an older file of this name stays unchanged. Equal contents give equal bytes.
class NpzWriter {
 public:
  explicit NpzWriter(std::string path, NpzWriterOptions options = {});

  void write(std::string_view key, const autograd::Array& array);
  void write_text(std::string_view key, std::string_view utf8);
  void write_none(std::string_view key);
  void close();

 private:
  void add(std::string_view key, std::string file);

  std::string path_;
  NpzWriterOptions options_;
  std::deque<std::string> files_;  // libzip reads them when it closes
  std::shared_ptr<npz::Sink> sink_;
  npz::Archive archive_;
};

}  // namespace nn::inline files
