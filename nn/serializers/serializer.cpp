#include "nn/serializers/serializer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

namespace nn {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;

namespace {

std::string_view strip(std::string_view name) {
  while (name.starts_with('/')) name.remove_prefix(1);
  while (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

std::string describe(const FileValue& entry) {
  if (const Array* array = std::get_if<Array>(&entry)) return autograd::describe(*array);
  return std::holds_alternative<autograd::NoneType>(entry) ? "None" : "a text";
}

[[noreturn]] void refuse(const std::string& what, std::string_view wanted, const FileValue& entry) {
  throw Error(fmt::format("{} must be {}, but it is {}", what, wanted, describe(entry)));
}

// The array of the entry if the entry is a single number with a dtype that `accept` accepts, else
// null.
const Array* scalar(const FileValue& entry, bool (*accept)(Dtype)) {
  const Array* array = std::get_if<Array>(&entry);
  return array && array->ndim() == 0 && accept(array->dtype()) ? array : nullptr;
}

// The greatest size of an npy file with n numbers: its header, and 8 bytes for each number.
constexpr std::uint64_t most_bytes(std::int64_t n) {
  constexpr std::uint64_t kHeader = 1u << 17, kItem = 8;
  return kHeader + kItem * static_cast<std::uint64_t>(n);
}
// An array that takes its shape from the file may have any size. The longest texts are logs; a text
// has four bytes per character in the file.
constexpr auto kAnySize = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMostText = 1u << 30;

// 0 for booleans, 1 for integers, 2 for floats. Numbers convert to the same or a higher kind.
int kind(Dtype dtype) { return dtype == Dtype::bool_ ? 0 : is_float(dtype) ? 2 : 1; }

// Converts `stored` to `dtype`. Throws if `dtype` is a lower kind of number, or if an integer does
// not fit.
Array convert(const std::string& what, const Array& stored, Dtype dtype) {
  const Array array = stored.astype(dtype);
  const bool integers = kind(dtype) == 1;
  if (kind(stored.dtype()) > kind(dtype) ||
      (integers && !array_equal(array.astype(stored.dtype()), stored)))
    refuse(what, fmt::format("convertible to {} without loss", name(dtype)), stored);
  return array;
}

}  // namespace

std::string Serializer::full(std::string_view key) const { return path_ + std::string(strip(key)); }

Serializer& Serializer::operator[](std::string_view name) {
  auto& child = children_[std::string(strip(name))];
  if (!child) child = std::make_unique<Serializer>(store_, pass_, full(name) + "/");
  return *child;
}

bool Serializer::value(std::string_view key, bool current) {
  const std::string k = full(key);
  if (is_saving()) return store_.save(k, Array::scalar(current)), current;
  const auto entry = store_.find(k, most_bytes(1));
  if (!entry) return current;
  const Array* array = scalar(*entry, [](Dtype dtype) { return dtype == Dtype::bool_; });
  if (!array) refuse(store_.what(k), "a boolean", *entry);
  return array->item() != 0;
}

std::int64_t Serializer::value(std::string_view key, std::int64_t current) {
  const std::string k = full(key);
  if (is_saving()) return store_.save(k, Array::scalar(current)), current;
  const auto entry = store_.find(k, most_bytes(1));
  if (!entry) return current;
  const Array* array = scalar(*entry, [](Dtype dtype) { return !is_float(dtype); });
  if (!array) refuse(store_.what(k), "an integer", *entry);
  return array->astype(Dtype::int64).data<std::int64_t>()[0];
}

void Serializer::exchange(std::string_view key, const PersistentInteger& current) {
  const std::int64_t found = value(key, current.get());
  if (!is_saving() && !current.fits(found))
    throw Error(fmt::format("{} must be an {}integer of {} bits, but it is {}",
                            store_.what(full(key)), current.is_signed() ? "" : "unsigned ",
                            current.bits(), found));
  if (is_loading()) current.set(found);
}

double Serializer::value(std::string_view key, double current) {
  const std::string k = full(key);
  if (is_saving()) return store_.save(k, Array::scalar(current)), current;
  const auto entry = store_.find(k, most_bytes(1));
  if (!entry) return current;
  const Array* array = scalar(*entry, [](Dtype) { return true; });
  if (!array) refuse(store_.what(k), "a number", *entry);
  return array->item();
}

void Serializer::within(std::string_view key, std::int64_t& current, std::int64_t low,
                        std::int64_t high) {
  const std::int64_t found = value(key, current);
  if (is_saving()) return;
  require(low <= found && found <= high, key, fmt::format("from {} to {}", low, high),
          std::to_string(found));
  if (is_loading()) current = found;
}

void Serializer::within(std::string_view key, double& current, double low, double high) {
  const double found = value(key, current);
  if (is_saving()) return;
  require(low <= found && found <= high, key, fmt::format("a number from {} to {}", low, high),
          fmt::format("{}", found));
  if (is_loading()) current = found;
}

void Serializer::require(bool holds, std::string_view key, std::string_view rule,
                         std::string_view facts) const {
  if (!holds)
    throw Error(fmt::format("{} must be {}, but it is {}", store_.what(full(key)), rule, facts));
}

bool Serializer::contains_any(std::initializer_list<std::string_view> keys) const {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return contains(key); });
}

std::string Serializer::value(std::string_view key, std::string current) {
  const std::string k = full(key);
  if (is_saving()) return store_.save(k, current), current;
  auto entry = store_.find(k, kMostText);
  if (!entry) return current;
  if (!std::holds_alternative<std::string>(*entry)) refuse(store_.what(k), "a text", *entry);
  return std::get<std::string>(std::move(*entry));
}

Array Serializer::value(std::string_view key, const Array& current) {
  const std::string k = full(key);
  if (is_saving())
    return store_.save(k, current ? FileValue(current) : FileValue(autograd::None)), current;
  const auto entry = store_.find(k, current ? most_bytes(current.size()) : kAnySize);
  if (!entry || std::holds_alternative<autograd::NoneType>(*entry)) return current;
  const Array* array = std::get_if<Array>(&*entry);
  if (!array) refuse(store_.what(k), "an array", *entry);
  if (!current) return *array;
  if (array->shape() != current.shape())
    refuse(store_.what(k), fmt::format("of the shape {}", to_string(current.shape())), *entry);
  return convert(store_.what(k), *array, current.dtype());
}

void Serializer::exchange(std::string_view key, const PersistentFloat& current) {
  const double found = value(key, current.get());
  if (is_loading()) current.set(found);
}

void Serializer::exchange(std::string_view key, const PersistentArray& current) {
  Array& array = *current.place;
  const bool was_none = !array;
  const Array found = value(key, array);
  if (was_none && found && current.dtype) convert(store_.what(full(key)), found, *current.dtype);
  if (is_loading() && found) current.set(found);
}

void Serializer::operator()(std::string_view key, const Persistent& value) {
  std::visit(
      [&]<class T>(const T& v) {
        if constexpr (std::is_pointer_v<T>)
          (*this)(key, *v);
        else
          exchange(key, v);
      },
      value);
}

}  // namespace nn
