#include "nn/files/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "nn/files/npy.h"
#include "nn/files/write_file.h"

namespace nn::inline files {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little,
              "files are little endian, and so must the machine be");

namespace {

// A type of the format, NumPy's name of it, and the type of arrays if arrays have it.
struct Type {
  std::string_view name, numpy;
  std::size_t bytes;
  std::optional<Dtype> dtype;
};
constexpr std::array kTypes{Type{"F64", "<f8", 8, Dtype::float64},
                            Type{"I64", "<i8", 8, Dtype::int64},
                            Type{"F32", "<f4", 4, Dtype::float32},
                            Type{"I32", "<i4", 4, Dtype::int32},
                            Type{"U8", "|u1", 1, Dtype::uint8},
                            Type{"BOOL", "|b1", 1, Dtype::bool_},
                            Type{"F16", "<f2", 2, {}},
                            Type{"BF16", "", 2, {}},
                            Type{"I8", "|i1", 1, {}},
                            Type{"I16", "<i2", 2, {}},
                            Type{"U16", "<u2", 2, {}},
                            Type{"U32", "<u4", 4, {}},
                            Type{"U64", "<u8", 8, {}}};

const Type* find_type(std::string_view name) {
  const auto* const found = std::ranges::find(kTypes, name, &Type::name);
  return found == kTypes.end() ? nullptr : found;
}

std::string_view type_name(Dtype dtype) {
  return std::ranges::find(kTypes, std::optional(dtype), &Type::dtype)->name;
}

constexpr std::size_t kLengthBytes = 8;               // the length of the header stands before it
constexpr std::uint64_t kMostOfHeader = 100'000'000;  // the format's limit

// The upper half of a float32 each.
Array from_bfloat16(std::span<const std::byte> data, const Shape& shape) {
  Array array = Array::empty(shape, Dtype::float32);
  float* const out = array.mutable_data<float>();
  for (std::int64_t i = 0; i < array.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, data.data() + 2 * i, 2);
    out[i] = std::bit_cast<float>(std::uint32_t{bits} << 16);
  }
  return array;
}

bool is_count(const Json& value) { return value.is_number_unsigned(); }

}  // namespace

SafetensorsReader::SafetensorsReader(const std::string& path)
    : name_(path), file_(std::make_shared<const MappedFile>(path, "safetensors")) {
  read_header();
}

std::string SafetensorsReader::what(std::string_view key) const {
  return fmt::format("safetensors: {} in {}", key, name_);
}

void SafetensorsReader::read_header() {
  const std::span<const std::byte> bytes = file_->bytes();
  std::uint64_t length = 0;
  if (bytes.size() >= kLengthBytes) std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length < 2 || length > std::min<std::uint64_t>(kMostOfHeader, bytes.size() - kLengthBytes))
    throw Error(fmt::format(
        "safetensors: {} must begin with the length of its header, but it has {} bytes and says {}",
        name_, bytes.size(), length));
  data_ = kLengthBytes + length;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, length);

  // A key that occurs twice is refused: the parser would keep the last one.
  std::set<std::string> seen;
  std::string twice;
  const auto watch = [&](int depth, Json::parse_event_t event, const Json& value) {
    if (event == Json::parse_event_t::key && depth == 1 &&
        !seen.insert(value.get<std::string>()).second)
      twice = value.get<std::string>();
    return true;
  };
  const Json header = Json::parse(text, watch, false);
  if (!header.is_object())
    throw Error(fmt::format(
        "safetensors: the header of {} must be an object in JSON, but it is not", name_));
  if (!twice.empty())
    throw Error(fmt::format("safetensors: {} must hold each key once, but it holds {} twice", name_,
                            twice));
  for (const auto& [key, value] : header.items()) {
    if (key == "__metadata__") {
      for (const auto& [name, entry] : value.items()) {
        if (!value.is_object() || !entry.is_string())
          throw Error(fmt::format("{} must hold texts by name, but it does not", what(key)));
        metadata_.emplace(name, entry.get<std::string>());
      }
      continue;
    }
    const auto is_valid = [&, &v = value] {
      return v.is_object() && v.contains("dtype") && v["dtype"].is_string() &&
             v.contains("shape") && v["shape"].is_array() &&
             std::ranges::all_of(v["shape"], is_count) && v.contains("data_offsets") &&
             v["data_offsets"].is_array() && v["data_offsets"].size() == 2 &&
             std::ranges::all_of(v["data_offsets"], is_count);
    };
    if (!is_valid())
      throw Error(fmt::format("{} must have a dtype, a shape and data_offsets, but it does not",
                              what(key)));
    Entry entry{.dtype = value["dtype"].get<std::string>(),
                .begin = value["data_offsets"][0].get<std::uint64_t>(),
                .end = value["data_offsets"][1].get<std::uint64_t>()};
    for (const Json& n : value["shape"]) {
      const auto count = n.get<std::uint64_t>();
      constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
      if (count > kMost)
        throw Error(
            fmt::format("{} must fit in memory, but an axis has {} elements", what(key), count));
      entry.shape.push_back(static_cast<std::int64_t>(count));
    }
    read_entry(key, std::move(entry));
  }

  // The arrays fill the rest of the file without gaps, as the format demands: nothing is hidden.
  std::ranges::sort(keys_, {}, [&](const std::string& key) {
    const Entry& entry = entries_.find(key)->second;
    return std::tuple(entry.begin, entry.end, std::string_view(key));
  });
  std::uint64_t end = 0;
  for (const std::string& key : keys_) {
    const Entry& entry = entries_.find(key)->second;
    if (entry.begin != end)
      throw Error(
          fmt::format("{} must begin where the array before it ends, at {}, but it begins "
                      "at {}",
                      what(key), end, entry.begin));
    end = entry.end;
  }
  if (end != bytes.size() - data_)
    throw Error(
        fmt::format("safetensors: the arrays of {} must have {} bytes, but {} follow the "
                    "header",
                    name_, end, bytes.size() - data_));
}

