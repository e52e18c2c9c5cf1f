#include "nn/training/extensions/evaluator.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "autograd/graph/config.h"
#include "nn/reporting/summary.h"
#include "nn/training/bar.h"

namespace nn::training::extensions {
namespace {

// A progress bar for a pass over the validation set.
class SweepBar {
 public:
  SweepBar(std::FILE* out, const iterators::Iterator& iterator)
      : bar_(out, false, 50), iterator_(&iterator) {
    if (!iterator.current_position() || !iterator.epoch_size())
      throw autograd::Error(
          "Evaluator: a progress bar requires an iterator that knows its position and the size of "
          "its epoch, but this one does not");
  }
  void update() {
    if (!bar_.shows()) return;
    const double now =
        std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    const auto position = iterator_->current_position().value_or(0);
    const double epoch = iterator_->epoch_detail();
    bar_.write(
        bar_.line("validation", epoch) +
        fmt::format("{:10} / {} iterations\n", position, iterator_->epoch_size().value_or(0)) +
        bar_.speed(now, static_cast<double>(position), epoch, 1 - epoch, true));
  }
  void close() { bar_.close(); }

 private:
  Bar bar_;
  const iterators::Iterator* iterator_;
};

}  // namespace

Evaluator::Evaluator(iterators::Iterator& iterator, const std::map<std::string, Link*>& targets,
                     BatchFunction<void> eval_func, EvaluatorOptions options)
    : iterator_(&iterator), eval_func_(std::move(eval_func)), options_(std::move(options)) {
  for (const auto& [key, target] : targets) targets_.emplace(key, LinkPointer(*target));
  if (iterator.repeat())
    throw autograd::Error("Evaluator: the iterator must not repeat, but it does");
}

void Evaluator::operator()(Trainer&) { (*this)(); }

Means Evaluator::operator()() {
  Reporter reporter;
  for (const auto& [key, target] : targets_) {
    if (!target)
      throw autograd::Error(fmt::format(
          "Evaluator: the target {} must outlive the Evaluator, but it was destroyed", key));
    reporter.add_observers(name().empty() ? key : name() + "/" + key, *target.get());
  }
  Means means;
  {
    Observation outside_of_batches;
    const auto scope = reporter.scope(outside_of_batches);
    const auto testing = autograd::using_config(&autograd::Config::train, false);
    means = evaluate();
  }
  Observation observation;
  for (const auto& [key, mean] : means) observation[key] = mean;
  report(observation);
  return means;
}

Means Evaluator::evaluate() {
  if (options_.eval_hook) options_.eval_hook(*this);
  iterator_->reset();
  std::optional<SweepBar> bar;
  if (options_.progress_bar != nullptr) bar.emplace(options_.progress_bar, *iterator_);
  DictSummary summary;
  while (const std::optional<iterators::Batch> examples = iterator_->next()) {
    const std::int64_t weight =
        options_.by_example ? static_cast<std::int64_t>(examples->size()) : 1;
    const Arguments batch = datasets::convert(*examples, options_.converter);
    Observation observation;
    {
      const auto scope = report_scope(observation);
      const auto no_graph = autograd::no_backprop_mode();
      eval_func_(batch);
    }
    summary.add(observation, weight);
    if (bar) bar->update();
  }
  if (bar) bar->close();
  return summary.compute_mean();
}

}  // namespace nn::training::extensions
