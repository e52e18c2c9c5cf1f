#include "nn/training/updaters/parallel_updater.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <latch>

#include "autograd/base/random.h"
#include "autograd/base/random_distributions.h"
#include "autograd/graph/config.h"
#include "autograd/machine/parallel.h"
#include "nn/optimizers/optimizer.h"
#include "nn/reporting/reporter.h"

namespace nn::training {

using autograd::Error;

ParallelUpdater::ParallelUpdater(iterators::Iterator& iterator, Optimizer& optimizer,
                                 ParallelUpdaterOptions options)
    : StandardUpdater({{"main", &iterator}}, {{"main", &optimizer}},
                      {.converter = options.converter, .auto_new_epoch = options.auto_new_epoch}),
      options_(std::move(options)) {
  if (options_.models < 1 || options_.models > autograd::parallel::kMostThreads)
    throw Error(fmt::format("ParallelUpdater: models must lie between 1 and {}, but it is {}",
                            autograd::parallel::kMostThreads, options_.models));
}

void ParallelUpdater::finalize() {
  workers_.reset();
  StandardUpdater::finalize();
}

void ParallelUpdater::update_core() {
  Optimizer& optimizer = get_optimizer("main");
  if (&optimizer.target() != replicas_[0].model)
    throw Error("ParallelUpdater: the model must be the optimizer's target, but it is another");
  const std::optional<iterators::Batch> batch = get_iterator("main").next();
  if (!batch)
    throw Error("ParallelUpdater: the iterator main must repeat, but it is exhausted");
  const std::size_t n = std::min(replicas_.size(), std::max<std::size_t>(1, batch->size()));
  std::vector<Arguments> parts;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<datasets::Example> examples;
    for (std::size_t k = i; k < batch->size(); k += n) examples.push_back((*batch)[k]);
    parts.push_back(datasets::convert(examples, options_.converter));
  }

  std::vector<std::exception_ptr> failures(n);
  const auto compute = [&](std::size_t i) {
    try {
      const auto scope = autograd::force_backprop_mode();
      replicas_[i].model->cleargrads();
      replicas_[i].loss(parts[i]).backward();
    } catch (...) {
      failures[i] = std::current_exception();
    }
  };
  const auto compute_main = [&] {
    const autograd::parallel::Loop alone{
        [](const void* f, std::int64_t) { (*static_cast<const decltype(compute)*>(f))(0); },
        &compute, 1};
    autograd::parallel::run_inside(alone);
  };

  // A parameter that takes its shape from the first batch takes its values in the target alone.
  Link& target = optimizer.target();
  const auto all = target.params();
  const bool ready =
      std::all_of(all.begin(), all.end(), [](const Parameter& p) { return p.is_initialized(); });
  if (!ready) {
    compute_main();
    if (failures[0]) std::rethrow_exception(failures[0]);
    // Those of the replicas are drawn only to be replaced.
    autograd::random::Generator unused(0);
    const auto scope = autograd::random::using_generator(unused);
    for (std::size_t i = 1; i < replicas_.size(); ++i) replicas_[i].model->copyparams(target);
  }

  const autograd::random::State state = autograd::random::generator().state();
  std::vector<Observation> reported(n);
  std::latch done(static_cast<std::ptrdiff_t>(n - 1));
  if (n > 1 && !workers_) workers_ = std::make_unique<autograd::parallel::Workers>(models() - 1);
  for (std::size_t i = 1; i < n; ++i) {
    const std::array<std::uint32_t, 5> words{
        state.key[0], state.key[1], static_cast<std::uint32_t>(state.pos),
        static_cast<std::uint32_t>(iteration()), static_cast<std::uint32_t>(i)};
    workers_->start([&, i, words, config = autograd::config()] {
      autograd::config() = config;
      try {
        autograd::random::Generator own = autograd::random::seeded(words);
        const auto draws = autograd::random::using_generator(own);
        Reporter reporter;
        reporter.add_observers(fmt::format("worker{}", i), *replicas_[i].model);
        const auto scope = reporter.scope(reported[i]);
        compute(i);
      } catch (...) {
        failures[i] = std::current_exception();
      }
      done.count_down();
    });
  }
  if (ready) compute_main();
  done.wait();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);

  for (std::size_t i = 1; i < n; ++i) {
    report(reported[i]);
    target.addgrads(*replicas_[i].model);
  }
  optimizer.update();
  for (std::size_t i = 1; i < replicas_.size(); ++i) replicas_[i].model->copyparams(target);
  if (options_.auto_new_epoch && is_new_epoch()) optimizer.new_epoch(true);
}

}  // namespace nn::training
