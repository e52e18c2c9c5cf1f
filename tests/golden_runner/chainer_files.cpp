#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "nn/files/hdf5.h"
#include "nn/files/json.h"
#include "nn/serializers/save_load.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/dot.h"
#include "tests/golden_runner/optimizers.h"
#include "tests/golden_runner/training.h"
#include "tests/golden_runner/tree.h"

// What Chainer's save_npz, save_hdf5 and snapshot wrote: everything in it is as the manifest says, and
// loads.
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

// A file of either format, and all that it holds.
struct SavedFile {
  template <class Reader>
  SavedFile(const Reader& reader, bool hdf5) : path(reader.name()), is_hdf5(hdf5) {
    for (const std::string& key : reader.keys()) entries.emplace(key, reader.entry(key));
  }
  // What lies under `at`.
  template <class T>
  void load(T& object, const std::string& at) const {
    if (is_hdf5)
      nn::serializers::load_hdf5(path, object, {.path = at});
    else
      nn::serializers::load_npz(path, object, {.path = at});
  }
  const FileValue& entry(const std::string& key) const {
    const auto found = entries.find(key);
    if (found == entries.end()) throw std::runtime_error(key + " is not in " + path);
    return found->second;
  }

  std::string path;
  bool is_hdf5;
  nn::serializers::Dictionary entries;
};

SavedFile open_saved(const std::string& name, Store& store) {
  const std::string file = "chainer_files/" + name;
  if (name.ends_with(".h5")) return {nn::Hdf5Reader(store.path(file)), true};
  return {store.open(file), false};
}

