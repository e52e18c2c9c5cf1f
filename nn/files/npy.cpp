#include "nn/files/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "nn/files/mapped_file.h"

namespace nn::inline files::npy {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;

static_assert(std::endian::native == std::endian::little,
              "files are little endian, and this code requires a little endian machine");

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct Header {
  std::string descr;  // NumPy's name of the type: '<f4'
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

std::string to_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

// Reads the one Python expression of a header: {'descr': '<f4', 'fortran_order': False, 'shape':
// (3, 4), }
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::string_view what)
      : text_(text), rest_(text), what_(what) {}

  Header parse() {
    Header header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr" && !has_descr) {
        header.descr = descr();
        has_descr = true;
      } else if (key == "fortran_order" && !has_order) {
        header.fortran_order = boolean();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = tuple();
        has_shape = true;
      } else {
        fail();
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!rest_.empty() || !has_descr || !has_order || !has_shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const {
    std::string shown(text_.substr(0, 80));
    for (char& c : shown)
      if (c < ' ' || c > '~') c = c == '\n' ? ' ' : '?';
    shown.erase(shown.find_last_not_of(' ') + 1);
    throw Error(
        fmt::format("{} must have a header with descr, fortran_order and shape, but it says: {}",
                    what_, shown));
  }
  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool accept(char c) {
    skip_space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  bool accept_word(std::string_view word) {
    skip_space();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::string string() {
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const auto end = rest_.find(quote);
    if (end == std::string_view::npos) fail();
    const std::string value(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return value;
  }
  // A list contains the fields of a record. Records are not supported.
  std::string descr() {
    skip_space();
    if (rest_.starts_with('['))
      throw Error(fmt::format(
          "{} must hold numbers, a text or None, but it holds records with named fields", what_));
    return string();
  }
  bool boolean() {
    if (accept_word("True")) return true;
    if (!accept_word("False")) fail();
    return false;
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> values;
    expect('(');
    while (!accept(')')) {
      skip_space();
      std::int64_t value = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
      if (error != std::errc{}) fail();
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      accept('L');  // Python 2 wrote long numbers with an L
      values.push_back(value);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  std::string_view text_, rest_, what_;
};

// The number of elements. Throws if a length is negative, if there are too many axes, if the
// product of the lengths overflows an int64, and if there are more elements than bytes.
std::int64_t count(const Header& header, std::size_t bytes, std::string_view what) {
  if (header.shape.size() > static_cast<std::size_t>(autograd::kMaxDims))
    throw Error(fmt::format("{} must have at most {} axes, but its shape is {}", what,
                            autograd::kMaxDims, to_text(header.shape)));
  for (std::int64_t n : header.shape)
    if (n < 0)
      throw Error(fmt::format("{} must have no axis of negative length, but its shape is {}", what,
                              to_text(header.shape)));
  const bool empty = std::ranges::count(header.shape, 0) > 0;
  const std::int64_t most =
      empty ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(bytes);
  std::int64_t product = 1;
  for (std::int64_t n : header.shape) {
    if (n > most / product)
      throw Error(fmt::format(
          "{} must hold the elements of its shape {}, but only {} bytes follow the header", what,
          to_text(header.shape), bytes));
    product *= std::max<std::int64_t>(n, 1);
  }
  return empty ? 0 : product;
}

void require_bytes(const Header& header, std::int64_t elements, std::size_t item, std::size_t bytes,
                   std::string_view what) {
  const auto wanted = static_cast<std::uint64_t>(elements) * item;
  if (wanted != bytes)
    throw Error(
        fmt::format("{} must hold {} bytes for its shape {} and type {}, but {} follow the header",
                    what, wanted, to_text(header.shape), header.descr, bytes));
}

// IEEE 754 half precision, exactly.
float from_half(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t(half & 0x8000u) << 16, mantissa = half & 0x3ffu;
  const std::uint32_t exponent = (half >> 10) & 0x1fu;
  if (exponent == 0) {  // zero and the subnormals: mantissa * 2^-24
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) |
                              mantissa << 13);
}

template <class Stored, class Element>
Array read_array(std::span<const std::byte> data, const Header& header, bool big_endian,
                 std::string_view what, Element (*convert)(Stored)) {
  const std::int64_t n = count(header, data.size(), what);
  require_bytes(header, n, sizeof(Stored), data.size(), what);
  Shape shape{std::span<const std::int64_t>(header.shape)};
  if (header.fortran_order) std::ranges::reverse(shape);
  Array array = Array::empty(shape, autograd::dtype_of<Element>);
  Element* out = array.mutable_data<Element>();
  for (std::int64_t i = 0; i < n; ++i) {
    std::array<std::byte, sizeof(Stored)> bytes;
    std::memcpy(bytes.data(), data.data() + static_cast<std::size_t>(i) * sizeof(Stored),
                sizeof(Stored));
    if (big_endian) std::ranges::reverse(bytes);
    out[i] = convert(std::bit_cast<Stored>(bytes));
  }
  return header.fortran_order ? array.transpose().contiguous() : array;
}

template <class Stored, class Element = Stored>
Array read_array(std::span<const std::byte> data, const Header& header, bool big_endian,
                 std::string_view what) {
  return read_array<Stored, Element>(data, header, big_endian, what,
                                     [](Stored value) { return static_cast<Element>(value); });
}

Array read_numbers(std::span<const std::byte> data, const Header& header, std::string_view what) {
  const std::string_view descr = header.descr;
  const bool big = descr.starts_with('>');
  const std::string_view type = descr.substr(std::min<std::size_t>(1, descr.size()));
  const bool has_order = descr.find_first_of("<>|=") == 0;
  if (has_order) {
    if (type == "f4") return read_array<float>(data, header, big, what);
    if (type == "f8") return read_array<double>(data, header, big, what);
    if (type == "i4") return read_array<std::int32_t>(data, header, big, what);
    if (type == "i8") return read_array<std::int64_t>(data, header, big, what);
    if (type == "u1") return read_array<std::uint8_t>(data, header, big, what);
    if (type == "b1")
      return read_array<std::uint8_t, bool>(data, header, big, what,
                                            [](std::uint8_t v) { return v != 0; });
    if (type == "i1") return read_array<std::int8_t, std::int32_t>(data, header, big, what);
    if (type == "i2") return read_array<std::int16_t, std::int32_t>(data, header, big, what);
    if (type == "u2") return read_array<std::uint16_t, std::int32_t>(data, header, big, what);
    if (type == "u4") return read_array<std::uint32_t, std::int64_t>(data, header, big, what);
    if (type == "f2") return read_array<std::uint16_t, float>(data, header, big, what, from_half);
    if (type == "u8") {
      Array array = read_array<std::uint64_t, std::int64_t>(data, header, big, what);
      const std::int64_t* p = array.data<std::int64_t>();
      if (std::any_of(p, p + array.size(), [](std::int64_t v) { return v < 0; }))
        throw Error(fmt::format("{} must hold no uint64 above 2^63 - 1, but it does", what));
      return array;
    }
  }
  throw Error(
      fmt::format("{} must hold booleans, integers or real floats of at most 64 bits, a text or "
                  "None, but its type is {}",
                  what, descr));
}

void append_utf8(std::string& text, std::uint32_t c) {
  const auto byte = [&](std::uint32_t b) { text.push_back(static_cast<char>(b)); };
  const auto tail = [&](int shift) { byte(0x80u | ((c >> shift) & 0x3fu)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0u | c >> 6), tail(0);
  } else if (c < 0x10000) {
    byte(0xe0u | c >> 12), tail(6), tail(0);
  } else {
    byte(0xf0u | c >> 18), tail(12), tail(6), tail(0);
  }
}

bool is_character(std::uint32_t c) { return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff); }

// How many characters the one text of an array has, by its type "<U7" or "|S7".
std::size_t text_length(std::span<const std::byte> data, const Header& header,
                        std::string_view what) {
  if (!header.shape.empty())
    throw Error(
        fmt::format("{} must be a single text, but its shape is {}", what, to_text(header.shape)));
  std::size_t length = 0;
  const char* last = header.descr.data() + header.descr.size();
  const auto [end, error] = std::from_chars(header.descr.data() + 2, last, length);
  if (error != std::errc{} || end != last || length > data.size())
    throw Error(
        fmt::format("{} must hold the characters of its type {}, but {} bytes follow the header",
                    what, header.descr, data.size()));
  return length;
}

std::string read_text(std::span<const std::byte> data, const Header& header,
                      std::string_view what) {
  const std::size_t length = text_length(data, header, what);
  require_bytes(header, 1, 4 * length, data.size(), what);
  std::string text;
  std::size_t zeros =
      0;  // NumPy pads texts with zeros, so zeros at the end do not belong to the text
  for (std::size_t i = 0; i < length; ++i) {
    std::uint32_t c;
    std::memcpy(&c, data.data() + 4 * i, 4);
    if (header.descr[0] == '>')
      c = (c >> 24) | ((c >> 8) & 0xff00u) | ((c << 8) & 0xff0000u) | (c << 24);
    if (!is_character(c))
      throw Error(fmt::format("{} must be UTF-32, but its code unit {} is {:#x}", what, i, c));
    if (c == 0) {
      ++zeros;
      continue;
    }
    text.append(zeros, '\0');
    zeros = 0;
    append_utf8(text, c);
  }
  return text;
}

// The pickle of numpy.asarray(None). The protocol depends on the version of NumPy (2 before 1.17,
// then 3, lately 4 or 5). The name of the module differs between NumPy 1 and 2.
std::string pickled_none(int protocol, std::string_view module) {
  using namespace std::string_view_literals;
  std::string p;
  const auto add = [&](std::string_view part) { p += part; };
  if (protocol >= 4) {
    add("\x8c"), p.push_back(static_cast<char>(module.size())), add(module);
    add("\x94\x8c\x0c_"
        "reconstruct\x94\x93\x94\x8c\x05numpy\x94\x8c\x07ndarray\x94\x93\x94K\0\x85\x94"
        "C\x01"
        "b\x94\x87\x94R\x94(K\x01)h\x03\x8c\x05"
        "dtype\x94\x93\x94\x8c\x02O8\x94\x89\x88\x87\x94R\x94(K\x03"
        "\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t\x94"
        "b\x89]\x94Nat\x94"
        "b."sv);
    std::string frame = "\x95";
    for (int i = 0; i < 8; ++i) frame.push_back(static_cast<char>(p.size() >> 8 * i & 0xff));
    p = frame + p;
  } else {
    add("c"), add(module), add("\n_reconstruct\nq\0cnumpy\nndarray\nq\x01K\0\x85q\x02"sv);
    if (protocol == 3)
      add("C\x01"
          "bq\x03\x87q\x04Rq\x05(K\x01)cnumpy\ndtype\nq\x06X\x02\0\0\0O8q\x07\x89\x88\x87q\x08Rq\t("
          "K\x03"
          "X\x01\0\0\0|q\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0b"
          "b\x89]q\x0cNatq\r"
          "b."sv);
    else
      add("c_"
          "codecs\nencode\nq\x03X\x01\0\0\0bq\x04X\x06\0\0\0latin1q\x05\x86q\x06Rq\x07\x87q\x08Rq\t"
          "(K\x01)"
          "cnumpy\ndtype\nq\nX\x02\0\0\0O8q\x0b\x89\x88\x87q\x0cRq\r(K\x03X\x01\0\0\0|q\x0e"
          "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0f"
          "b\x89]q\x10Natq\x11"
          "b."sv);
  }
  return std::string("\x80") + static_cast<char>(protocol) + p;
}

bool is_pickled_none(std::string_view bytes) {
  for (int protocol : {3, 2, 4, 5})
    for (const char* module : {"numpy.core.multiarray", "numpy._core.multiarray"})
      if (bytes == pickled_none(protocol, module)) return true;
  return false;
}

std::string encode_header(std::string_view descr, const Shape& shape) {
  std::string axes = fmt::format("({}{})", fmt::join(shape, ", "), shape.ndim() == 1 ? "," : "");
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr, axes);
  // The data begin at a multiple of 64 bytes. NumPy also leaves space for a first axis of 21
  // digits.
  if (!shape.empty()) header.append(21 - std::to_string(shape[0]).size(), ' ');
  const std::size_t fixed = kMagic.size() + 4;
  header.append(64 - (fixed + header.size() + 1) % 64, ' ');
  header.push_back('\n');
  std::string out(kMagic);
  out += {'\x01', '\x00', static_cast<char>(header.size() & 0xff),
          static_cast<char>(header.size() >> 8)};
  return out + header;
}

std::string_view descr_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::bool_:
      return "|b1";
    case Dtype::uint8:
      return "|u1";
    case Dtype::int32:
      return "<i4";
    case Dtype::int64:
      return "<i8";
    case Dtype::float32:
      return "<f4";
    case Dtype::float64:
      break;
  }
  return "<f8";
}

// Removes the next character from `utf8` and returns it; returns nothing if the bytes are not
// UTF-8.
std::optional<std::uint32_t> take_character(std::string_view& utf8) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(utf8[i]));
  };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc0 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf8 ? 4
                                            : 0;
  if (length == 0 || length > utf8.size()) return {};
  std::uint32_t c = length == 1 ? first : first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return {};
    c = c << 6 | (byte(i) & 0x3fu);
  }
  std::string again;
  append_utf8(again, c);
  if (!is_character(c) || again.size() != length) return {};
  utf8.remove_prefix(length);
  return c;
}

