// Files that are there whole or not at all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace nn::inline files {

// A file that appears under its name when commit() returns, and takes the place of an older one. It
// is written beside that place, under a name that begins with tmp and that no other process or
// thread has; without commit() the destructor removes it and the older file stays as it was.
//
// When commit() returns, the file survives a loss of power. A symbolic link of that name is
// replaced and not followed. Every method throws Error, beginning with `what`, where the place
// cannot be written to, where the disk is full, and where something other than a file has the name.
class WholeFile {
 public:
  WholeFile(std::string path, std::string_view what);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();

  // For what writes or seeks by itself; closed on exec.
  int descriptor() const { return file_; }

 private:
  [[noreturn]] void fail(int error) const;

  std::string path_, what_, folder_, temporary_;
  int file_ = -1;
};

// A file with these contents, whole or not at all.
void write_file(const std::string& path, std::string_view contents, std::string_view what);
void write_file(const std::string& path, std::span<const std::byte> contents,
                std::string_view what);

}  // namespace nn::inline files
