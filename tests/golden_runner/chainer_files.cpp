#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>
#include <variant>

#include "nn/files/json.h"
#include "nn/serializers/save_load.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/dot.h"
#include "tests/golden_runner/optimizers.h"
#include "tests/golden_runner/tree.h"

// What Chainer's save_npz and snapshot wrote: everything in it is as the manifest says, and loads.
namespace golden {
namespace {

using nn::FileValue;

// The type that an array of NumPy's type has once it is read; empty for what is no array.
std::string_view dtype_read(const std::string& numpy) {
  using Pair = std::pair<std::string_view, std::string_view>;
  for (const auto& [theirs, ours] :
       {Pair{"<f2", "float32"}, Pair{"<f4", "float32"}, Pair{">f4", "float32"},
        Pair{"<f8", "float64"}, Pair{"<i4", "int32"}, Pair{"<i8", "int64"}, Pair{"|b1", "bool"},
        Pair{"|u1", "uint8"}})
    if (numpy == theirs) return ours;
  return "";
}

// One key of a file against what the manifest says of it.
void check_key(const nn::NpzReader& file, const Value& said, Report& report) {
  const std::string& key = said["key"].text();
  const std::string& dtype = said["dtype"].text();
  said["fortran_order"];  // which must make no difference
  if (!file.contains(key)) return report.expect(false, "key", key + " is not there");
  const Value &lengths = said["shape"], &value = said["value"];
  if (dtype == "object") return report.expect(file.is_none(key), "value", key + " is not None");
  if (dtype.starts_with("<U")) {
    const std::string text = file.text(key);
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    report.expect(value.text() == fmt::format("text of {} characters", characters), "value",
                  key + " is another text");
    return report.expect(std::to_string(characters) == dtype.substr(2), "value",
                         key + " is a text of another length");
  }
  const Array array = file.array(key);
  report.expect(name(array.dtype()) == dtype_read(dtype), "dtype",
                fmt::format("{} is {}, not {}", key, name(array.dtype()), dtype));
  Shape shape;
  for (const int n : lengths.integers()) shape.push_back(n);
  report.expect(array.shape() == shape, "shape",
                fmt::format("{} is {}, not {}", key, describe(array), to_string(shape)));
  if (value.is(Value::Kind::null) || array.size() != 1) return;
  const double number = value.is(Value::Kind::boolean) ? value.flag() : value.number();
  report.compare("value", key, array, Array::full({}, number, array.dtype()), 0);
}

void check_equal(const std::string& part, const std::string& key, const FileValue& got,
                 const FileValue& expected, Report& report) {
  if (got.index() != expected.index())
    return report.expect(false, part, key + " is something else");
  if (const Array* array = std::get_if<Array>(&got))
    report.compare(part, key, *array, std::get<Array>(expected), 0);
  if (const std::string* text = std::get_if<std::string>(&got))
    report.expect(*text == std::get<std::string>(expected), part, key + " is another text");
}

// The other file that holds the same: "model_uncompressed.npz" and "model.npz"; empty if there is
// none.
std::string twin_of(const std::string& name, const Value& files) {
  for (const std::string suffix : {"_uncompressed", "_zip64", "_plain"}) {
    const std::size_t at = name.find(suffix);
    std::string twin = name;
    if (at != std::string::npos && files.has(twin.erase(at, suffix.size()))) return twin;
  }
  return "";
}

// Loads all that lies under `path` into a model of that form.
void check_model(const nn::NpzReader& file, const std::string& path, Report& report) {
  Tree model;
  for (const std::string& key : file.keys())
    if (key.starts_with(path)) model.add_blank(key.substr(path.size()), file.entry(key));
  nn::serializers::load_npz(file.name(), model, {.path = path});
  for (const auto& [key, loaded] : nn::serializers::save(nn::serializers::serialize_of(model)))
    check_equal("loaded", key, loaded, file.entry(path + key), report);
}

// Loads an optimizer, whose parameters are known by the update counts that it keeps of them. Which
// one it is says the name of the file, or else `otherwise`.
void check_optimizer(const std::string& name, const std::string& otherwise,
                     const nn::NpzReader& file, const std::string& path, Report& report) {
  Tree model;
  for (const std::string& key : file.keys()) {
    if (!key.starts_with(path) || !key.substr(path.size()).ends_with("/t")) continue;
    const std::string parameter = key.substr(path.size(), key.size() - path.size() - 2);
    Shape shape;
    for (const std::string& state : file.keys())
      if (state.starts_with(path + parameter + "/") && state != key)
        shape = file.array(state).shape();
    model.add(parameter, Array::zeros(shape, autograd::Dtype::float32));
  }
  constexpr std::string_view prefix = "optimizer_";
  const std::string kind = name.starts_with(prefix)
                               ? name.substr(prefix.size(), name.find('.') - prefix.size())
                               : otherwise;
  const auto optimizer = make_optimizer(kind, Value());
  optimizer->setup(model);
  nn::serializers::load_npz(file.name(), *optimizer, {.path = path});
  const auto saved = nn::serializers::save(nn::serializers::serialize_of(*optimizer));
  for (const auto& [key, loaded] : saved)
    check_equal("loaded", key, loaded, file.entry(path + key), report);
  const auto keys = std::count_if(file.keys().begin(), file.keys().end(),
                                  [&](const std::string& key) { return key.starts_with(path); });
  report.expect(std::cmp_equal(saved.size(), keys), "keys",
                fmt::format("{} keys are saved, not {}", saved.size(), keys));
}

void check_npz(const std::string& name, const Value& files, Store& store, Report& report) {
  const nn::NpzReader& file = store.open("chainer_files/" + name);
  const std::vector<Value>& keys = files[name]["keys"].items();
  for (const Value& key : keys) check_key(file, key, report);
  report.expect(file.keys().size() == keys.size(), "keys",
                fmt::format("there are {} keys, not {}", file.keys().size(), keys.size()));
  if (const std::string twin = twin_of(name, files); !twin.empty())
    for (const std::string& key : file.keys())
      check_equal("twin", key, file.entry(key), store.open("chainer_files/" + twin).entry(key),
                  report);
  const std::string optimizer = files[name]["optimizer"].text("Adam");
  const bool snapshot = file.contains("updater/iteration");
  if (snapshot || file.contains("epoch"))
    check_optimizer(name, optimizer, file, snapshot ? "updater/optimizer:main/" : "", report);
  if (snapshot || !file.contains("epoch"))
    check_model(file, snapshot ? "updater/model:main/" : "", report);
}

// LogReport's file is read, and would be written in the same bytes.
void check_log(const std::string& path, const Value& keys, Report& report) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  const std::vector<nn::LogEntry> log = nn::json::load_log(text.str(), path);
  report.expect(!log.empty() && nn::json::dumps_indented(log) == text.str(), "text",
                "it would be written in another form");
  for (const nn::LogEntry& line : log) {
    std::vector<std::string> found;
    for (const auto& [key, value] : line) found.push_back(key);
    std::vector<std::string> expected;
    for (const Value& key : keys.items()) expected.push_back(key.text());
    report.expect(found == expected, "keys", "a line has other keys");
  }
}

}  // namespace

void run_chainer_files(const Value& manifest, const Table& table, Store& store, Report& report) {
  const Value& files = manifest["chainer_files"];
  for (const std::string& name : files.keys()) {
    // tests/nn/training/golden_run_test.cpp trains as Chainer did and compares what is printed.
    if (name == "print_report.txt") continue;
    report.run("chainer_files/" + name, [&] {
      if (files[name].has("entries"))
        check_npz(name, files, store, report);
      else if (name.ends_with(".dot"))
        check_dot(name, manifest, store, report);
      else if (name == "resume.npz")
        check_resume(manifest["vae"], table, store, report);
      else if (name == "log")
        check_log(store.path("chainer_files/" + name), files[name]["keys"], report);
      else
        throw NotBuilt{name};
      require_all_read(files[name], {"what"});
    });
  }
}

}  // namespace golden