// One key of a file against what the manifest says of it.
void check_key(const SavedFile& file, const Value& said, Report& report) {
  const std::string& key = said["key"].text();
  if (said.has("group")) {  // of HDF5
    said["group"];
    return;
  }
  const std::string& dtype = said["dtype"].text();
  said["fortran_order"];  // which must make no difference
  if (!file.entries.contains(key)) return report.expect(false, "key", key + " is not there");
  const FileValue& entry = file.entry(key);
  const Value &lengths = said["shape"], &value = said["value"];
  if (dtype == "object" || lengths.is(Value::Kind::null))
    return report.expect(std::holds_alternative<autograd::NoneType>(entry), "value",
                         key + " is not None");
  if (dtype.starts_with("<U")) {
    const std::string text = std::get<std::string>(entry);
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    report.expect(value.text() == fmt::format("text of {} characters", characters), "value",
                  key + " is another text");
    return report.expect(std::to_string(characters) == dtype.substr(2), "value",
                         key + " is a text of another length");
  }
  const Array array = std::get<Array>(entry);
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

// "linear_4.h5" and "linear.npz" hold the same, and so do "vae_model.h5" and "vae2_model.npz".
std::string content_of(std::string name) {
  name = std::filesystem::path(name).stem();
  std::erase_if(name, [](char c) { return c >= '0' && c <= '9'; });
  for (const std::string_view how : {"_uncompressed", "_zip", "_plain", "_none", "_lzf", "_"})
    if (name.ends_with(how)) name.resize(name.size() - how.size());
  return name;
}

// The npz file that holds the same, for a file that was saved in another way; empty if there is
// none.
std::string twin_of(const std::string& name, const Value& files) {
  for (const std::string& other : files.keys())
    if (other.ends_with(".npz") && files[other].has("entries") && other != name &&
        other.size() < name.size() + (name.ends_with(".h5") ? 3 : 0) &&
        content_of(other) == content_of(name))
      return other;
  return "";
}

// Loads all that lies under `path` into a model of that form.
void check_model(const SavedFile& file, const std::string& path, Report& report) {
  Tree model;
  for (const auto& [key, entry] : file.entries)
    if (key.starts_with(path)) model.add_blank(key.substr(path.size()), entry);
  file.load(model, path);
  for (const auto& [key, loaded] : nn::serializers::save(nn::serializers::serialize_of(model)))
    check_equal("loaded", key, loaded, file.entry(path + key), report);
}

// Loads an optimizer, whose parameters are known by the update counts that it keeps of them. Which
// one it is says the name of the file, or else `otherwise`; one that keeps nothing but the counts in
// a snapshot is SGD.
void check_optimizer(const std::string& name, std::string otherwise, const SavedFile& file,
                     const std::string& path, Report& report) {
  Tree model;
  bool has_state = false;
  for (const auto& [key, entry] : file.entries) {
    if (!key.starts_with(path) || !key.substr(path.size()).ends_with("/t")) continue;
    const std::string parameter = key.substr(path.size(), key.size() - path.size() - 2);
    Shape shape;
    for (const auto& [state, value] : file.entries)
      if (state.starts_with(path + parameter + "/") && state != key) {
        shape = std::get<Array>(value).shape();
        has_state = true;
      }
    model.add(parameter, Array::zeros(shape, autograd::Dtype::float32));
  }
  if (!has_state && !path.empty()) otherwise = "SGD";
  constexpr std::string_view prefix = "optimizer_";
  const std::string kind = name.starts_with(prefix)
                               ? name.substr(prefix.size(), name.find('.') - prefix.size())
                               : otherwise;
  const auto optimizer = make_optimizer(kind, Value());
  optimizer->setup(model);
  file.load(*optimizer, path);
  const auto saved = nn::serializers::save(nn::serializers::serialize_of(*optimizer));
  for (const auto& [key, loaded] : saved)
    check_equal("loaded", key, loaded, file.entry(path + key), report);
  const auto keys = std::count_if(file.entries.begin(), file.entries.end(),
                                  [&](const auto& entry) { return entry.first.starts_with(path); });
  report.expect(std::cmp_equal(saved.size(), keys), "keys",
                fmt::format("{} keys are saved, not {}", saved.size(), keys));
}

void check_saved(const std::string& name, const Value& files, Store& store, Report& report) {
  const SavedFile file = open_saved(name, store);
  const std::vector<Value>& keys = files[name][file.is_hdf5 ? "hdf5" : "keys"].items();
  for (const Value& key : keys) check_key(file, key, report);
  const auto values =
      std::count_if(keys.begin(), keys.end(), [](const Value& key) { return !key.has("group"); });
  report.expect(std::cmp_equal(file.entries.size(), values), "keys",
                fmt::format("there are {} keys, not {}", file.entries.size(), values));
  if (const std::string twin = twin_of(name, files); !twin.empty()) {
    const SavedFile other = open_saved(twin, store);
    for (const auto& [key, entry] : file.entries)
      check_equal("twin", key, entry, other.entry(key), report);
  }
  const std::string optimizer = files[name]["optimizer"].text("Adam");
  const bool snapshot = file.entries.contains("updater/iteration");
  if (snapshot || file.entries.contains("epoch"))
    check_optimizer(name, optimizer, file, snapshot ? "updater/optimizer:main/" : "", report);
  if (snapshot || !file.entries.contains("epoch"))
    check_model(file, snapshot ? "updater/model:main/" : "", report);
}

// How the values of an HDF5 file are stored: as the manifest says, and so would this library.
void check_storage(const std::string& name, const Value& said, Store& store, Report& report) {
  const nn::Hdf5Reader file(store.path("chainer_files/" + name));
  const std::string written =
      std::filesystem::temp_directory_path() / fmt::format("golden_{}.h5", ::getpid());
  for (const Value& value : said.items()) {
    if (value.has("group")) continue;
    const std::string& key = value["key"].text();
    nn::hdf5::Storage expected{.filter = value["compression"].text(""),
                               .level = value["level"].integer(0)};
    if (value.has("chunks"))
      for (const int n : value["chunks"].integers()) expected.chunks.push_back(n);
    report.expect(file.storage(key) == expected, "storage", key + " is stored in another way");

    const FileValue entry = file.entry(key);
    const auto* const array = std::get_if<Array>(&entry);
    if (!array || expected.filter == "lzf") continue;
    nn::serializers::save_hdf5(
        written, nn::serializers::Dictionary{{key, entry}},
        expected.filter.empty() ? std::nullopt : std::optional(expected.level));
    const nn::Hdf5Reader again(written);
    report.expect(again.storage(key) == expected, "storage",
                  key + " would be stored in another way");
    check_equal("written", key, again.entry(key), entry, report);
  }
  std::filesystem::remove(written);
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
  TrainingFiles training(files, store, report);
  for (const std::string& name : files.keys()) {
    // tests/nn/training/golden_run_test.cpp trains as Chainer did and compares what is printed.
    if (name == "print_report.txt") continue;
    report.run("chainer_files/" + name, [&] {
      if (training.check(name))
        files[name]["keys"];
      else if (files[name].has("entries"))
        check_saved(name, files, store, report);
      else if (files[name].has("hdf5")) {
        check_saved(name, files, store, report);
        check_storage(name, files[name]["hdf5"], store, report);
      } else if (name.ends_with(".dot"))
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
