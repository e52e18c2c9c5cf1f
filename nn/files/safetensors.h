// The safetensors format: a header in JSON, then the bytes of the arrays, which can be mapped into
// memory. https://github.com/huggingface/safetensors#format
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/array/array.h"
#include "nn/files/mapped_file.h"

namespace nn::inline files {

// Reads a safetensors file without copying it: an array lies in the mapped file and is read-only.
// See MappedFile for what must not happen to the file. Every method throws Error, naming the file
// and the key, if the key is missing or the file is damaged.
class SafetensorsReader {
 public:
  static constexpr std::uint64_t kAnySize = static_cast<std::uint64_t>(-1);

  explicit SafetensorsReader(const std::string& path);

  // In the order of the arrays in the file.
  const std::vector<std::string>& keys() const& { return keys_; }
  std::vector<std::string> keys() const&& { return keys_; }
  bool contains(std::string_view key) const { return entries_.contains(key); }

  // The array of this key. Types that Array does not have are converted, and copied, as by
  // npy::decode; BF16 also gives float32. An array whose bytes are not aligned for its type is
  // copied, too. Throws if the array would have more than `most` bytes.
  autograd::Array array(std::string_view key, std::uint64_t most = kAnySize) const;

  // The texts under __metadata__.
  const std::map<std::string, std::string>& metadata() const& { return metadata_; }
  std::map<std::string, std::string> metadata() const&& { return metadata_; }

  const std::string& name() const& { return name_; }
  std::string name() const&& { return name_; }

 private:
  struct Entry {
    std::string dtype;
    autograd::Shape shape{};
    std::uint64_t begin = 0, end = 0;  // of its bytes, from the first byte after the header
  };
  void read_header();
  void read_entry(const std::string& key, Entry entry);
  std::string what(std::string_view key) const;

  std::string name_;
  std::shared_ptr<const MappedFile> file_;
  std::uint64_t data_ = 0;  // where the bytes of the arrays begin
  std::vector<std::string> keys_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, std::string> metadata_;
};

// Writes a safetensors file, atomically (see WholeFile in nn/files/write_file.h). The arrays lie in
// the order of their item sizes, the widest first, so that each one is aligned.
void write_safetensors(const std::string& path,
                       const std::map<std::string, autograd::Array>& arrays,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace nn::inline files
