#include "nn/serializers/npz.h"

#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <fstream>

namespace nn {

using autograd::Array;
using autograd::Error;

namespace {

// A zip error code as words.
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
        begins_as_zip ? "it is cut off or its table of contents is damaged" : "it is none"));
  throw Error(fmt::format("npz: {} must be readable, but: {}", name, words(code)));
}

constexpr std::string_view kZipMagic = "PK";

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

void npz::Discard::operator()(zip* archive) const { zip_discard(archive); }

NpzReader::NpzReader(const std::string& path) : name_(path) {
  int code = 0;
  archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive_) {
    std::array<char, 2> first{};
    std::ifstream(path, std::ios::binary).read(first.data(), first.size());
    fail_to_open(name_, code, std::string_view(first.data(), first.size()) == kZipMagic);
  }
  read_contents();
}

NpzReader::NpzReader(std::span<const std::byte> file, std::string name) : name_(std::move(name)) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  if (source) archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
  const int code = zip_error_code_zip(&error);
  zip_error_fini(&error);
  if (!archive_) {
    if (source) zip_source_free(source);
    fail_to_open(name_, code,
                 std::string_view(reinterpret_cast<const char*>(file.data()), file.size())
                     .starts_with(kZipMagic));
  }
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

npy::Entry NpzReader::entry(std::string_view key) const {
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
  // Sizes come from the table of contents, for newer Pythons put none into the headers beside the
  // data. No memory is asked for that the compressed bytes cannot fill: deflate makes at most 1032
  // bytes of one.
  const zip_uint64_t most =
      stat.comp_method == ZIP_CM_STORE ? stat.comp_size : 1032 * stat.comp_size;
  if (stat.size > most)
    throw Error(
        fmt::format("{} must be compressed at most 1032 times, but {} bytes are said to hold {}",
                    what(key), stat.comp_size, stat.size));

  const auto fail = [&](zip_error_t* error) {
    throw Error(fmt::format("{} must decompress to {} bytes, but: {}", what(key), stat.size,
                            zip_error_strerror(error)));
  };
  const std::unique_ptr<zip_file_t, CloseFile> file(
      zip_fopen_index(archive_.get(), found->second, 0));
  if (!file) fail(zip_get_error(archive_.get()));
  std::vector<std::byte> bytes(stat.size);
  std::size_t filled = 0;
  for (std::byte beyond;;) {  // one more read than is needed lets libzip compare the checksum
    const bool full = filled == bytes.size();
    const zip_int64_t n = full
                              ? zip_fread(file.get(), &beyond, 1)
                              : zip_fread(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (n < 0) fail(zip_file_get_error(file.get()));
    if (n == 0 && full) break;
    if (n == 0 || full)
      throw Error(fmt::format("{} must decompress to {} bytes, but there are {}", what(key),
                              stat.size, full ? "more" : fmt::format("only {}", filled)));
    filled += static_cast<std::size_t>(n);
  }
  return npy::decode(bytes, what(key));
}

Array NpzReader::array(std::string_view key) const {
  npy::Entry found = entry(key);
  if (Array* array = std::get_if<Array>(&found)) return *array;
  throw Error(fmt::format("{} must be an array, but it is {}", what(key),
                          found.index() == 0 ? "None" : "a text"));
}

std::string NpzReader::text(std::string_view key) const {
  npy::Entry found = entry(key);
  if (std::string* text = std::get_if<std::string>(&found)) return *text;
  const Array* array = std::get_if<Array>(&found);
  throw Error(
      fmt::format("{} must be a text, but it is {}", what(key), array ? describe(*array) : "None"));
}

bool NpzReader::is_none(std::string_view key) const {
  return std::holds_alternative<npy::None>(entry(key));
}

NpzWriter::NpzWriter(std::string path, Options options)
    : path_(std::move(path)), options_(options) {
  int code = 0;
  archive_.reset(zip_open(path_.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (!archive_) throw Error(fmt::format("npz: {} must be writable, but: {}", path_, words(code)));
}

void NpzWriter::write(std::string_view key, const Array& array) { add(key, npy::encode(array)); }
void NpzWriter::write_text(std::string_view key, std::string_view utf8) {
  add(key, npy::encode(utf8, fmt::format("npz: {} for {}", key, path_)));
}
void NpzWriter::write_none(std::string_view key) { add(key, npy::encode(npy::None{})); }

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
  // libzip writes to a temporary file in the same folder and renames it.
  if (zip_close(archive_.get()) != 0) {
    const std::string why = zip_strerror(archive_.get());
    archive_.reset();
    throw Error(fmt::format("npz: {} must be writable, but: {}", path_, why));
  }
  static_cast<void>(archive_.release());
  files_.clear();
}

}  // namespace nn
