#include "nn/iterators/multithread_iterator.h"

#include <utility>

#include "autograd/machine/cpu.h"

namespace nn::iterators {

MultithreadIterator::MultithreadIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                                         MultithreadIteratorOptions options)
    : PrefetchIterator("MultithreadIterator", std::move(dataset), batch_size,
                       IteratorOptions{.repeat = options.repeat,
                                       .shuffle = options.shuffle,
                                       .order_sampler = std::move(options.order_sampler)},
                       options.n_threads, 1) {}

MultiprocessIterator::MultiprocessIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                                           MultiprocessIteratorOptions options)
    : PrefetchIterator("MultiprocessIterator", std::move(dataset), batch_size,
                       IteratorOptions{.repeat = options.repeat,
                                       .shuffle = options.shuffle,
                                       .order_sampler = std::move(options.order_sampler)},
                       options.n_processes > 0 ? options.n_processes : autograd::cpu::processors(),
                       options.n_prefetch) {}

}  // namespace nn::iterators
