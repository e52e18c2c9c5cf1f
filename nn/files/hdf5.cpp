#include "nn/files/hdf5.h"

#include <fmt/format.h>

#include "autograd/base/error.h"

#ifdef CHAINETTE_HDF5

#include <hdf5.h>
#include <lzf.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <utility>

#include "nn/files/write_file.h"

namespace nn::inline files {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

namespace {

// Debian's libhdf5 must not be called by two threads at once. While this object lives, the calling
// thread has the library for itself, and the library prints no errors.
class Library {
 public:
  Library() : lock_(mutex()) {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Library() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // What libhdf5 says of the last call that failed: its innermost, most specific reason.
  static std::string reason() {
    std::string text = "libhdf5 gives no reason";
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned n, const H5E_error2_t* error, void* to) {
          if (n == 0 && error->desc) *static_cast<std::string*>(to) = error->desc;
          return herr_t{0};
        },
        &text);
    return text;
  }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

// An object of libhdf5, closed by its destructor. A negative id is an object that could not be
// opened.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  hid_t id() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// ---- the filter of h5py that libhdf5 lacks

constexpr H5Z_filter_t kLzf = 32000;                        // its registered number
constexpr std::size_t kMostOfChunk = std::size_t{1} << 32;  // of one chunk, by HDF5's rule

// Its third value is the size of a chunk before compression.
std::size_t decompress_lzf(unsigned flags, std::size_t count, const unsigned* values,
                           std::size_t packed, std::size_t* room, void** buffer) {
  if (!(flags & H5Z_FLAG_REVERSE)) return 0;  // this library compresses with gzip
  const std::size_t size = count >= 3 ? values[2] : *room;
  if (size == 0 || size > kMostOfChunk) return 0;
  void* const out = std::malloc(size);
  if (!out) return 0;
  if (lzf_decompress(*buffer, static_cast<unsigned>(packed), out, static_cast<unsigned>(size)) !=
      size) {
    std::free(out);
    return 0;
  }
  std::free(*buffer);
  *buffer = out;
  *room = size;
  return size;
}

void register_lzf() {
  static const bool done = [] {
    const H5Z_class2_t filter{H5Z_CLASS_T_VERS, kLzf,          0, 1, "lzf", nullptr,
                              nullptr,          decompress_lzf};
    return H5Zregister(&filter) >= 0;
  }();
  static_cast<void>(done);  // where it failed, libhdf5 says so when a file needs it
}

// ---- types

// NumPy's bool, as h5py stores it: an enumeration of FALSE and TRUE.
Handle bool_type() {
  Handle type(H5Tenum_create(H5T_NATIVE_INT8), H5Tclose);
  for (const auto& [text, value] : {std::pair{"FALSE", std::int8_t{0}}, {"TRUE", std::int8_t{1}}})
    H5Tenum_insert(type.id(), text, &value);
  return type;
}

hid_t native(Dtype dtype) {
  switch (dtype) {
    case Dtype::bool_:
    case Dtype::uint8:
      return H5T_NATIVE_UINT8;
    case Dtype::int32:
      return H5T_NATIVE_INT32;
    case Dtype::int64:
      return H5T_NATIVE_INT64;
    case Dtype::float32:
      return H5T_NATIVE_FLOAT;
    case Dtype::float64:
      break;
  }
  return H5T_NATIVE_DOUBLE;
}

bool is_bool(hid_t type) {
  if (H5Tget_class(type) != H5T_ENUM || H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2)
    return false;
  std::int8_t no = -1, yes = -1;
  return H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0 &&
         no == 0 && yes == 1;
}

// The narrowest type of Array that holds all values of a type in a file; empty if there is none.
std::optional<Dtype> dtype_of(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_ENUM:
      return is_bool(type) ? std::optional(Dtype::bool_) : std::nullopt;
    case H5T_FLOAT:
      if (size == 2 || size == 4) return Dtype::float32;
      return size == 8 ? std::optional(Dtype::float64) : std::nullopt;
    case H5T_INTEGER: {
      const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
      if (size == 1 && !is_signed) return Dtype::uint8;
      if (size < 4 || (size == 4 && is_signed)) return Dtype::int32;
      return size <= 8 ? std::optional(Dtype::int64) : std::nullopt;
    }
    default:
      return {};
  }
}

std::string describe_class(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_STRING:
      return "text";
    case H5T_COMPOUND:
      return "records of several fields";
    case H5T_ENUM:
      return "an enumeration";
    case H5T_FLOAT:
    case H5T_INTEGER:
      return fmt::format("numbers of {} bytes", H5Tget_size(type));
    default:
      return "values of another type";
  }
}

