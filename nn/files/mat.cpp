#include "nn/files/mat.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <optional>

#include "autograd/base/error.h"

// The format: MathWorks, "MAT-File Format" (2019), chapter 1. A file is a header and elements; an
// element is a tag (what it holds, how many bytes) and its data, which are padded to 8 bytes. An array
// is an element of elements: flags, lengths, name, numbers.
namespace nn::inline files {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

namespace {

// What an element holds.
enum class MatType : std::uint32_t {
  int8 = 1,
  uint8 = 2,
  int16 = 3,
  uint16 = 4,
  int32 = 5,
  uint32 = 6,
  single_ = 7,
  double_ = 9,
  int64 = 12,
  uint64 = 13,
  matrix = 14,
  compressed = 15,
};
constexpr std::size_t kMatHeader = 128, kMatTag = 8;

class MatReader {
 public:
  MatReader(std::string_view what, std::uint64_t most) : what_(what), most_(most) {}

  std::map<std::string, Array> read(std::span<const std::byte> file) {
    if (file.size() < kMatHeader) fail("have a header of 128 bytes", "it has fewer");
    const char first = static_cast<char>(file[126]), second = static_cast<char>(file[127]);
    if (!((first == 'I' && second == 'M') || (first == 'M' && second == 'I')))
      fail("be a MATLAB file of version 5", "its header says otherwise");
    // Little endian files begin with IM, and so does the number that was written.
    swapped_ = (first == 'I') != (std::endian::native == std::endian::little);
    elements(file.subspan(kMatHeader));
    return std::move(arrays_);
  }

 private:
  struct Element {
    MatType type;
    std::span<const std::byte> data;
  };

  [[noreturn]] void fail(std::string_view rule, std::string_view facts) const {
    throw Error(fmt::format("mat: {} must {}, but {}", what_, rule, facts));
  }

  template <class T>
  T number(std::span<const std::byte> bytes) const {
    T value;
    if (swapped_) {
      std::byte reversed[sizeof(T)];
      std::reverse_copy(bytes.begin(), bytes.begin() + sizeof(T), reversed);
      std::memcpy(&value, reversed, sizeof(T));
    } else {
      std::memcpy(&value, bytes.data(), sizeof(T));
    }
    return value;
  }

  // The element that the bytes begin with, which it takes from them.
  Element next(std::span<const std::byte>& bytes) const {
    if (bytes.size() < kMatTag) fail("hold whole elements", "it ends within one");
    const auto word = number<std::uint32_t>(bytes);
    const std::uint32_t small = word >> 16;
    if (small != 0) {  // a tag of four bytes, and up to four of data
      if (small > 4) fail("hold whole elements", "one is longer than its place");
      const Element element{static_cast<MatType>(word & 0xffffU), bytes.subspan(4, small)};
      bytes = bytes.subspan(kMatTag);
      return element;
    }
    const std::size_t size = number<std::uint32_t>(bytes.subspan(4));
    if (size > bytes.size() - kMatTag) fail("hold whole elements", "it ends within one");
    const Element element{static_cast<MatType>(word), bytes.subspan(kMatTag, size)};
    const std::size_t padded =
        element.type == MatType::compressed ? size : (size + kMatTag - 1) / kMatTag * kMatTag;
    bytes = bytes.subspan(std::min(bytes.size(), kMatTag + padded));
    return element;
  }

  void elements(std::span<const std::byte> bytes, bool packed = false) {
    while (!bytes.empty()) {
      const Element element = next(bytes);
      if (element.type == MatType::compressed && !packed)
        elements(inflated(element.data), true);
      else if (element.type == MatType::matrix)
        matrix(element.data);
      else
        fail("hold arrays", "it holds something else");
    }
  }

  // Grows with what comes, whatever sizes the file claims.
  Bytes inflated(std::span<const std::byte> data) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
    struct End {
      z_stream* stream;
      ~End() { inflateEnd(stream); }
    } const end{&stream};
    Bytes bytes;
    Bytes room(1u << 18);
    std::span<const std::byte> left = data;
    int status = Z_OK;
    while (status != Z_STREAM_END) {
      if (stream.avail_in == 0 && !left.empty()) {
        const std::size_t n = std::min<std::size_t>(left.size(), 1u << 30);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(left.data()));
        stream.avail_in = static_cast<uInt>(n);
        left = left.subspan(n);
      }
      stream.next_out = reinterpret_cast<Bytef*>(room.data());
      stream.avail_out = static_cast<uInt>(room.size());
      status = inflate(&stream, Z_NO_FLUSH);
      const std::size_t n = room.size() - stream.avail_out;
      if (status != Z_STREAM_END && (status != Z_OK || (n == 0 && stream.avail_in == 0)))
        fail("be whole where it is compressed", "it is damaged");
      unpacked_ += n;
      if (unpacked_ > most_)
        fail(fmt::format("unpack to at most {} bytes", most_), "it unpacks to more");
      bytes.insert(bytes.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
    }
    return bytes;
  }

