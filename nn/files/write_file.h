// Atomic writing: a file appears complete or not at all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace nn::inline files {

// A file that appears under its name when commit() returns, and replaces an older file of this
// name. Until then it is written in the same folder under a unique name that begins with tmp.
// Without commit() the destructor removes it, and the older file stays unchanged.
//
// When commit() returns, the file survives a loss of power. A symbolic link of this name is
// replaced, not followed. Every method throws Error, beginning with `what`, if the folder is not
// writable, the disk is full, or the name belongs to something other than a file.
class WholeFile {
 public:
  WholeFile(std::string path, std::string_view what);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();

  // The file descriptor, for code that writes or seeks by itself; closed on exec.
  int descriptor() const { return file_; }

 private:
  [[noreturn]] void fail(int error) const;

  std::string path_, what_, folder_, temporary_;
  int file_ = -1;
};

// Writes a file with these contents, atomically.
void write_file(const std::string& path, std::string_view contents, std::string_view what);
void write_file(const std::string& path, std::span<const std::byte> contents,
                std::string_view what);

}  // namespace nn::inline files
