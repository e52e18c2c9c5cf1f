#include "nn/files/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <exception>
#include <memory>
#include <new>

#include "autograd/base/error.h"

namespace nn::inline files {
namespace {

using autograd::Error;

struct Free {
  void operator()(archive* a) const { archive_read_free(a); }
};

// What libarchive reads from. An exception waits here until libarchive has returned: none may pass
// through C.
struct Input {
  ByteSource source;
  Bytes block = Bytes(1u << 16);
  std::exception_ptr failure = nullptr;

  static la_ssize_t read(archive* a, void* self, const void** data) {
    auto* input = static_cast<Input*>(self);
    try {
      *data = input->block.data();
      return static_cast<la_ssize_t>(input->source(input->block));
    } catch (...) {
      input->failure = std::current_exception();
      archive_set_error(a, ARCHIVE_FATAL, "it cannot be read");
      return ARCHIVE_FATAL;
    }
  }
};

[[noreturn]] void fail(std::string_view what, archive* a, const Input& input) {
  if (input.failure) std::rethrow_exception(input.failure);
  const char* why = archive_error_string(a);
  throw Error(fmt::format("tar: {} must be a complete archive, but: {}", what,
                          why == nullptr ? "it is not" : why));
}

}  // namespace

std::map<std::string, Bytes> read_tar(std::span<const std::byte> archive, std::string_view what,
                                      std::uint64_t most) {
  return read_tar(memory_source(archive), what, most);
}

std::map<std::string, Bytes> read_tar(ByteSource source, std::string_view what,
                                      std::uint64_t most) {
  // libarchive could unpack gzip itself, but it does not check the checksum.
  Input input{at_most(most, plain(std::move(source), what), fmt::format("tar: {}", what))};
  const std::unique_ptr<archive, Free> a(archive_read_new());
  if (!a) throw std::bad_alloc();
  archive_read_support_format_tar(a.get());
  if (archive_read_open(a.get(), &input, nullptr, Input::read, nullptr) != ARCHIVE_OK)
    fail(what, a.get(), input);
  std::map<std::string, Bytes> files;
  std::uint64_t total = 0;  // sparse files are longer than their data in the archive
  const ByteSource data = [&](std::span<std::byte> room) {
    const la_ssize_t n = archive_read_data(a.get(), room.data(), room.size());
    if (n < 0) fail(what, a.get(), input);
    total += static_cast<std::uint64_t>(n);
    if (total > most)
      throw Error(fmt::format("tar: {} must hold files of at most {} bytes, but they are longer",
                              what, most));
    return static_cast<std::size_t>(n);
  };
  for (archive_entry* entry = nullptr;;) {
    const int code = archive_read_next_header(a.get(), &entry);
    if (code == ARCHIVE_EOF && !input.failure) break;
    if (code != ARCHIVE_OK) fail(what, a.get(), input);
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* name = archive_entry_pathname(entry);
    const la_int64_t size = archive_entry_size(entry);
    if (name == nullptr || size < 0)
      throw Error(fmt::format("tar: {} must name each file and its size, but it does not", what));
    Bytes& file = files[name];
    file = take(data, static_cast<std::uint64_t>(size));
    if (file.size() != static_cast<std::uint64_t>(size))
      throw Error(fmt::format("tar: {} must hold its files, but {} has {} bytes instead of {}",
                              what, name, file.size(), size));
  }
  // Reads to the end of the file, because gzip's checksum follows the archive.
  skip(input.source, most);
  return files;
}

}  // namespace nn::inline files
