#include "nn/iterators/serial_iterator.h"

namespace nn::iterators {

SerialIterator::SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                               IteratorOptions options)
    : dataset_(std::move(dataset)),
      order_("SerialIterator", dataset_->size(), batch_size, std::move(options)) {}

std::optional<Batch> SerialIterator::next() {
  const std::optional<Order> indices = order_.next();
  if (!indices) return {};
  return dataset_->get_examples(*indices);
}

}  // namespace nn::iterators
