#include "nn/serializers/save_load.h"

#include <fmt/format.h>

#include <algorithm>

#include "nn/files/hdf5.h"
#include "nn/files/npz.h"
#include "nn/files/safetensors.h"

namespace nn::serializers {

using autograd::Array;
using autograd::Error;

namespace {

class Saver : public Serializer::Store {
 public:
  void save(const std::string& key, FileValue value) override {
    if (!dictionary.emplace(key, std::move(value)).second)
      throw Error(fmt::format("save: each key must be used once, but {} is used twice", key));
  }
  bool contains(const std::string& key) const override { return dictionary.contains(key); }
  std::optional<FileValue> find(const std::string&, std::uint64_t) override { return {}; }
  std::string what(const std::string& key) const override { return "save: " + key; }

  Dictionary dictionary;
};

// The values of a file or a dictionary. Each value is read once and used in both passes.
class Loader : public Serializer::Store {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  void save(const std::string&, FileValue) override {}
  std::optional<FileValue> find(const std::string& key, std::uint64_t most) override {
    if (std::ranges::count(options_.ignore_names, key)) return {};
    if (options_.ignore && options_.ignore(key)) return {};
    if (!options_.strict && !contains(key)) return {};
    auto known = entries_.find(key);
    if (known == entries_.end()) known = entries_.emplace(key, read(key, most)).first;
    return known->second;
  }

 private:
  virtual FileValue read(const std::string& key, std::uint64_t most) const = 0;

  const LoadOptions& options_;
  Dictionary entries_;
};

// The values of a file: of an NpzReader or a class of the same form.
template <class Reader>
class FileLoader : public Loader {
 public:
  FileLoader(std::string_view format, const std::string& path, const LoadOptions& options)
      : Loader(options), format_(format), file_(path) {}
  bool contains(const std::string& key) const override { return file_.contains(key); }
  std::string what(const std::string& key) const override {
    return fmt::format("{}: {} in {}", format_, key, file_.name());
  }

 private:
  FileValue read(const std::string& key, std::uint64_t most) const override {
    if constexpr (requires { file_.entry(key, most); })
      return file_.entry(key, most);
    else
      return file_.array(key, most);
  }

  std::string_view format_;
  Reader file_;
};

class DictionaryLoader : public Loader {
 public:
  DictionaryLoader(const Dictionary& dictionary, const LoadOptions& options)
      : Loader(options), dictionary_(dictionary) {}
  bool contains(const std::string& key) const override { return dictionary_.contains(key); }
  std::string what(const std::string& key) const override { return "load: " + key; }

 private:
  FileValue read(const std::string& key, std::uint64_t) const override {
    const auto found = dictionary_.find(key);
    if (found == dictionary_.end())
      throw Error(fmt::format("load: the dictionary must hold the key {}, but it does not", key));
    return found->second;
  }

  const Dictionary& dictionary_;
};

void load(Loader& store, const Serialize& object, const LoadOptions& options) {
  const std::string path =
      options.path.empty() || options.path.ends_with('/') ? options.path : options.path + "/";
  for (const auto pass : {Serializer::Pass::check, Serializer::Pass::load}) {
    Serializer serializer(store, pass, path);
    object(serializer);
  }
}

}  // namespace

Dictionary save(const Serialize& object) {
  Saver store;
  Serializer serializer(store, Serializer::Pass::save);
  object(serializer);
  return std::move(store.dictionary);
}

void load(const Dictionary& dictionary, const Serialize& object, const LoadOptions& options) {
  DictionaryLoader store(dictionary, options);
  load(store, object, options);
}

void save_npz(const std::string& path, const Dictionary& dictionary, bool compression) {
  NpzWriter writer(path, {.compression = compression});
  for (const auto& [key, entry] : dictionary) {
    if (const Array* array = std::get_if<Array>(&entry))
      writer.write(key, *array);
    else if (const std::string* text = std::get_if<std::string>(&entry))
      writer.write_text(key, *text);
    else
      writer.write_none(key);
  }
  writer.close();
}

void load_npz(const std::string& path, const Serialize& object, const LoadOptions& options) {
  FileLoader<NpzReader> store("npz", path, options);
  load(store, object, options);
}

void save_hdf5(const std::string& path, const Dictionary& dictionary,
               std::optional<int> compression) {
  Hdf5Writer writer(path, {.compression = compression});
  for (const auto& [key, entry] : dictionary) {
    if (const Array* array = std::get_if<Array>(&entry))
      writer.write(key, *array);
    else if (std::holds_alternative<std::string>(entry))
      throw Error(fmt::format(
          "hdf5: the values for {} must be arrays, numbers or None, but {} is a text", path, key));
    else
      writer.write_none(key);
  }
  writer.close();
}

void load_hdf5(const std::string& path, const Serialize& object, const LoadOptions& options) {
  FileLoader<Hdf5Reader> store("hdf5", path, options);
  load(store, object, options);
}

void save_safetensors(const std::string& path, const Dictionary& dictionary,
                      const std::map<std::string, std::string>& metadata) {
  std::map<std::string, Array> arrays;
  for (const auto& [key, entry] : dictionary) {
    const Array* const array = std::get_if<Array>(&entry);
    if (!array)
      throw Error(
          fmt::format("safetensors: the values for {} must be arrays or numbers, but {} is "
                      "{}",
                      path, key, entry.index() == 0 ? "None" : "a text"));
    arrays.emplace(key, *array);
  }
  write_safetensors(path, arrays, metadata);
}

void load_safetensors(const std::string& path, const Serialize& object,
                      const LoadOptions& options) {
  FileLoader<SafetensorsReader> store("safetensors", path, options);
  load(store, object, options);
}

}  // namespace nn::serializers
