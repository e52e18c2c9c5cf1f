#include "nn/files/npz.h"

#include <fmt/format.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <optional>

#include "nn/files/byte_source.h"
#include "nn/files/read_file.h"
#include "nn/files/write_file.h"

namespace nn::inline files {

using autograd::Array;
using autograd::Error;

namespace {

// The text of a zip error code.
std::string words(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

[[noreturn]] void fail_to_open(const std::string& name, int code, bool begins_as_zip) {
  if (code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS)
    throw Error(fmt::format(
        "npz: {} must be a zip file, but {}", name,
        begins_as_zip ? "it is truncated or its table of contents is damaged" : "it is not"));
  throw Error(fmt::format("npz: {} must be readable, but: {}", name, words(code)));
}

constexpr std::string_view kZipMagic = "PK";

struct CloseEntry {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

// Makes a source of bytes for libzip; throws std::bad_alloc if libzip has no memory.
template <class Make>
zip_source_t* make_source(const Make& make) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = make(&error);
  zip_error_fini(&error);
  if (!source) throw std::bad_alloc();
  return source;
}

// Opens the archive in `source`, and takes ownership of `source`. On failure, returns an empty
// pointer and sets `code` to the reason.
npz::Archive open_archive(zip_source_t* source, int flags, int* code) {
  zip_error_t error;
  zip_error_init(&error);
  npz::Archive archive(zip_open_from_source(source, flags, &error));
  *code = zip_error_code_zip(&error);
  zip_error_fini(&error);
  if (!archive) zip_source_free(source);
  return archive;
}

}  // namespace

void npz::Discard::operator()(zip* archive) const { zip_discard(archive); }

// The file that libzip writes an archive to. No exception may pass through C code, so an exception
// is stored here until libzip has returned.
struct npz::Sink {
  explicit Sink(std::string p) : path(std::move(p)) { zip_error_init(&code); }
  ~Sink() { zip_error_fini(&code); }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  static zip_int64_t call(void* sink, void* data, zip_uint64_t size, zip_source_cmd_t command) {
    return static_cast<Sink*>(sink)->call(data, size, command);
  }
  zip_int64_t call(void* data, zip_uint64_t size, zip_source_cmd_t command);

