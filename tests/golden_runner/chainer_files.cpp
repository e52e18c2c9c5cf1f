#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/dot.h"

namespace golden {
namespace {

// The type that an array of NumPy's type has once it is read; empty for what is no array.
std::string_view dtype_read(const std::string& numpy) {
  for (const auto& [theirs, ours] : {std::pair{"<f2", "float32"},
                                     {"<f4", "float32"},
                                     {"<f8", "float64"},
                                     {"<i4", "int32"},
                                     {"<i8", "int64"},
                                     {"|b1", "bool"},
                                     {"|u1", "uint8"}})
    if (numpy == theirs) return ours;
  return "";
}

// One key of a file against what the manifest says of it.
void check_key(const nn::NpzReader& file, const Value& said, Report& report) {
  const std::string& key = said["key"].text();
  const std::string& dtype = said["dtype"].text();
  if (!file.contains(key)) return report.expect(false, "key", key + " is not there");
  if (dtype == "object") return report.expect(file.is_none(key), "value", key + " is not None");
  if (dtype.starts_with("<U")) {
    const std::string text = file.text(key);
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return report.expect(std::to_string(characters) == dtype.substr(2), "value",
                         key + " is a text of another length");
  }
  const Array array = file.array(key);
  report.expect(name(array.dtype()) == dtype_read(dtype), "dtype",
                fmt::format("{} is {}, not {}", key, name(array.dtype()), dtype));
  Shape shape;
  for (const int n : said["shape"].integers()) shape.push_back(n);
  report.expect(array.shape() == shape, "shape",
                fmt::format("{} is {}, not {}", key, describe(array), to_string(shape)));
  const Value& value = said["value"];
  if (value.is(Value::Kind::null) || array.size() != 1) return;
  const double number = value.is(Value::Kind::boolean) ? value.flag() : value.number();
  report.compare("value", key, array, Array::full({}, number, array.dtype()), 0);
}

// The same keys and bytes in both.
void check_twins(const nn::NpzReader& a, const nn::NpzReader& b, Report& report) {
  for (const std::string& key : a.keys()) {
    const auto x = a.entry(key), y = b.entry(key);
    if (const Array* array = std::get_if<Array>(&x))
      report.compare("twin", key, *array, std::get<Array>(y), 0);
    else
      report.expect(x.index() == y.index(), "twin", key + " is not the same in both");
  }
}

void check_npz(const std::string& name, const Value& files, Store& store, Report& report) {
  const nn::NpzReader& file = store.open("chainer_files/" + name);
  const std::vector<Value>& keys = files[name]["keys"].items();
  for (const Value& key : keys) check_key(file, key, report);
  report.expect(file.keys().size() == keys.size(), "keys",
                fmt::format("there are {} keys, not {}", file.keys().size(), keys.size()));
  for (const std::string suffix : {"_uncompressed", "_zip64", "_plain"}) {
    std::string twin = name;
    if (const std::size_t at = name.find(suffix);
        at != std::string::npos && files.has(twin.erase(at, suffix.size())))
      check_twins(file, store.open("chainer_files/" + twin), report);
  }
}

}  // namespace

void run_chainer_files(const Value& manifest, Store& store, Report& report) {
  const Value& files = manifest["chainer_files"];
  for (const std::string& name : files.keys()) {
    report.run("chainer_files/" + name, [&] {
      const Value& said = files[name];
      if (said.has("entries"))
        check_npz(name, files, store, report);
      else if (name.ends_with(".dot"))
        check_dot(name, said, store, report);
      else
        throw NotBuilt{name};
    });
  }
}

}  // namespace golden
