#pragma once

#include <cstdint>
#include <optional>

#include "autograd/array/array.h"

namespace nn {
class Serializer;
}

namespace nn::iterators {

using autograd::Arrays;

// Walks over a dataset batch by batch and counts its epochs.
class Iterator {
 public:
  virtual ~Iterator() = default;

  // The next batch: the tuple of an example with one more axis in front. Nothing at the end of an
  // epoch, for an iterator that does not repeat.
  virtual std::optional<Arrays> next() = 0;
  // Begins from the start.
  virtual void reset() = 0;

  virtual bool repeat() const = 0;
  // Epochs that are over.
  virtual std::int64_t epoch() const = 0;
  // Whether the last batch ended an epoch.
  virtual bool is_new_epoch() const = 0;
  // epoch() and the part of the current one that is over.
  virtual double epoch_detail() const = 0;
  // epoch_detail() before the last batch; nothing before the first one.
  virtual std::optional<double> previous_epoch_detail() const = 0;

  virtual void serialize(Serializer& s) = 0;
};

}  // namespace nn::iterators
