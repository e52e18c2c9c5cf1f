#pragma once

#include <any>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "autograd/array/array.h"
#include "nn/dict.h"

namespace nn::datasets {

using autograd::Array;
using autograd::Arrays;

// One example of a dataset, as in Chainer: an array, a number, a text, a tuple or a dictionary of
// examples, or an object of a user-defined class.
//
//   Example label = 3;                                     // int64()
//   Example pair(image, label);                            // a tuple
//   Example named = nn::Dict<Example>{{"x", image}, {"t", label}};
//   Example own = Example::of(Molecule("CCO"));            // own.as<Molecule>()
//
// Every accessor throws Error if the example is of another kind; the message says of which.
class Example {
 public:
  using Tuple = std::vector<Example>;

  Example() = default;  // None
  // NOLINTBEGIN(google-explicit-constructor): a dataset returns what it has
  Example(Array array);
  Example(std::string text) : value_(std::move(text)) {}
  Example(const char* text) : value_(std::string(text)) {}
  // A plain number is a 0-d array, as from numpy.asarray: bool, int64 or float64.
  template <class T>
  requires std::integral<T> || std::floating_point<T> Example(T number) : value_(scalar(number)) {}
  Example(const Arrays& tuple);
  Example(Tuple tuple) : value_(std::move(tuple)) {}
  Example(Dict<Example> dict) : value_(std::move(dict)) {}
  // NOLINTEND(google-explicit-constructor)
  // A tuple: get_example() ends in `return {image, label};`.
  template <class A, class B, class... Rest>
  requires std::convertible_to<A, Example> && std::convertible_to<B, Example> &&
      (std::convertible_to<Rest, Example>&&...)Example(A first, B second, Rest... rest) {
    Tuple tuple;
    tuple.reserve(2 + sizeof...(Rest));
    tuple.emplace_back(std::move(first));
    tuple.emplace_back(std::move(second));
    (tuple.emplace_back(std::move(rest)), ...);
    value_ = std::move(tuple);
  }
  // An object of any other class.
  template <class T>
  static Example of(T object) {
    Example example;
    example.value_ = std::any(std::move(object));
    return example;
  }

  bool is_none() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_text() const { return std::holds_alternative<std::string>(value_); }
  bool is_tuple() const { return std::holds_alternative<Tuple>(value_); }
  bool is_dict() const { return std::holds_alternative<Dict<Example>>(value_); }
  template <class T>
  bool is() const {
    return kept<T>() != nullptr;
  }

  // The array; if the example is a tuple of one array, this array.
  const Array& array() const&;
  Array array() const&& { return array(); }
  // The content: as<std::string>(), as<Example::Tuple>(), as<nn::Dict<Example>>(), as<Array>(),
  // as<Arrays>() of a tuple of arrays or of a single array, as<Molecule>().
  template <class T>
  decltype(auto) as() const& {
    if constexpr (std::same_as<T, Arrays>) {
      return arrays();
    } else if constexpr (std::same_as<T, Array>) {
      return array();
    } else {
      const T* const value = kept<T>();
      if (value == nullptr) fail(name_of<T>());
      return *value;
    }
  }
  template <class T>
  T as() const&& {
    return as<T>();
  }

  // The number of items of a tuple, and item i. A single array counts as a tuple of one item.
  std::size_t size() const;
  const Example& operator[](std::size_t item) const&;
  const Example& operator[](int item) const& { return (*this)[static_cast<std::size_t>(item)]; }
  Example operator[](std::size_t item) const&& { return (*this)[item]; }
  Example operator[](int item) const&& { return (*this)[item]; }
  // The value of a dictionary for this name.
  const Example& operator[](std::string_view name) const&;
  const Example& operator[](const char* name) const& { return (*this)[std::string_view(name)]; }
  Example operator[](std::string_view name) const&& { return (*this)[name]; }
  Example operator[](const char* name) const&& { return (*this)[name]; }

  // "float32(3)", "a text", "a tuple of 2", "a dictionary of x, t", "an object of another class"
  std::string describe() const;

 private:
  template <class T>
  const T* kept() const {
    if constexpr (std::same_as<T, Array> || std::same_as<T, std::string> ||
                  std::same_as<T, Tuple> || std::same_as<T, Dict<Example>>)
      return std::get_if<T>(&value_);
    else
      return std::any_cast<T>(std::get_if<std::any>(&value_));
  }
  template <class T>
  static const char* name_of() {
    if constexpr (std::same_as<T, std::string>) return "a text";
    if constexpr (std::same_as<T, Tuple>) return "a tuple";
    if constexpr (std::same_as<T, Dict<Example>>) return "a dictionary";
    return "an object of the class that is asked for";
  }
  template <class T>
  static Array scalar(T number) {
    if constexpr (std::same_as<T, bool>)
      return Array::scalar(number);
    else if constexpr (std::integral<T>)
      return Array::scalar(static_cast<std::int64_t>(number));
    else
      return Array::scalar(static_cast<double>(number));
  }
  Arrays arrays() const;
  [[noreturn]] void fail(std::string_view wanted) const;

  std::variant<std::monostate, Array, std::string, Tuple, Dict<Example>, std::any> value_;
};

// A list of examples: the result of an iterator and the argument of a converter.
class Batch {
 public:
  Batch() = default;
  // NOLINTBEGIN(google-explicit-constructor): a list is a batch
  Batch(std::vector<Example> examples) : examples_(std::move(examples)) {}
  template <std::convertible_to<Example> T>
  Batch(const std::vector<T>& examples) : examples_(examples.begin(), examples.end()) {}
  // NOLINTEND(google-explicit-constructor)
  // The examples whose item k is rows[k][i], as a TupleDataset has them. Nothing is copied; these
  // arrays are what concat_examples() makes of the batch.
  static Batch of_rows(Arrays rows);

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  // All of them; empty if the batch was made by of_rows().
  const std::vector<Example>& examples() const&& = delete;
  const std::vector<Example>& examples() const& { return examples_; }
  // Example i; consists of views if the batch was made by of_rows().
  Example operator[](std::size_t i) const;
  // All examples as objects of this class; throws if one is not.
  template <class T>
  std::vector<T> as() const {
    std::vector<T> objects;
    objects.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) objects.push_back((*this)[i].template as<T>());
    return objects;
  }
  // The arrays of of_rows(); null for other batches.
  const Arrays* rows() const&& = delete;
  const Arrays* rows() const& { return rows_.empty() ? nullptr : &rows_; }

  class Iterator {
   public:
    using value_type = Example;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const Batch& batch, std::size_t i) : batch_(&batch), i_(i) {}
    Example operator*() const { return (*batch_)[i_]; }
    Iterator& operator++() {
      ++i_;
      return *this;
    }
    Iterator operator++(int) { return {*batch_, i_++}; }
    bool operator==(const Iterator& other) const { return i_ == other.i_; }

   private:
    const Batch* batch_ = nullptr;
    std::size_t i_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  std::vector<Example> examples_;
  Arrays rows_;  // instead of examples_
};

}  // namespace nn::datasets
