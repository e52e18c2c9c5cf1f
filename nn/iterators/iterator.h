#pragma once

#include <cstdint>
#include <optional>

#include "nn/datasets/example.h"

namespace nn {
class Serializer;
}

namespace nn::iterators {

using datasets::Batch;

// Walks over a dataset batch by batch and counts its epochs: chainer.dataset.Iterator.
class Iterator {
 public:
  virtual ~Iterator() = default;

  // The next examples. Nothing at the end of an epoch, for an iterator that does not repeat.
  virtual std::optional<Batch> next() = 0;
  // Begins from the start.
  virtual void reset() = 0;
  // Called once when the iterator is not used any more: ends what works for it.
  virtual void finalize() {}

  virtual bool repeat() const = 0;
  // Epochs that are over.
  virtual std::int64_t epoch() const = 0;
  // Whether the last batch ended an epoch.
  virtual bool is_new_epoch() const = 0;
  // epoch() and the part of the current one that is over.
  virtual double epoch_detail() const = 0;
  // epoch_detail() before the last batch; nothing before the first one.
  virtual std::optional<double> previous_epoch_detail() const = 0;
  // How many examples of the current epoch were given, and how many an epoch has; nothing where the
  // iterator does not know. A progress bar shows them.
  virtual std::optional<std::int64_t> current_position() const { return {}; }
  virtual std::optional<std::int64_t> epoch_size() const { return {}; }

  virtual void serialize(Serializer& s) = 0;
};

}  // namespace nn::iterators