// The shape of the chunks that h5py chooses for an array: about 16 KiB times 2 ** log10(MiB of the
// array), between 8 KiB and 1 MiB, reached by halving the axes in turn.
std::vector<hsize_t> chunks_of(const Array& array) {
  std::vector<hsize_t> chunks;
  for (const auto n : array.shape()) chunks.push_back(static_cast<hsize_t>(n));
  const auto bytes = [&] {
    double n = static_cast<double>(item_size(array.dtype()));
    for (const hsize_t length : chunks) n *= static_cast<double>(length);
    return n;
  };
  constexpr double kKiB = 1024, kMiB = 1024 * kKiB;
  const double target =
      std::clamp(16 * kKiB * std::pow(2, std::log10(bytes() / kMiB)), 8 * kKiB, kMiB);
  for (std::size_t i = 0; bytes() > static_cast<double>(item_size(array.dtype())); ++i) {
    const double n = bytes();
    if ((n < target || std::abs(n - target) / target < 0.5) && n < kMiB) break;
    hsize_t& length = chunks[i % chunks.size()];
    length = (length + 1) / 2;
  }
  return chunks;
}

}  // namespace

struct hdf5::File {
  ~File() {
    if (id >= 0) H5Fclose(id);
  }
  hid_t id = -1;
};

// ---- reading

Hdf5Reader::Hdf5Reader(const std::string& path)
    : name_(path), file_(std::make_unique<hdf5::File>()) {
  const Library library;
  register_lzf();
  file_->id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file_->id < 0)
    throw Error(
        fmt::format("hdf5: {} must be a readable HDF5 file, but: {}", path, Library::reason()));
  const auto add = [](hid_t, const char* name, const H5O_info_t* info, void* keys) {
    if (info->type == H5O_TYPE_DATASET)
      static_cast<std::vector<std::string>*>(keys)->emplace_back(name);
    return herr_t{0};
  };
  if (H5Ovisit2(file_->id, H5_INDEX_NAME, H5_ITER_INC, add, &keys_, H5O_INFO_BASIC) < 0)
    throw Error(fmt::format("hdf5: {} must list its groups and datasets, but: {}", path,
                            Library::reason()));
  std::sort(keys_.begin(), keys_.end());
}

Hdf5Reader::~Hdf5Reader() {
  const Library library;
  file_.reset();
}

bool Hdf5Reader::contains(std::string_view key) const {
  return std::binary_search(keys_.begin(), keys_.end(), key);
}

std::string Hdf5Reader::what(std::string_view key) const {
  return fmt::format("hdf5: {} in {}", key, name_);
}

namespace {

Handle open_dataset(const Hdf5Reader& reader, hid_t file, std::string_view key) {
  if (!reader.contains(key))
    throw Error(fmt::format("hdf5: {} must hold the key {}, but it does not", reader.name(), key));
  Handle dataset(H5Dopen2(file, std::string(key).c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset)
    throw Error(fmt::format("hdf5: {} in {} must be readable, but: {}", key, reader.name(),
                            Library::reason()));
  return dataset;
}

}  // namespace

FileValue Hdf5Reader::entry(std::string_view key, std::uint64_t most) const {
  const Library library;
  const auto fail = [&] {
    throw Error(fmt::format("{} must be readable, but: {}", what(key), Library::reason()));
  };
  const Handle dataset = open_dataset(*this, file_->id, key);
  const Handle space(H5Dget_space(dataset.id()), H5Sclose),
      type(H5Dget_type(dataset.id()), H5Tclose),
      properties(H5Dget_create_plist(dataset.id()), H5Pclose);
  if (!space || !type || !properties) fail();
  if (H5Sget_simple_extent_type(space.id()) == H5S_NULL) return autograd::None;

  const std::optional<Dtype> dtype = dtype_of(type.id());
  if (!dtype)
    throw Error(fmt::format("{} must be numbers of at most 8 bytes or booleans, but it is {}",
                            what(key), describe_class(type.id())));
  // A dataset that lies in other files would let a model's file read any file of the machine.
  if (H5Pget_layout(properties.id()) == H5D_VIRTUAL || H5Pget_external_count(properties.id()) > 0)
    throw Error(
        fmt::format("{} must hold its values itself, but it refers to other files", what(key)));

  const int rank = H5Sget_simple_extent_ndims(space.id());
  if (rank < 0) fail();
  std::vector<hsize_t> lengths(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space.id(), lengths.data(), nullptr);
  Shape shape;
  std::uint64_t bytes = item_size(*dtype);
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const hsize_t n : lengths) {
    if (n > kMost || (n > 0 && bytes > kMost / n))
      throw Error(fmt::format("{} must fit in memory, but its shape has {} elements along an axis",
                              what(key), n));
    bytes *= n;
    shape.push_back(static_cast<std::int64_t>(n));
  }
  if (bytes > most)
    throw Error(fmt::format("{} must have at most {} bytes, but it has {}, {} of shape {}",
                            what(key), most, bytes, autograd::name(*dtype), to_string(shape)));
  // The shape is a claim of the file. gzip makes at most 1032 bytes of one; values that are not
  // compressed are as many bytes in the file.
  constexpr std::uint64_t kRatio = 1032;
  const std::uint64_t stored = H5Dget_storage_size(dataset.id());
  const std::uint64_t values = bytes / item_size(*dtype);
  if (values > 0 && stored < values * std::min<std::size_t>(H5Tget_size(type.id()), 8) / kRatio)
    throw Error(
        fmt::format("{} must be compressed at most 1032 times, but {} bytes are said to "
                    "hold {}",
                    what(key), stored, bytes));

