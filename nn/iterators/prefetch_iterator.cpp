#include "nn/iterators/prefetch_iterator.h"

#include <fmt/format.h>

#include <array>
#include <condition_variable>
#include <limits>
#include <utility>

#include "autograd/base/random.h"
#include "autograd/base/random_distributions.h"
#include "autograd/graph/config.h"
#include "nn/serializers/serializer.h"

namespace nn::iterators {

using autograd::Error;

// An example that is being read.
struct PrefetchIterator::Pending {
  std::int64_t index = 0;
  std::mutex mutex = {};
  std::condition_variable done = {};
  bool is_done = false;
  datasets::Example example = {};
  std::exception_ptr error = {};

  template <class Read>
  void finish(const Read& read) {
    datasets::Example found;
    std::exception_ptr failure;
    try {
      found = read();
    } catch (...) {
      failure = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex);
      example = std::move(found);
      error = std::move(failure);
      is_done = true;
    }
    done.notify_one();
  }
  datasets::Example take() {
    std::unique_lock lock(mutex);
    done.wait(lock, [this] { return is_done; });
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
    return std::move(example);
  }
};

PrefetchIterator::PrefetchIterator(const std::string& op, datasets::AnyDataset dataset,
                                   std::int64_t batch_size, IteratorOptions options, int threads,
                                   std::int64_t n_prefetch)
    : dataset_(std::move(dataset)),
      order_(op, dataset_->size(), batch_size, std::move(options)),
      threads_(threads),
      n_prefetch_(n_prefetch) {
  if (n_prefetch < 0 || n_prefetch > std::numeric_limits<std::int32_t>::max())
    throw Error(fmt::format("{}: n_prefetch must lie between 0 and 2^31 - 1, but it is {}", op,
                            n_prefetch));
  if (threads < 1)
    throw Error(fmt::format("{}: there must be a thread, but {} are wanted", op, threads));
  const autograd::random::State state = autograd::random::generator().state();
  seed_[0] = state.key[0];
  seed_[1] = state.key[1] ^ static_cast<std::uint32_t>(state.pos);
}

PrefetchIterator::~PrefetchIterator() { PrefetchIterator::finalize(); }

void PrefetchIterator::finalize() {
  forget();
  workers_.reset();
}

void PrefetchIterator::forget() {
  if (workers_) workers_->drop();
  pending_.clear();
}

void PrefetchIterator::reset() {
  forget();
  order_.reset();
}

void PrefetchIterator::launch(std::int64_t index) {
  if (!workers_) workers_ = std::make_unique<autograd::parallel::Workers>(threads_);
  auto pending = std::make_shared<Pending>();
  pending->index = index;
  pending_.push_back(pending);
  // The place among all examples, which is the same however many are read ahead.
  const auto place = static_cast<std::uint64_t>(launched_++);
  const std::array<std::uint32_t, 4> words{seed_[0], seed_[1], static_cast<std::uint32_t>(place),
                                           static_cast<std::uint32_t>(place >> 32)};
  workers_->start([pending, words, dataset = dataset_, config = autograd::config()] {
    autograd::config() = config;
    pending->finish([&] {
      autograd::random::Generator own = autograd::random::seeded(words);
      const auto scope = autograd::random::using_generator(own);
      return dataset->get_example(pending->index);
    });
  });
}

std::optional<Batch> PrefetchIterator::next() {
  const std::int64_t epoch = order_.epoch(), position = order_.current_position();
  const std::optional<Order> indices = order_.next();
  if (!indices) return {};
  if (pending_.empty())
    launched_ = epoch * order_.epoch_size() + position;  // after a reset or a load, too
  for (std::size_t i = pending_.size(); i < indices->size(); ++i) launch((*indices)[i]);
  const Order ahead = order_.upcoming(n_prefetch_ * order_.batch_size());
  for (std::size_t i = pending_.size() - indices->size(); i < ahead.size(); ++i) launch(ahead[i]);

  std::vector<datasets::Example> examples;
  examples.reserve(indices->size());
  std::exception_ptr error;
  for (std::size_t i = 0; i < indices->size(); ++i) {
    const std::shared_ptr<Pending> pending = std::move(pending_.front());
    pending_.pop_front();
    try {
      examples.push_back(pending->take());
    } catch (...) {
      if (!error) error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
  return examples;
}

void PrefetchIterator::serialize(Serializer& s) {
  order_.serialize(s);
  if (s.is_loading()) forget();
}

}  // namespace nn::iterators
