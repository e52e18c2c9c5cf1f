#include "nn/datasets/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>
#include <new>

#include "autograd/base/error.h"

namespace nn::datasets {
namespace {

using autograd::Error;

struct Free {
  void operator()(archive* a) const { archive_read_free(a); }
};

[[noreturn]] void fail(std::string_view what, archive* a) {
  const char* why = archive_error_string(a);
  throw Error(fmt::format("tar: {} must be a whole archive, but: {}", what,
                          why == nullptr ? "it is not" : why));
}

}  // namespace

std::map<std::string, Bytes> read_tar(std::span<const std::byte> bytes, std::string_view what) {
  // libarchive would unpack, too, but it does not look at gzip's checksum.
  Bytes unpacked;
  if (is_gzip(bytes)) bytes = unpacked = gunzip(bytes, what);

  const std::unique_ptr<archive, Free> a(archive_read_new());
  if (!a) throw std::bad_alloc();
  archive_read_support_format_tar(a.get());
  if (archive_read_open_memory(a.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    fail(what, a.get());
  std::map<std::string, Bytes> files;
  for (archive_entry* entry = nullptr;;) {
    const int code = archive_read_next_header(a.get(), &entry);
    if (code == ARCHIVE_EOF) return files;
    if (code != ARCHIVE_OK) fail(what, a.get());
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const la_int64_t size = archive_entry_size(entry);
    if (size < 0 || static_cast<std::uint64_t>(size) > bytes.size())
      throw Error(
          fmt::format("tar: {} must hold its files, but {} of {} bytes is longer than the archive",
                      what, archive_entry_pathname(entry), size));
    Bytes& file = files[archive_entry_pathname(entry)];
    file.resize(static_cast<std::size_t>(size));
    if (archive_read_data(a.get(), file.data(), file.size()) != size) fail(what, a.get());
  }
}

}  // namespace nn::datasets
