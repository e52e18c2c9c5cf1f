#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "nn/datasets/convert.h"
#include "nn/iterators/iterator.h"
#include "nn/reporting/reporter.h"
#include "nn/training/batch_function.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

class Evaluator;

struct EvaluatorOptions {
  // Converts a batch of examples to the arguments of the evaluated function; by default
  // concat_examples.
  datasets::Converter converter = {};
  // Called before each evaluation.
  std::function<void(Evaluator&)> eval_hook = {};
  // Where to show a progress bar if it is a terminal, for example stdout; nullptr: nowhere.
  std::FILE* progress_bar = nullptr;
  // Weight each batch by its number of examples, so that the result is the mean over all examples
  // even if the last batch is short. By default all batches have equal weights, as in Chainer.
  bool by_example = false;
};

// Evaluates a model on a validation set: runs over the iterator from start to end with
// config().train false and without recording graphs, and reports the means of the reported values
// as validation/main/loss. All batches, even a short last one, have equal weights, unless
// options.by_example. chainer.training.extensions.Evaluator.
//
//   trainer.extend(extensions::Evaluator(test_iter, model));      // calls model(x) or model(x, t)
//   Means result = extensions::Evaluator(test_iter, model)();     // without a trainer: main/loss
//
// Holds non-owning pointers to the iterator and the model. Throws if the iterator repeats, because
// it has no end, or if the model is destroyed.
class Evaluator : public Extension {
 public:
  template <class Target>
  requires OfBatch<Target> Evaluator(iterators::Iterator& iterator, Target& target,
                                     EvaluatorOptions options = {})
      : Evaluator(iterator, target, target, std::move(options)) {}
  // Calls a function instead of the model.
  template <class F>
  requires OfBatch<std::remove_cvref_t<F>> Evaluator(iterators::Iterator& iterator, Link& target,
                                                     F&& eval_func, EvaluatorOptions options = {})
      : Evaluator(iterator, {{"main", &target}}, batch_function<void>(std::forward<F>(eval_func)),
                  std::move(options)) {}
  // For several links that report.
  Evaluator(iterators::Iterator& iterator, const std::map<std::string, Link*>& targets,
            BatchFunction<void> eval_func, EvaluatorOptions options = {});

  void operator()(Trainer& trainer) override;
  // Evaluates, reports the means to the current reporter if there is one, and returns them.
  Means operator()();
  // Finalizes the iterator.
  void finalize() override { iterator_->finalize(); }

  std::string default_name() const override { return "validation"; }
  Trigger default_trigger() override { return {1, "epoch"}; }
  int default_priority() const override { return kPriorityWriter; }

  iterators::Iterator& iterator() const { return *iterator_; }

 protected:
  // The means over all batches.
  virtual Means evaluate();

 private:
  iterators::Iterator* iterator_;
  std::map<std::string, LinkPointer> targets_;
  BatchFunction<void> eval_func_;
  EvaluatorOptions options_;
};

}  // namespace nn::training::extensions
