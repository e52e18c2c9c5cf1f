// Chainer's serializer protocol: one function of an object tells what it is made of, and serves for
// saving as well as for loading.
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

// What an object is given to name its values to:
//
//   void serialize(nn::Serializer& s) {
//     s("iteration", iteration_);              // saved from here, or loaded to here
//     optimizer_.serialize(s["optimizer"]);    // under the key optimizer/...
//   }
//
// Loading is all or nothing: the object is visited twice, first to check that the file holds every
// value, in the right shape and of a type that converts safely, while nothing is changed; then to
// load. An object that needs a value for more than keeping it asks for value(), which both visits
// answer from the file, and changes itself only if is_loading().
//
// A key is the path of names joined by '/', without one in front.
class Serializer {
 public:
  enum class Pass { save, check, load };

  // Where the values go to and come from.
  class Store {
   public:
    virtual ~Store() = default;
    virtual void save(const std::string& key, FileValue value) = 0;
    virtual bool contains(const std::string& key) const = 0;
    // Nothing where the value is to stay as it is; throws where the key must be there and is not,
    // and where what is there takes more than `most` bytes, before it takes memory for them.
    virtual std::optional<FileValue> find(const std::string& key, std::uint64_t most) = 0;
    // "npz: le1/W in model.npz": begins the message of an error.
    virtual std::string what(const std::string& key) const = 0;
  };

  // `path` is what all keys begin with: "" or "some/path/".
  Serializer(Store& store, Pass pass, std::string path = {})
      : store_(store), pass_(pass), path_(std::move(path)) {}
  Serializer(const Serializer&) = delete;
  Serializer& operator=(const Serializer&) = delete;

  bool is_saving() const { return pass_ == Pass::save; }
  bool is_loading() const { return pass_ == Pass::load; }

  // For the values of a child. Slashes around the name are dropped.
  Serializer& operator[](std::string_view name);

  // Saves the value, or loads it.
  // Integers load from integers that fit, doubles also from integers, booleans from booleans only.
  // An array keeps its dtype and its shape, and is written in place; integers convert to floats,
  // not the other way. One without a value (Python's None) takes a copy of what is there; None in
  // the file leaves an array as it is.
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
  // The same for what a link says is persistent.
  void operator()(std::string_view key, const Persistent& value);

  // The same for a value that must lie in [low, high], which NaN does not; both visits throw where
  // what is in the file does not.
  void within(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high);
  void within(std::string_view key, double& value, double low, double high);
  // And for a count: 0 to kMostCount, up to which doubles hold every integer.
  static constexpr std::int64_t kMostCount = std::int64_t{1} << 53;
  void count(std::string_view key, std::int64_t& value) { within(key, value, 0, kMostCount); }

  // Saves `current` and returns it, or returns what is in the file, in both visits, by the rules
  // above.
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

  // Whether the file that is loaded has such a value.
  bool contains(std::string_view key) const { return store_.contains(full(key)); }
  // Whether it has any of them. Values that only newer files hold are there together or not at all.
  bool contains_any(std::initializer_list<std::string_view> keys) const;

  // Throws `<key> in <file> must be rule, but it is facts` unless it holds. For checks that both
  // visits make.
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

// Saves and loads a link: its parameters and persistent values under their names, those of its
// children under the child's name. A parameter that has no shape yet is saved as None, and gets its
// shape from the file it is loaded from.
void serialize(Serializer& s, Link& link);

}  // namespace nn
