#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/arguments.h"
#include "nn/datasets/example.h"

namespace nn::datasets {

// How to pad the arrays of a batch to the shape of the largest: std::nullopt for no padding, which
// requires that all have one shape; one value; or a value for each item of the examples, by index
// or by name.
class Padding {
 public:
  using Value = std::optional<double>;
  // NOLINTBEGIN(google-explicit-constructor): it is given as Chainer's argument is
  Padding(std::nullopt_t = std::nullopt) {}
  Padding(double value) : all_(value) {}
  Padding(std::optional<double> value) : all_(value) {}
  Padding(std::initializer_list<Value> by_place) : by_place_(by_place) {}
  Padding(Dict<Value> by_name) : by_name_(std::move(by_name)) {}
  // NOLINTEND(google-explicit-constructor)

  Value of(std::size_t item, std::size_t items) const;
  Value of(std::string_view name) const;

 private:
  Value all_;
  std::vector<Value> by_place_;
  Dict<Value> by_name_;
};

// Converts a batch of examples to arguments: chainer.dataset.concat_examples. Arrays are stacked
// along a new first axis to one array. Tuples give one argument for each item, dictionaries one for
// each name. The arrays must have one dtype and, without `padding`, one shape; with `padding`,
// smaller arrays are padded at their ends. Texts, nested tuples and objects of other classes need a
// custom converter.
Arguments concat_examples(const Batch& batch, const Padding& padding = {});

// Converts a batch to the arguments of a loss function. The updater and the Evaluator have a
// converter; by default it is concat_examples:
//   {.converter = [](const nn::datasets::Batch& batch) { return concat_examples(batch, 0); }}
using Converter = std::function<Arguments(const Batch& batch)>;
// What the converter makes of the batch; without a converter, what concat_examples() makes of it.
Arguments convert(const Batch& batch, const Converter& converter);

// Chainer's chainer.dataset.to_device: on processors the array itself. Throws Error for a device
// that is not a processor: a negative id is Chainer's for these.
Array to_device(int device, const Array& x);

// The converter that Chainer sends batches to a GPU with while it computes; on processors it is
// concat_examples with padding. chainer.dataset.ConcatWithAsyncTransfer.
//   StandardUpdater updater(it, optimizer, model, {.converter = ConcatWithAsyncTransfer()});
class ConcatWithAsyncTransfer {
 public:
  explicit ConcatWithAsyncTransfer(Padding padding = {}) : padding_(std::move(padding)) {}
  Arguments operator()(const Batch& batch) const { return concat_examples(batch, padding_); }

 private:
  Padding padding_;
};

}  // namespace nn::datasets