void SafetensorsReader::read_entry(const std::string& key, Entry entry) {
  const std::uint64_t available = file_->bytes().size() - data_;
  if (entry.begin > entry.end || entry.end > available)
    throw Error(
        fmt::format("{} must lie within the {} bytes of the arrays, but it is said to lie "
                    "from {} to {}",
                    what(key), available, entry.begin, entry.end));
  const Type* const type = find_type(entry.dtype);
  if (type) {
    std::uint64_t bytes = type->bytes;
    bool fits = true;
    for (const auto n : entry.shape)
      if (n == 0 || bytes <= available / static_cast<std::uint64_t>(n))
        bytes *= static_cast<std::uint64_t>(n);
      else
        fits = false;
    if (std::ranges::count(entry.shape, 0) > 0) bytes = 0, fits = true;
    if (!fits || bytes != entry.end - entry.begin)
      throw Error(fmt::format("{} must have the bytes of {} {}, but it has {}", what(key),
                              entry.dtype, to_string(entry.shape), entry.end - entry.begin));
  }
  keys_.push_back(key);
  entries_.emplace(key, std::move(entry));
}

Array SafetensorsReader::array(std::string_view key, std::uint64_t most) const {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    throw Error(fmt::format("safetensors: {} must hold the key {}, but it does not", name_, key));
  const Entry& entry = found->second;
  const Type* const type = find_type(entry.dtype);
  if (!type)
    throw Error(
        fmt::format("{} must be booleans, integers or floats of 16 to 64 bits, but its type is {}",
                    what(key), entry.dtype));
  const std::span<const std::byte> bytes =
      file_->bytes().subspan(data_ + entry.begin, entry.end - entry.begin);
  if (bytes.size() > most)
    throw Error(fmt::format("{} must have at most {} bytes, but it has {}: {} of shape {}",
                            what(key), most, bytes.size(), entry.dtype, to_string(entry.shape)));
  if (type->numpy.empty()) return from_bfloat16(bytes, entry.shape);
  const bool aligned =
      reinterpret_cast<std::uintptr_t>(bytes.data()) % std::max<std::size_t>(type->bytes, 1) == 0;
  const bool is_bool = type->dtype == Dtype::bool_;
  if (is_bool && std::ranges::any_of(bytes, [](std::byte b) { return b > std::byte{1}; }))
    throw Error(fmt::format("{} must hold booleans, each 0 or 1, but it does not", what(key)));
  if (!type->dtype || !aligned || bytes.empty())
    return npy::decode_numbers(bytes, type->numpy, entry.shape, what(key));
  return visit(*type->dtype, [&]<class T>(std::type_identity<T>) {
    return Array::adopt(reinterpret_cast<const T*>(bytes.data()), entry.shape, file_);
  });
}

void write_safetensors(const std::string& path, const std::map<std::string, Array>& arrays,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<std::pair<std::string_view, Array>> order;
  for (const auto& [key, array] : arrays) {
    if (key == "__metadata__")
      throw Error("safetensors: __metadata__ must not be the key of an array, but it is one");
    order.emplace_back(key, array.contiguous());
  }
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [](const auto& entry) { return item_size(entry.second.dtype()); });

  // The keys stand in alphabetical order, so that equal contents give equal bytes.
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t end = 0;
  for (const auto& [key, array] : order) {
    const std::size_t begin = end;
    end += static_cast<std::size_t>(array.size()) * item_size(array.dtype());
    header[std::string(key)] = {
        {"dtype", type_name(array.dtype())},
        {"shape", std::vector<std::int64_t>(array.shape().begin(), array.shape().end())},
        {"data_offsets", {begin, end}}};
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::exception&) {
    throw Error(fmt::format("safetensors: the keys for {} must be UTF-8, but one is not", path));
  }
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');

  WholeFile file(path, "safetensors");
  const std::uint64_t length = text.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(std::as_bytes(std::span(text)));
  for (const auto& [key, array] : order)
    file.write({static_cast<const std::byte*>(array.raw()),
                static_cast<std::size_t>(array.size()) * item_size(array.dtype())});
  file.commit();
}

}  // namespace nn::inline files
