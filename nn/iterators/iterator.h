#pragma once

#include <cstdint>
#include <optional>

#include "nn/datasets/example.h"

namespace nn {
class Serializer;
}

namespace nn::iterators {

using datasets::Batch;

// Iterates over a dataset batch by batch and counts epochs: chainer.dataset.Iterator.
class Iterator {
 public:
  virtual ~Iterator() = default;

  // The next batch of examples. Empty at the end of the epoch if the iterator does not repeat.
  virtual std::optional<Batch> next() = 0;
  // Restarts from the beginning.
  virtual void reset() = 0;
  // Called once when the iterator is no longer used, to end its threads or processes.
  virtual void finalize() {}

  virtual bool repeat() const = 0;
  // The number of completed epochs.
  virtual std::int64_t epoch() const = 0;
  // Whether the last batch ended an epoch.
  virtual bool is_new_epoch() const = 0;
  // epoch() plus the completed fraction of the current epoch.
  virtual double epoch_detail() const = 0;
  // epoch_detail() before the last batch; empty before the first batch.
  virtual std::optional<double> previous_epoch_detail() const = 0;
  // The number of examples given in the current epoch, and the number of examples of an epoch, for
  // progress bars. Empty if the iterator does not know.
  virtual std::optional<std::int64_t> current_position() const { return {}; }
  virtual std::optional<std::int64_t> epoch_size() const { return {}; }

  virtual void serialize(Serializer& s) = 0;
};

}  // namespace nn::iterators
