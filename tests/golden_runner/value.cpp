#include "tests/golden_runner/value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"

namespace golden {

using autograd::Error;

Value Value::of(bool b) {
  Value v;
  v.kind_ = Kind::boolean;
  v.number_ = b;
  return v;
}

Value Value::of(double number) {
  Value v;
  v.kind_ = Kind::number;
  v.number_ = number;
  return v;
}

Value Value::of(std::string text) {
  Value v;
  v.kind_ = Kind::text;
  v.text_ = std::move(text);
  return v;
}

Value Value::list(std::vector<Value> items) {
  Value v;
  v.kind_ = Kind::list;
  v.items_ = std::move(items);
  return v;
}

Value Value::map(std::vector<std::string> keys, std::vector<Value> items) {
  Value v;
  v.kind_ = Kind::map;
  v.keys_ = std::move(keys);
  v.items_ = std::move(items);
  v.read_ = std::make_shared<std::set<std::string, std::less<>>>();
  return v;
}

const Value& Value::operator[](std::string_view key) const {
  static const Value null;
  if (read_) read_->emplace(key);
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (keys_[i] == key) return items_[i];
  return null;
}

std::vector<std::string> Value::unread() const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (is(Kind::map) && !read_->contains(keys_[i])) {
      all.push_back(keys_[i]);
      continue;
    }
    const std::string here = is(Kind::map) ? keys_[i] : std::to_string(i);
    for (const std::string& below : items_[i].unread()) all.push_back(here + "/" + below);
  }
  return all;
}

bool Value::flag(bool otherwise) const {
  if (is(Kind::null)) return otherwise;
  if (!is(Kind::boolean))
    throw Error("manifest: a truth value is expected, but there is something else");
  return number_ != 0;
}

double Value::number(double otherwise) const { return is(Kind::null) ? otherwise : number(); }

double Value::number() const {
  if (!is(Kind::number)) throw Error("manifest: a number is expected, but there is something else");
  return number_;
}

int Value::integer(int otherwise) const { return is(Kind::null) ? otherwise : integer(); }

int Value::integer() const {
  if (number() != std::floor(number_))
    throw Error("manifest: an integer is expected, but there is something else");
  return static_cast<int>(number_);
}

std::string Value::text(const std::string& otherwise) const {
  return is(Kind::null) ? otherwise : text();
}

const std::string& Value::text() const {
  if (!is(Kind::text)) throw Error("manifest: a text is expected, but there is something else");
  return text_;
}

std::vector<int> Value::integers() const {
  if (is(Kind::number)) return {integer()};
  if (!is(Kind::list))
    throw Error("manifest: a list of integers is expected, but there is something else");
  std::vector<int> result;
  for (const Value& item : items_) result.push_back(item.integer());
  return result;
}

std::optional<autograd::HeightWidth> Value::height_width() const {
  if (is(Kind::null)) return {};
  const std::vector<int> both = integers();
  return autograd::HeightWidth(both.front(), both.back());
}

void require_all_read(const Value& entry, const std::set<std::string>& notes) {
  std::vector<std::string> unread = entry.unread();
  std::erase_if(unread, [&](const std::string& key) {
    return notes.contains(key) || key.starts_with("err32/");
  });
  if (!unread.empty())
    throw Error(fmt::format("manifest: all that a case says must be read, but {} is not",
                            fmt::join(unread, ", ")));
}

namespace {

Value convert(const nlohmann::json& j) {
  if (j.is_null()) return {};
  if (j.is_boolean()) return Value::of(j.get<bool>());
  if (j.is_number()) return Value::of(j.get<double>());
  if (j.is_string()) return Value::of(j.get<std::string>());
  std::vector<std::string> keys;
  std::vector<Value> items;
  for (const auto& [key, item] : j.items()) {
    if (j.is_object()) keys.push_back(key);
    items.push_back(convert(item));
  }
  return j.is_object() ? Value::map(std::move(keys), std::move(items))
                       : Value::list(std::move(items));
}

}  // namespace

Value read_json(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path + ": a manifest is expected there, but it cannot be opened");
  try {
    return convert(nlohmann::json::parse(file));
  } catch (const nlohmann::json::exception&) {
    throw Error(path + ": a manifest must be JSON, but this file is not");
  }
}

}  // namespace golden
