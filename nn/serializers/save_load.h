// Saves objects to files and loads them. npz and HDF5 are formats of Chainer, which reads what is
// saved here, and the reverse. safetensors is a format of other libraries.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/link_holder.h"
#include "nn/serializers/serializer.h"

namespace nn::serializers {

struct LoadOptions {
  // Load the values under this path: {.path = "updater/model:main"} loads the model from a
  // snapshot.
  std::string path = {};
  // Whether every value must be in the file. If not, values missing from the file stay unchanged.
  bool strict = true;
  // Keys whose values stay unchanged, listed by name or selected by a predicate.
  std::vector<std::string> ignore_names = {};
  std::function<bool(std::string_view key)> ignore = {};
};

// An object's values by key. The arrays share memory with the object: copy them to keep their
// values.
using Dictionary = std::map<std::string, FileValue>;

// The same for any object: a callable that serializes it.
using Serialize = std::function<void(Serializer&)>;
Dictionary save(const Serialize& object);
void load(const Dictionary& dictionary, const Serialize& object, const LoadOptions& options = {});
void save_npz(const std::string& path, const Dictionary& dictionary, bool compression = true);
void load_npz(const std::string& path, const Serialize& object, const LoadOptions& options = {});
void save_hdf5(const std::string& path, const Dictionary& dictionary,
               std::optional<int> compression = 4);
void load_hdf5(const std::string& path, const Serialize& object, const LoadOptions& options = {});
void save_safetensors(const std::string& path, const Dictionary& dictionary,
                      const std::map<std::string, std::string>& metadata = {});
void load_safetensors(const std::string& path, const Serialize& object,
                      const LoadOptions& options = {});

// A link, or anything with a function serialize(Serializer&).
template <class T>
concept Serializable = requires(T& object, Serializer& s) {
  object.serialize(s);
}
|| requires(T& object, Serializer& s) { nn::serialize(s, object); };

// Refers to the object without copying it; if it is a link, follows it when it is moved.
template <Serializable T>
Serialize serialize_of(T& object) {
  if constexpr (requires(Serializer & s) { object.serialize(s); })
    return [&object](Serializer& s) { object.serialize(s); };
  else
    return [link = std::make_shared<LinkHolder<T>>(object)](Serializer& s) {
      nn::serialize(s, **link);
    };
}

// Writes the object's values to the file `path`, atomically: the file is complete or does not
// appear.
template <Serializable T>
void save_npz(const std::string& path, T& object, bool compression = true) {
  save_npz(path, save(serialize_of(object)), compression);
}

// Sets the object's values from a file that save_npz wrote, here or in Chainer. Throws Error, and
// leaves the object unchanged, if the file is damaged, a key is missing, or a value has another
// shape or a type that does not convert safely.
template <Serializable T>
void load_npz(const std::string& path, T& object, const LoadOptions& options = {}) {
  load_npz(path, serialize_of(object), options);
}
// Loads the values under a path in the file: load_npz("snapshot", model, "updater/model:main/").
template <Serializable T, std::convertible_to<std::string> P>
void load_npz(const std::string& path, T& object, const P& path_in_file, bool strict = true) {
  load_npz(path, object, LoadOptions{.path = path_in_file, .strict = strict});
}

// The same in HDF5, in Chainer's layout. `compression` is the level of gzip, 0 to 9, or None. HDF5
// files hold no texts, as in Chainer: a Trainer with a LogReport is an Error. Needs a build with
// libhdf5.
template <Serializable T>
void save_hdf5(const std::string& path, T& object, std::optional<int> compression = 4) {
  save_hdf5(path, save(serialize_of(object)), compression);
}
template <Serializable T>
void load_hdf5(const std::string& path, T& object, const LoadOptions& options = {}) {
  load_hdf5(path, serialize_of(object), options);
}

// The same in the safetensors format, whose values are arrays: plain numbers are written as 0-d
// arrays; a text or None, such as an uninitialised parameter, is an Error. The keys are this
// library's, "l1/W".
template <Serializable T>
void save_safetensors(const std::string& path, T& object,
                      const std::map<std::string, std::string>& metadata = {}) {
  save_safetensors(path, save(serialize_of(object)), metadata);
}
template <Serializable T>
void load_safetensors(const std::string& path, T& object, const LoadOptions& options = {}) {
  load_safetensors(path, serialize_of(object), options);
}

}  // namespace nn::serializers