  std::string path;
  std::optional<WholeFile> file;
  std::exception_ptr failure;
  zip_error_t code;
};

zip_int64_t npz::Sink::call(void* data, zip_uint64_t size, zip_source_cmd_t command) {
  const auto fail = [this](int zip_code, int system_code) {
    zip_error_set(&code, zip_code, system_code);
    return zip_int64_t{-1};
  };
  try {
    switch (command) {
      case ZIP_SOURCE_SUPPORTS:
        return ZIP_SOURCE_SUPPORTS_WRITABLE;
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&code, data, size);
      case ZIP_SOURCE_STAT:  // the archive is a new one
        return fail(ZIP_ER_READ, ENOENT);
      case ZIP_SOURCE_BEGIN_WRITE:
        file.emplace(path, "npz");
        return 0;
      case ZIP_SOURCE_WRITE:
        file->write({static_cast<const std::byte*>(data), size});
        return static_cast<zip_int64_t>(size);
      case ZIP_SOURCE_TELL_WRITE:
        return ::lseek(file->descriptor(), 0, SEEK_CUR);
      case ZIP_SOURCE_SEEK_WRITE: {
        const auto* to = ZIP_SOURCE_GET_ARGS(zip_source_args_seek_t, data, size, &code);
        if (!to) return -1;
        return ::lseek(file->descriptor(), to->offset, to->whence) < 0 ? fail(ZIP_ER_SEEK, errno)
                                                                       : 0;
      }
      case ZIP_SOURCE_COMMIT_WRITE:
        file->commit();
        file.reset();
        return 0;
      case ZIP_SOURCE_ROLLBACK_WRITE:
        file.reset();
        return 0;
      case ZIP_SOURCE_CLOSE:
      case ZIP_SOURCE_FREE:
        return 0;
      default:
        return fail(ZIP_ER_OPNOTSUPP, 0);
    }
  } catch (...) {
    failure = std::current_exception();
    return fail(ZIP_ER_WRITE, 0);
  }
}

NpzReader::NpzReader(const std::string& path) : name_(path) {
  OpenFile file = open_file(path, "npz");
  std::array<char, 2> first{};
  const bool begins_as_zip =
      std::fread(first.data(), 1, first.size(), file.get()) == first.size() &&
      std::string_view(first.data(), first.size()) == kZipMagic;
  zip_source_t* source = make_source(
      [&](zip_error_t* error) { return zip_source_filep_create(file.get(), 0, -1, error); });
  static_cast<void>(file.release());  // the source closes it
  int code = 0;
  archive_ = open_archive(source, ZIP_RDONLY, &code);
  if (!archive_) fail_to_open(name_, code, begins_as_zip);
  read_contents();
}

NpzReader::NpzReader(std::span<const std::byte> file, std::string name) : name_(std::move(name)) {
  zip_source_t* source = make_source([&](zip_error_t* error) {
    return zip_source_buffer_create(file.data(), file.size(), 0, error);
  });
  int code = 0;
  archive_ = open_archive(source, ZIP_RDONLY, &code);
  if (!archive_)
    fail_to_open(name_, code,
                 std::string_view(reinterpret_cast<const char*>(file.data()), file.size())
                     .starts_with(kZipMagic));
  read_contents();
}

void NpzReader::read_contents() {
  const zip_int64_t n = zip_get_num_entries(archive_.get(), 0);
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(n); ++i) {
    const char* file = zip_get_name(archive_.get(), i, 0);
    if (!file)
      throw Error(fmt::format("npz: {} must name its entries, but entry {} has no readable name",
                              name_, i));
    std::string key = file;
    if (key.ends_with(".npy")) key.resize(key.size() - 4);
    if (!index_.emplace(key, i).second)
      throw Error(
          fmt::format("npz: {} must hold each key once, but it holds {} twice", name_, key));
    keys_.push_back(std::move(key));
  }
}

std::string NpzReader::what(std::string_view key) const {
  return fmt::format("npz: {} in {}", key, name_);
}

FileValue NpzReader::entry(std::string_view key, std::uint64_t most) const {
  const auto found = index_.find(key);
  if (found == index_.end())
    throw Error(fmt::format("npz: {} must hold the key {}, but it does not", name_, key));
  zip_stat_t stat;
  zip_stat_init(&stat);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  if (zip_stat_index(archive_.get(), found->second, 0, &stat) != 0 ||
      (stat.valid & kNeeded) != kNeeded)
    throw Error(
        fmt::format("{} must have a size, but the table of contents names none", what(key)));
  // deflate makes at most 1032 bytes of one.
  constexpr zip_uint64_t kRatio = 1032;
  const zip_uint64_t packed = std::min(stat.comp_size, NpzReader::kAnySize / kRatio);
  if (stat.size > (stat.comp_method == ZIP_CM_STORE ? packed : kRatio * packed))
    throw Error(
        fmt::format("{} must be compressed at most 1032 times, but {} bytes are claimed to hold {}",
                    what(key), stat.comp_size, stat.size));
  const auto fail = [&](zip_error_t* error) {
    throw Error(fmt::format("{} must decompress to {} bytes, but: {}", what(key), stat.size,
                            zip_error_strerror(error)));
  };
  const std::unique_ptr<zip_file_t, CloseEntry> file(
      zip_fopen_index(archive_.get(), found->second, 0));
  if (!file) fail(zip_get_error(archive_.get()));
  const ByteSource data = [&](std::span<std::byte> room) {
    const zip_int64_t n = zip_fread(file.get(), room.data(), room.size());
    if (n < 0) fail(zip_file_get_error(file.get()));
    return static_cast<std::size_t>(n);
  };
  if (stat.size > most) {
    const Bytes begin = take(data, 1u << 16);
    throw Error(fmt::format("{} must have at most {} bytes, but its table of contents says {}, {}",
                            what(key), most, stat.size, npy::describe_header(begin, what(key))));
  }
  // The size comes from the table of contents and may be wrong. (Newer versions of Python write no
  // size into the headers next to the data.)
  const Bytes bytes = take(data, stat.size);
  std::byte beyond;  // one more read makes libzip compare the checksum
  const bool full = bytes.size() == stat.size;
  if (!full || data({&beyond, 1}) > 0)
    throw Error(fmt::format("{} must decompress to {} bytes, but there are {}", what(key),
                            stat.size, full ? "more" : fmt::format("only {}", bytes.size())));
  return npy::decode(bytes, what(key));
}