  Array array = Array::empty(shape, *dtype);
  const bool wide = *dtype == Dtype::int64 && H5Tget_sign(type.id()) == H5T_SGN_NONE;
  const Handle of_bool = *dtype == Dtype::bool_ ? bool_type() : Handle();
  const hid_t memory = of_bool ? of_bool.id() : wide ? H5T_NATIVE_UINT64 : native(*dtype);
  visit(*dtype, [&]<class T>(std::type_identity<T>) {
    T* const to = array.mutable_data<T>();
    if (values > 0 && H5Dread(dataset.id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0) fail();
  });
  if (wide) {
    const std::int64_t* const p = array.data<std::int64_t>();
    if (std::any_of(p, p + array.size(), [](std::int64_t n) { return n < 0; }))
      throw Error(fmt::format("{} must be integers below 2^63, but one is greater", what(key)));
  }
  return array;
}

hdf5::Storage Hdf5Reader::storage(std::string_view key) const {
  const Library library;
  const Handle dataset = open_dataset(*this, file_->id, key);
  const Handle properties(H5Dget_create_plist(dataset.id()), H5Pclose);
  hdf5::Storage storage;
  if (H5Pget_layout(properties.id()) != H5D_CHUNKED) return storage;
  std::array<hsize_t, H5S_MAX_RANK> lengths{};
  const int rank = H5Pget_chunk(properties.id(), H5S_MAX_RANK, lengths.data());
  for (int i = 0; i < rank; ++i)
    storage.chunks.push_back(static_cast<std::int64_t>(lengths[static_cast<std::size_t>(i)]));
  for (int i = 0; i < H5Pget_nfilters(properties.id()); ++i) {
    unsigned flags = 0, level = 0;
    std::size_t count = 1;
    const H5Z_filter_t filter = H5Pget_filter2(properties.id(), static_cast<unsigned>(i), &flags,
                                               &count, &level, 0, nullptr, nullptr);
    if (filter == H5Z_FILTER_DEFLATE) {
      storage.filter = "gzip";
      storage.level = static_cast<int>(level);
    }
    if (filter == kLzf) storage.filter = "lzf";
  }
  return storage;
}

// ---- writing

// The file is made in memory and written when it is complete.
Hdf5Writer::Hdf5Writer(std::string path, Hdf5WriterOptions options)
    : path_(std::move(path)), options_(options), file_(std::make_unique<hdf5::File>()) {
  if (options_.compression && (*options_.compression < 0 || *options_.compression > 9))
    throw Error(fmt::format("hdf5: compression must be None or a level from 0 to 9, but it is {}",
                            *options_.compression));
  const Library library;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t kGrowth = std::size_t{1} << 20;
  H5Pset_fapl_core(access.id(), kGrowth, false);
  file_->id = H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id());
  if (file_->id < 0)
    throw Error(fmt::format("hdf5: {} must be writable, but: {}", path_, Library::reason()));
}

