#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/shape.h"

namespace golden {

// A value of the manifest: what JSON can say. A literal in a Python call becomes the same. A map
// remembers which of its keys were read, and so do its copies.
class Value {
 public:
  enum class Kind { null, boolean, number, text, list, map };

  Value() = default;
  static Value of(bool b);
  static Value of(double number);
  static Value of(std::string text);
  static Value list(std::vector<Value> items);
  static Value map(std::vector<std::string> keys, std::vector<Value> items);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }

  // Null if there is no such key.
  const Value& operator[](std::string_view key) const;
  // The keys that nobody has read, here and in what lies below: "kwargs/axis".
  std::vector<std::string> unread() const;
  bool has(std::string_view key) const { return !(*this)[key].is(Kind::null); }
  const std::vector<std::string>& keys() const { return keys_; }
  const std::vector<Value>& items() const { return items_; }

  // Each throws if the value is of another kind. Null gives the default.
  bool flag(bool otherwise = false) const;
  double number(double otherwise) const;
  double number() const;
  int integer(int otherwise) const;
  int integer() const;
  std::string text(const std::string& otherwise) const;
  const std::string& text() const;
  // A list of integers; a single one is a list of one.
  std::vector<int> integers() const;
  // The same for both, or one for the height and one for the width; none if it is null.
  std::optional<autograd::HeightWidth> height_width() const;

 private:
  Kind kind_ = Kind::null;
  double number_ = 0;
  std::string text_;
  std::vector<std::string> keys_;
  std::vector<Value> items_;
  std::shared_ptr<std::set<std::string, std::less<>>> read_;  // of a map
};

// Throws unless every key of the entry was read but for `notes`, which are for people, and the
// tolerances of parts that it does not have.
void require_all_read(const Value& entry, const std::set<std::string>& notes);

// Reads a JSON file. Throws autograd::Error if it cannot.
Value read_json(const std::string& path);

}  // namespace golden
