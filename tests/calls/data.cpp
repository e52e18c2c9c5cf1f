#include "nn/datasets/concatenated_dataset.h"
#include "nn/datasets/image_dataset.h"
#include "nn/datasets/sub_dataset.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/normal.h"
#include "nn/iterators/multithread_iterator.h"
#include "nn/iterators/serial_iterator.h"
#include "tests/calls/arguments.h"

// A call for what else in nn/ takes numbers: datasets, iterators, distributions.
namespace calls {
namespace {

using namespace nn::datasets;
using A = Arguments&;

TupleDataset five() { return TupleDataset(Array::arange(5)); }

Variables examples(const Dataset& dataset) {
  Variables all;
  for (Int i = 0; i < dataset.size(); ++i)
    all.push_back(autograd::as_variable(dataset.get_example(i)[0].array()));
  return all;
}
template <class T>
void append(Variables& all, const T& more) {
  for (const Variable& example : examples(more)) all.push_back(example);
}
void append(Variables& all, const Split& split) {
  append(all, split.first), append(all, split.second);
}
Variables examples(const Split& split) {
  Variables all;
  append(all, split);
  return all;
}
template <class Part>
Variables examples(const std::vector<Part>& parts) {
  Variables all;
  for (const Part& part : parts) append(all, part);
  return all;
}

Variables read_ahead(nn::iterators::Iterator& iterator) {
  Variables all;
  while (const auto batch = iterator.next())
    all.push_back(autograd::as_variable(concat_examples(*batch)[0].array()));
  return all;
}

Calls of_datasets() {
  const auto index = [](const char* name, auto dataset) {
    return Call{name, [=](A a) { return one(dataset().get_example(a.number("i", 1))[0].array()); }};
  };
  const auto from_end = [](const char* name, auto dataset) {
    return Call{name, [=](A a) { return one(dataset()[a.number("i", 1)][0].array()); }};
  };
  const auto gathered = [](const char* name, auto dataset) {
    return Call{name, [=](A a) {
                  return one(dataset().get_examples(a.numbers("indices", {0, 1}))[0][0].array());
                }};
  };
  const auto part = [] { return SubDataset(five(), 1, 4); };
  const auto both = [] { return ConcatenatedDataset({five(), five()}); };
  return {
      index("TupleDataset", five),
      from_end("TupleDataset", five),
      gathered("TupleDataset", five),
      index("SubDataset", part),
      from_end("SubDataset", part),
      gathered("SubDataset", part),
      index("ConcatenatedDataset", both),
      from_end("ConcatenatedDataset", both),
      gathered("ConcatenatedDataset", both),
      {"SubDataset",
       [](A a) {
         return examples(SubDataset(five(), a.number("start", 1), a.number("finish", 4)));
       }},
      {"SubDataset",
       [](A a) {
         return examples(SubDataset(five(), 1, 4, a.numbers("order", {4, 3, 2, 1, 0})));
       }},
      {"split_dataset",
       [](A a) { return examples(split_dataset(five(), a.number("split_at", 2))); }},
      {"split_dataset",
       [](A a) {
         return examples(split_dataset(five(), 2, a.numbers("order", {4, 3, 2, 1, 0})));
       }},
      {"split_dataset_random",
       [](A a) { return examples(split_dataset_random(five(), a.number("first_size", 2), 0)); }},
      {"split_dataset_n", [](A a) { return examples(split_dataset_n(five(), a.number("n", 2))); }},
      {"split_dataset_n",
       [](A a) {
         return examples(split_dataset_n(five(), 2, a.numbers("order", {4, 3, 2, 1, 0})));
       }},
      {"split_dataset_n_random",
       [](A a) { return examples(split_dataset_n_random(five(), a.number("n", 2), 0)); }},
      {"get_cross_validation_datasets",
       [](A a) { return examples(get_cross_validation_datasets(five(), a.number("n_folds", 2))); }},
      {"get_cross_validation_datasets",
       [](A a) {
         return examples(
             get_cross_validation_datasets(five(), 2, a.numbers("order", {4, 3, 2, 1, 0})));
       }},
      {"image_dataset",
       [](A a) {
         return examples(image_dataset(a.array("images", {2, 3, 4}),
                                       a.positions("labels", {0, 1}, {2}), 255,
                                       {.ndim = a.count("ndim", 1)}));
       }},
      {"require_labels",
       [](A a) {
         require_labels(a.positions("labels", {0, 2, 1}, {3}), a.number("classes", 3),
                        "require_labels: they");
         return Variables();
       }},
      {"get_cross_validation_datasets_random",
       [](A a) {
         return examples(get_cross_validation_datasets_random(five(), a.number("n_folds", 2), 0));
       }},
      {"SerialIterator",
       [](A a) {
         const bool repeat = a.flag("repeat", true);
         const Int batch_size = a.number("batch_size", 2);
         nn::iterators::SerialIterator iterator(
             five(), batch_size, {.repeat = repeat, .shuffle = a.flag("shuffle", true)});
         // A batch of so many examples would be what is asked for.
         constexpr Int kMost = 9;
         Variables all;
         for (int i = 0; i < 3 && (!repeat || batch_size <= kMost); ++i)
           if (const auto batch = iterator.next())
             all.push_back(autograd::as_variable(concat_examples(*batch)[0].array()));
         return all;
       },
       true},
      {"MultithreadIterator",
       [](A a) {
         const Int batch_size = a.number("batch_size", 2);
         nn::iterators::MultithreadIterator iterator(
             five(), batch_size, {.repeat = false, .n_threads = a.count("n_threads", 2)});
         return read_ahead(iterator);
       },
       true},
      {"MultiprocessIterator",
       [](A a) {
         const Int batch_size = a.number("batch_size", 2);
         nn::iterators::MultiprocessIterator iterator(five(), batch_size,
                                                      {.repeat = false,
                                                       .n_processes = a.count("n_processes", 2),
                                                       .n_prefetch = a.number("n_prefetch", 1)});
         return read_ahead(iterator);
       },
       true},
      {"to_device",
       [](A a) {
         return one(to_device(a.count("device", -1), a.array("x", {2, 3})));
       }},
  };
}

Calls of_distributions() {
  namespace D = nn::distributions;
  const auto normal = [](A a) {
    return D::Normal({.loc = a.x("loc", {2, 3}), .scale = a.x("scale", {2, 3})});
  };
  return {
      {"sample_n", [=](A a) { return one(normal(a).sample_n(a.number("n", 2))); }, true},
      {"sample", [=](A a) { return one(normal(a).sample(a.number("n", 2))); }, true},
      {"sample",
       [=](A a) {
         return one(normal(a).sample(a.shape("sample_shape", {2, 1})));
       },
       true},
      {"Independent",
       [=](A a) {
         const D::Independent d(normal(a), a.count("reinterpreted_batch_ndims", 1));
         return one(d.log_prob(a.x("x", {2, 3})));
       }},
  };
}

}  // namespace

Calls data() { return joined({of_datasets(), of_distributions()}); }

}  // namespace calls