  void matrix(std::span<const std::byte> bytes) {
    constexpr std::uint32_t kFirstNumeric = 6, kLastNumeric = 15, kComplex = 0x800,
                            kLogical = 0x200;
    const Element flags = next(bytes);
    if (flags.type != MatType::uint32 || flags.data.size() < 8)
      fail("have flags in each array", "one has none");
    const auto word = number<std::uint32_t>(flags.data);
    const std::uint32_t kind = word & 0xffU;
    if (kind < kFirstNumeric || kind > kLastNumeric || (word & kComplex) != 0) return;
    const Element lengths = next(bytes), name = next(bytes), real = next(bytes);
    if (lengths.type != MatType::int32 || lengths.data.size() % 4 != 0 ||
        lengths.data.size() / 4 > static_cast<std::size_t>(autograd::kMaxDims) ||
        name.type != MatType::int8)
      fail("have lengths and a name in each array", "one has none");
    Shape shape;
    for (std::size_t at = 0; at < lengths.data.size(); at += 4) {
      const auto n = number<std::int32_t>(lengths.data.subspan(at));
      if (n < 0) fail("have lengths that are not negative", fmt::format("one is {}", n));
      shape.push_back(n);
    }
    const std::string key(reinterpret_cast<const char*>(name.data.data()), name.data.size());
    arrays_[key] = numbers(key, shape, real, kind, (word & kLogical) != 0);
  }

  // MATLAB stores the first axis fastest, and numbers in a smaller type where they fit.
  Array numbers(const std::string& key, const Shape& shape, const Element& real, std::uint32_t kind,
                bool logical) const {
    constexpr std::uint32_t kSingle = 7, kUint8 = 9, kInt32 = 12, kInt64 = 14;
    Dtype dtype = Dtype::float64;
    if (kind == kSingle) dtype = Dtype::float32;
    if (kind == kUint8) dtype = logical ? Dtype::bool_ : Dtype::uint8;
    if (kind == kInt32) dtype = Dtype::int32;
    if (kind == kInt64) dtype = Dtype::int64;
    Shape reversed;
    for (int axis = shape.ndim(); axis-- > 0;) reversed.push_back(shape[axis]);
    const auto filled = [&]<class T>(T) {
      // Lengths that the data do not have are refused before memory is taken for them.
      std::uint64_t n = 1;
      for (const std::int64_t length : shape) {
        const auto l = static_cast<std::uint64_t>(length);
        n = l != 0 && n > (std::uint64_t{1} << 40) / l ? std::uint64_t{1} << 41 : n * l;
      }
      if (real.data.size() % sizeof(T) != 0 || real.data.size() / sizeof(T) != n)
        fail("hold a number for each element of its arrays", key + " has more or fewer");
      std::vector<T> values(n);
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = number<T>(real.data.subspan(i * sizeof(T)));
      return values;
    };
    const auto as = [&]<class T>(const std::vector<T>& values) {
      Array array = Array::empty(reversed, dtype);
      autograd::visit(dtype, [&]<class D>(std::type_identity<D>) {
        D* p = array.mutable_data<D>();
        for (std::size_t i = 0; i < values.size(); ++i) p[i] = static_cast<D>(values[i]);
      });
      return array.transpose();
    };
    switch (real.type) {
      case MatType::int8:
        return as(filled(std::int8_t{}));
      case MatType::uint8:
        return as(filled(std::uint8_t{}));
      case MatType::int16:
        return as(filled(std::int16_t{}));
      case MatType::uint16:
        return as(filled(std::uint16_t{}));
      case MatType::int32:
        return as(filled(std::int32_t{}));
      case MatType::uint32:
        return as(filled(std::uint32_t{}));
      case MatType::single_:
        return as(filled(float{}));
      case MatType::double_:
        return as(filled(double{}));
      case MatType::int64:
        return as(filled(std::int64_t{}));
      case MatType::uint64:
        return as(filled(std::uint64_t{}));
      default:
        fail("hold numbers in each array", key + " holds something else");
    }
  }

  std::string what_;
  std::uint64_t most_, unpacked_ = 0;
  bool swapped_ = false;
  std::map<std::string, Array> arrays_;
};

}  // namespace

std::map<std::string, Array> read_mat(std::span<const std::byte> file, std::string_view what,
                                      std::uint64_t most) {
  return MatReader(what, most).read(file);
}

}  // namespace nn::inline files
