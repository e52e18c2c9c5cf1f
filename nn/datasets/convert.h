#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "nn/arguments.h"
#include "nn/datasets/example.h"

namespace nn::datasets {

// What fills up the arrays of a batch that are smaller than its largest: nothing, so that all must
// have one shape; one value; or a value for each item of the examples, by place or by name.
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

// One batch of examples of one kind: chainer.dataset.concat_examples. Examples that are arrays
// become one array, which holds them one after another along a new first axis; tuples become an
// argument for each item, dictionaries one for each name. The arrays must have one dtype and one
// shape; with `padding`, smaller ones are filled up at their ends. Texts, tuples in tuples and
// objects of other classes need a converter of their own.
Arguments concat_examples(const Batch& batch, const Padding& padding = {});

// What makes the arguments of a loss function of a batch. The updater and the Evaluator have one;
// concat_examples, unless they are given another:
//   {.converter = [](const nn::datasets::Batch& batch) { return concat_examples(batch, 0); }}
using Converter = std::function<Arguments(const Batch& batch)>;

}  // namespace nn::datasets
