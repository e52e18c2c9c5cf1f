#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/array/index.h"
#include "nn/datasets/convert.h"
#include "nn/datasets/example.h"

namespace nn::datasets {

// A sequence of examples: Chainer's DatasetMixin. A custom dataset overrides size() and
// get_example().
//
//   class Squares : public nn::datasets::Dataset {
//     std::int64_t size() const override { return 100; }
//     Example get_example(std::int64_t i) const override { return {i, i * i}; }
//   };
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual std::int64_t size() const = 0;
  // The example at index i in [0, size()).
  virtual Example get_example(std::int64_t i) const = 0;
  // The examples at these indices, each in [0, size()). A dataset that stores its examples as rows
  // of arrays overrides this to copy the rows into a Batch::of_rows().
  virtual Batch get_examples(std::span<const std::int64_t> indices) const;

  // The example at index i; a negative i counts from the end. Throws Error if there is none.
  Example operator[](std::int64_t i) const;
  // Several examples, in a Batch: those of Python's dataset[1:10:2] are dataset[Slice(1, 10, 2)];
  // those of a list of indices, which may be negative; those at which a mask of bools, with one for
  // each example, is true. An array holds indices or a mask.
  Batch operator[](const autograd::Slice& slice) const;
  Batch operator[](const std::vector<std::int64_t>& indices) const;
  Batch operator[](const std::vector<bool>& mask) const;
  Batch operator[](const Array& indices_or_mask) const;

 protected:
  // Throws Error, beginning with `dataset`, unless i is in [0, size()).
  void require_index(std::string_view dataset, std::int64_t i) const;
};

// A dataset of a list of examples.
class ListDataset : public Dataset {
 public:
  explicit ListDataset(std::vector<Example> examples) : examples_(std::move(examples)) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(examples_.size()); }
  Example get_example(std::int64_t i) const override {
    return examples_[static_cast<std::size_t>(i)];
  }

 private:
  std::vector<Example> examples_;
};

// The type of dataset parameters, which accept any kind of dataset: SerialIterator
// it(TupleDataset{x, t}, 100). As in Chainer, lists and arrays are datasets, too; the examples of
// an array are its rows. Copies share the dataset.
class AnyDataset {
 public:
  // NOLINTBEGIN(google-explicit-constructor)
  template <std::derived_from<Dataset> D>
  AnyDataset(D dataset) : dataset_(std::make_shared<const D>(std::move(dataset))) {}
  template <std::derived_from<Dataset> D>
  AnyDataset(std::shared_ptr<D> dataset) : dataset_(std::move(dataset)) {}
  AnyDataset(const Array& rows);
  template <class T>
  AnyDataset(const std::vector<T>& list) {
    std::vector<Example> examples;
    examples.reserve(list.size());
    for (const T& example : list) {
      if constexpr (std::convertible_to<T, Example>)
        examples.emplace_back(example);
      else
        examples.push_back(Example::of(example));
    }
    dataset_ = std::make_shared<const ListDataset>(std::move(examples));
  }
  // NOLINTEND(google-explicit-constructor)

  const Dataset& operator*() const { return *dataset_; }
  const Dataset* operator->() const { return dataset_.get(); }

 private:
  std::shared_ptr<const Dataset> dataset_;
};

}  // namespace nn::datasets