// A text of Python 2, whose characters are bytes.
std::string read_bytes(std::span<const std::byte> data, const Header& header,
                       std::string_view what) {
  const std::size_t length = text_length(data, header, what);
  require_bytes(header, 1, length, data.size(), what);
  std::string text(reinterpret_cast<const char*>(data.data()), length);
  text.erase(text.find_last_not_of('\0') + 1);  // NumPy pads texts with zeros
  for (std::string_view rest = text; !rest.empty();)
    if (!take_character(rest))
      throw Error(
          fmt::format("{} must be UTF-8, but its byte {} is not", what, text.size() - rest.size()));
  return text;
}

// The header of a file, and the bytes after the header.
std::pair<Header, std::span<const std::byte>> split(std::span<const std::byte> file,
                                                    std::string_view what) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  if (!bytes.starts_with(kMagic))
    throw Error(fmt::format("{} must begin as an npy file, but its magic bytes are wrong", what));
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  const unsigned major = byte(6);
  if (bytes.size() > 6 && (major < 1 || major > 3))
    throw Error(
        fmt::format("{} must be npy of version 1, 2 or 3, but it is version {}", what, major));
  const std::size_t fixed = major == 1 ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8;
  if (major > 1)
    length |= static_cast<std::size_t>(byte(10)) << 16 | static_cast<std::size_t>(byte(11)) << 24;
  if (bytes.size() < fixed || bytes.size() - fixed < length)
    throw Error(fmt::format("{} must hold its whole npy header, but it ends after {} bytes", what,
                            bytes.size()));

  return {HeaderParser(bytes.substr(fixed, length), what).parse(), file.subspan(fixed + length)};
}

}  // namespace

