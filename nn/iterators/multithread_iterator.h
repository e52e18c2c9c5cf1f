#pragma once

#include <concepts>

#include "nn/iterators/prefetch_iterator.h"

namespace nn::iterators {

struct MultithreadIteratorOptions {
  bool repeat = true;
  bool shuffle = true;
  int n_threads = 1;
  OrderSampler order_sampler = {};
};

// Reads the next batch in n_threads threads while this one is computed with; see PrefetchIterator.
// chainer.iterators.MultithreadIterator.
class MultithreadIterator : public PrefetchIterator {
 public:
  MultithreadIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                      MultithreadIteratorOptions options = {});
};

struct MultiprocessIteratorOptions {
  bool repeat = true;
  bool shuffle = true;
  int n_processes = 0;          // threads, here; 0: as many as there are processors
  std::int64_t n_prefetch = 1;  // batches
  OrderSampler order_sampler = {};
};

// The same with n_prefetch batches ahead. chainer.iterators.MultiprocessIterator, whose processes are
// threads here: nothing holds back the threads of a C++ program, and examples need not be sent from
// one process to another. So shared_mem and maxtasksperchild have no meaning, and get_example() must
// bear to be called by several threads at once.
class MultiprocessIterator : public PrefetchIterator {
 public:
  MultiprocessIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                       MultiprocessIteratorOptions options = {});
};

}  // namespace nn::iterators