Array NpzReader::array(std::string_view key) const {
  FileValue found = entry(key);
  if (Array* array = std::get_if<Array>(&found)) return *array;
  throw Error(fmt::format("{} must be an array, but it is {}", what(key),
                          found.index() == 0 ? "None" : "a text"));
}

std::string NpzReader::text(std::string_view key) const {
  FileValue found = entry(key);
  if (std::string* text = std::get_if<std::string>(&found)) return *text;
  const Array* array = std::get_if<Array>(&found);
  throw Error(
      fmt::format("{} must be a text, but it is {}", what(key), array ? describe(*array) : "None"));
}

bool NpzReader::is_none(std::string_view key) const {
  return std::holds_alternative<autograd::NoneType>(entry(key));
}

NpzWriter::NpzWriter(std::string path, NpzWriterOptions options)
    : path_(std::move(path)), options_(options), sink_(std::make_shared<npz::Sink>(path_)) {
  zip_source_t* source = make_source([&](zip_error_t* error) {
    return zip_source_function_create(npz::Sink::call, sink_.get(), error);
  });
  int code = 0;
  archive_ = open_archive(source, ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!archive_) throw Error(fmt::format("npz: {} must be writable, but: {}", path_, words(code)));
}

void NpzWriter::write(std::string_view key, const Array& array) { add(key, npy::encode(array)); }
void NpzWriter::write_text(std::string_view key, std::string_view utf8) {
  add(key, npy::encode(utf8, fmt::format("npz: {} for {}", key, path_)));
}
void NpzWriter::write_none(std::string_view key) { add(key, npy::encode(autograd::None)); }

void NpzWriter::add(std::string_view key, std::string file) {
  if (!archive_)
    throw Error(fmt::format("npz: {} must be open to be written to, but it is closed", path_));
  const std::string& kept = files_.emplace_back(std::move(file));
  const auto fail = [&] {
    throw Error(fmt::format("npz: {} must be writable to {}, but: {}", key, path_,
                            zip_strerror(archive_.get())));
  };
  zip_source_t* source = zip_source_buffer(archive_.get(), kept.data(), kept.size(), 0);
  if (!source) fail();
  const std::string name = fmt::format("{}.npy", key);
  const zip_int64_t index = zip_file_add(archive_.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    fail();
  }
  const auto entry = static_cast<zip_uint64_t>(index);
  const zip_int32_t method = options_.compression ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
  constexpr zip_uint32_t kLevel = 6;
  constexpr zip_uint16_t kFirstOfJanuary1980 = 1 << 5 | 1;  // NumPy's date as well
  if (zip_set_file_compression(archive_.get(), entry, method, kLevel) != 0 ||
      zip_file_set_dostime(archive_.get(), entry, 0, kFirstOfJanuary1980, 0) != 0)
    fail();
}

void NpzWriter::close() {
  if (!archive_) return;
  if (files_.empty()) {  // libzip writes no archive without entries
    using namespace std::string_view_literals;
    archive_.reset();
    return write_file(path_, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv, "npz");
  }
  if (zip_close(archive_.get()) != 0) {
    const std::string why = zip_strerror(archive_.get());
    archive_.reset();
    if (sink_->failure) std::rethrow_exception(sink_->failure);
    throw Error(fmt::format("npz: {} must be writable, but: {}", path_, why));
  }
  static_cast<void>(archive_.release());
  files_.clear();
}

}  // namespace nn::inline files