Hdf5Writer::~Hdf5Writer() {
  const Library library;
  file_.reset();
}

namespace {

// Makes a dataset, and the groups before it.
Handle create_dataset(hid_t file, const std::string& path, std::string_view key, hid_t type,
                      hid_t space, hid_t properties) {
  if (file < 0)
    throw Error(fmt::format("hdf5: {} must be open to be written to, but it is closed", path));
  const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.id(), 1);
  Handle dataset(
      H5Dcreate2(file, std::string(key).c_str(), type, space, links.id(), properties, H5P_DEFAULT),
      H5Dclose);
  if (!dataset)
    throw Error(
        fmt::format("hdf5: {} must be writable to {}, but: {}", key, path, Library::reason()));
  return dataset;
}

}  // namespace

void Hdf5Writer::write(std::string_view key, const Array& array) {
  const Library library;
  const Array values = array.contiguous();
  std::vector<hsize_t> lengths;
  for (const auto n : values.shape()) lengths.push_back(static_cast<hsize_t>(n));
  const Handle space =
      lengths.empty()
          ? Handle(H5Screate(H5S_SCALAR), H5Sclose)
          : Handle(H5Screate_simple(static_cast<int>(lengths.size()), lengths.data(), nullptr),
                   H5Sclose);
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties.id(), false);  // so that equal models give equal files
  if (options_.compression && values.size() > 1) {
    const std::vector<hsize_t> chunks = chunks_of(values);
    H5Pset_chunk(properties.id(), static_cast<int>(chunks.size()), chunks.data());
    H5Pset_deflate(properties.id(), static_cast<unsigned>(*options_.compression));
  }
  const Handle of_bool = values.dtype() == Dtype::bool_ ? bool_type() : Handle();
  const hid_t type = of_bool ? of_bool.id() : native(values.dtype());
  const Handle dataset =
      create_dataset(file_ ? file_->id : -1, path_, key, type, space.id(), properties.id());
  const auto written = visit(values.dtype(), [&]<class T>(std::type_identity<T>) {
    return values.size() == 0
               ? 0
               : H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data<T>());
  });
  if (written < 0)
    throw Error(
        fmt::format("hdf5: {} must be writable to {}, but: {}", key, path_, Library::reason()));
}

void Hdf5Writer::write_none(std::string_view key) {
  const Library library;
  const Handle space(H5Screate(H5S_NULL), H5Sclose);
  create_dataset(file_ ? file_->id : -1, path_, key, H5T_NATIVE_FLOAT, space.id(), H5P_DEFAULT);
}

void Hdf5Writer::close() {
  if (!file_) return;
  std::vector<std::byte> bytes;
  {
    const Library library;
    H5Fflush(file_->id, H5F_SCOPE_GLOBAL);
    const ssize_t size = H5Fget_file_image(file_->id, nullptr, 0);
    if (size > 0) bytes.resize(static_cast<std::size_t>(size));
    if (size <= 0 || H5Fget_file_image(file_->id, bytes.data(), bytes.size()) != size)
      throw Error(fmt::format("hdf5: {} must be writable, but: {}", path_, Library::reason()));
    file_.reset();
  }
  write_file(path_, bytes, "hdf5");
}

}  // namespace nn::inline files

#else

namespace nn::inline files {

struct hdf5::File {};

namespace {
[[noreturn]] void fail(std::string_view path) {
  throw autograd::Error(fmt::format(
      "hdf5: chainette must be built with libhdf5 for {}, but it was built without", path));
}
}  // namespace

Hdf5Reader::Hdf5Reader(const std::string& path) : name_(path) { fail(path); }
Hdf5Reader::~Hdf5Reader() = default;
bool Hdf5Reader::contains(std::string_view) const { return false; }
FileValue Hdf5Reader::entry(std::string_view, std::uint64_t) const { fail(name_); }
hdf5::Storage Hdf5Reader::storage(std::string_view) const { fail(name_); }

Hdf5Writer::Hdf5Writer(std::string path, Hdf5WriterOptions options)
    : path_(std::move(path)), options_(options) {
  fail(path_);
}
Hdf5Writer::~Hdf5Writer() = default;
void Hdf5Writer::write(std::string_view, const autograd::Array&) { fail(path_); }
void Hdf5Writer::write_none(std::string_view) { fail(path_); }
void Hdf5Writer::close() { fail(path_); }

}  // namespace nn::inline files

#endif