std::string describe_header(std::span<const std::byte> begin, std::string_view what) {
  const auto [header, data] = split(begin, what);
  return fmt::format("{} of shape {}", header.descr, to_text(header.shape));
}

FileValue decode(std::span<const std::byte> file, std::string_view what) {
  const auto [header, data] = split(file, what);
  if (header.descr == "|O" || header.descr == "O") {
    if (!header.shape.empty() ||
        !is_pickled_none({reinterpret_cast<const char*>(data.data()), data.size()}))
      throw Error(fmt::format(
          "{} must hold no Python object except None, but it does; pickles are not executed",
          what));
    return autograd::None;
  }
  if (header.descr.starts_with("<U") || header.descr.starts_with(">U"))
    return read_text(data, header, what);
  if (header.descr.starts_with("|S")) return read_bytes(data, header, what);
  return read_numbers(data, header, what);
}

Array decode_numbers(std::span<const std::byte> data, std::string_view descr, const Shape& shape,
                     std::string_view what) {
  return read_numbers(
      data, Header{.descr = std::string(descr), .shape = {shape.begin(), shape.end()}}, what);
}

Array map(const std::string& path) {
  MappedFile file(path);
  const std::string what = fmt::format("map: {}", path);
  const auto parts = split(file.bytes(), what);
  const Header& header = parts.first;
  const std::span<const std::byte> data = parts.second;
  for (const Dtype dtype :
       {Dtype::float32, Dtype::float64, Dtype::int32, Dtype::int64, Dtype::uint8, Dtype::bool_}) {
    if (header.descr != descr_of(dtype)) continue;
    const std::int64_t n = count(header, data.size(), what);
    const Shape shape{std::span<const std::int64_t>(header.shape)};
    if (header.fortran_order && shape.ndim() > 1) break;
    require_bytes(header, n, autograd::item_size(dtype), data.size(), what);
    if (dtype == Dtype::bool_ &&
        std::ranges::any_of(data, [](std::byte b) { return b > std::byte{1}; }))
      throw Error(fmt::format("{} must hold booleans, each 0 or 1, but it does not", what));
    if (data.empty()) return Array::empty(shape, dtype);
    return autograd::visit(dtype, [&]<class T>(std::type_identity<T>) {
      return Array::adopt(reinterpret_cast<const T*>(data.data()), shape, std::move(file));
    });
  }
  throw Error(fmt::format(
      "{} must hold an array in C order, of a type that arrays have, but it holds {}{} of {}", what,
      to_text(header.shape), header.fortran_order ? " in Fortran order" : "", header.descr));
}

std::string encode(const Array& array) {
  const Array a = array.contiguous();
  std::string out = encode_header(descr_of(a.dtype()), a.shape());
  out.append(static_cast<const char*>(a.raw()),
             static_cast<std::size_t>(a.size()) * autograd::item_size(a.dtype()));
  return out;
}

std::string encode(std::string_view utf8, std::string_view what) {
  std::string units;
  for (std::string_view rest = utf8; !rest.empty();) {
    const auto c = take_character(rest);
    if (!c)
      throw Error(
          fmt::format("{} must be UTF-8, but its byte {} is not", what, utf8.size() - rest.size()));
    units.append(reinterpret_cast<const char*>(&*c), 4);
  }
  if (units.empty()) units.assign(4, '\0');  // NumPy has no text of length 0
  return encode_header(fmt::format("<U{}", units.size() / 4), {}) + units;
}

std::string encode(autograd::NoneType) {
  return encode_header("|O", {}) + pickled_none(3, "numpy.core.multiarray");
}

}  // namespace nn::inline files::npy
