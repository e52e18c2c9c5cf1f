#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "autograd/array/array.h"

namespace nn::datasets {

using autograd::Array;
using autograd::Arrays;

// A sequence of examples. An example is a tuple of arrays, say an image and its label; a batch is
// the same tuple with one more axis in front. Chainer's DatasetMixin: a dataset of one's own tells
// size() and get_example().
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual std::int64_t size() const = 0;
  // The example at i, which lies in [0, size()).
  virtual Arrays get_example(std::int64_t i) const = 0;
  // The batch of the examples at these indices, which lie in [0, size()). Unless overridden it is
  // concat_examples of them; a dataset that is one large array copies rows instead.
  virtual Arrays gather(std::span<const std::int64_t> indices) const;

  // The example at i; a negative i counts from the end. Throws Error where there is none.
  Arrays operator[](std::int64_t i) const;

 protected:
  // Throws Error, in the name of `dataset`, unless i lies in [0, size()).
  void require_index(std::string_view dataset, std::int64_t i) const;
};

// A dataset of any kind, given where one is expected: SerialIterator it(TupleDataset{x, t}, 100).
// Copies share it.
class AnyDataset {
 public:
  template <std::derived_from<Dataset> D>
  AnyDataset(D dataset)  // NOLINT(google-explicit-constructor)
      : dataset_(std::make_shared<const D>(std::move(dataset))) {}
  template <std::derived_from<Dataset> D>
  AnyDataset(std::shared_ptr<D> dataset)  // NOLINT(google-explicit-constructor)
      : dataset_(std::move(dataset)) {}

  const Dataset& operator*() const { return *dataset_; }
  const Dataset* operator->() const { return dataset_.get(); }

 private:
  std::shared_ptr<const Dataset> dataset_;
};

// One batch of examples that have equally many arrays: the i-th array of the batch holds the i-th
// array of each example, one after another along a new first axis. These must have one dtype and
// one shape; with `padding`, smaller ones are filled up at their ends with that value.
// chainer.dataset.concat_examples.
Arrays concat_examples(std::span<const Arrays> examples, std::optional<double> padding = {});

}  // namespace nn::datasets
