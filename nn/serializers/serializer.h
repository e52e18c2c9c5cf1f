// Chainer's serializer protocol: one function of an object names its values, for saving as well as
// for loading.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "nn/files/npy.h"
#include "nn/persistent.h"

namespace nn {

class Link;

// The argument of this function. Calling it saves or loads a value:
//
//   void serialize(nn::Serializer& s) {
//     s("iteration", iteration_);              // saved from here, or loaded to here
//     optimizer_.serialize(s["optimizer"]);    // under the key optimizer/...
//   }
//
// Loading is all or nothing. The object's function is called twice: the first pass checks that the
// file holds every value, with the right shape and a type that converts safely, and changes
// nothing; the second pass loads. An object that must react to a loaded value calls value(), which
// returns the file's value in both passes, and changes itself only if is_loading().
//
// A key is a path of names joined by '/', without a leading '/'.
class Serializer {
 public:
  enum class Pass { save, check, load };

  // The storage that values are saved to or loaded from.
  class Store {
   public:
    virtual ~Store() = default;
    virtual void save(const std::string& key, FileValue value) = 0;
    virtual bool contains(const std::string& key) const = 0;
    // The stored value; empty if the object's value is to stay unchanged. Throws if a required key
    // is missing, or if the value has more than `most` bytes; this is checked before memory is
    // allocated.
    virtual std::optional<FileValue> find(const std::string& key, std::uint64_t most) = 0;
    // The beginning of an error message: "npz: le1/W in model.npz".
    virtual std::string what(const std::string& key) const = 0;
  };

  // `path` is the prefix of all keys: "" or "some/path/".
  Serializer(Store& store, Pass pass, std::string path = {})
      : store_(store), pass_(pass), path_(std::move(path)) {}
  Serializer(const Serializer&) = delete;
  Serializer& operator=(const Serializer&) = delete;

  bool is_saving() const { return pass_ == Pass::save; }
  bool is_loading() const { return pass_ == Pass::load; }

  // The serializer for the values of a child. Slashes around the name are dropped.
  Serializer& operator[](std::string_view name);

  // Saves or loads the value. Integers load from integers that fit, doubles also from integers,
  // booleans from booleans only. An array is overwritten in place and keeps its dtype and shape;
  // integers in the file convert to floats, but not the reverse. An empty handle (Python's None)
  // gets a copy of the file's array; None in the file leaves an array unchanged.
  void operator()(std::string_view key, bool& value) { exchange(key, value); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) void operator()(std::string_view key, T& value) {
    exchange(key, PersistentInteger(value));
  }
  template <std::floating_point T>
  void operator()(std::string_view key, T& value) {
    exchange(key, PersistentFloat(value));
  }
  void operator()(std::string_view key, std::string& value) { exchange(key, value); }
  void operator()(std::string_view key, autograd::Array& value) {
    exchange(key, PersistentArray{&value, {}});
  }
  // The same for a persistent value of a link.
  void operator()(std::string_view key, const Persistent& value);

  // The same for a value that must be in [low, high]. Both passes throw if the file's value is
  // outside or NaN.
  void within(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high);
  void within(std::string_view key, double& value, double low, double high);
  // The greatest count: up to 2^53 every integer is a double.
  static constexpr std::int64_t kMostCount = std::int64_t{1} << 53;
  void count(std::string_view key, std::int64_t& value) { within(key, value, 0, kMostCount); }

  // Saves `current` and returns it, or returns the file's value in both passes, by the rules above.
  bool value(std::string_view key, bool current);
  std::int64_t value(std::string_view key, std::int64_t current);
  std::int64_t value(std::string_view key, int current) {
    return value(key, static_cast<std::int64_t>(current));
  }
  double value(std::string_view key, double current);
  std::string value(std::string_view key, std::string current);
  std::string value(std::string_view key, const char* current) {
    return value(key, std::string(current));
  }
  autograd::Array value(std::string_view key, const autograd::Array& current);

  // Whether the file being loaded has this key.
  bool contains(std::string_view key) const { return store_.contains(full(key)); }
  // Whether the file being loaded has any of these keys. For values that only newer files hold,
  // which are all present or all absent.
  bool contains_any(std::initializer_list<std::string_view> keys) const;

  // Throws `<key> in <file> must be rule, but it is facts` unless `holds`. For checks made in both
  // passes.
  void require(bool holds, std::string_view key, std::string_view rule,
               std::string_view facts) const;

 private:
  template <class T>
  void exchange(std::string_view key, T& current) {
    T found = value(key, current);
    if (is_loading()) current = std::move(found);
  }
  void exchange(std::string_view key, const PersistentInteger& current);
  void exchange(std::string_view key, const PersistentFloat& current);
  void exchange(std::string_view key, const PersistentArray& current);
  std::string full(std::string_view key) const;

  Store& store_;
  Pass pass_;
  std::string path_;
  std::map<std::string, std::unique_ptr<Serializer>, std::less<>> children_;
};

// Saves or loads a link: its parameters and persistent values under their names, and its children
// under theirs. An uninitialised parameter is saved as None, and takes its shape from the file when
// loaded.
void serialize(Serializer& s, Link& link);

}  // namespace nn
