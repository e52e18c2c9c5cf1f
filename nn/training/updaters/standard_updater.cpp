#include "nn/training/updaters/standard_updater.h"

#include <fmt/format.h>

#include "nn/optimizers/optimizer.h"
#include "nn/serializers/serializer.h"

namespace nn::training {

using autograd::Error;

Optimizer& Updater::get_optimizer(const std::string& name) const {
  const auto optimizers = get_all_optimizers();
  const auto found = optimizers.find(name);
  if (found == optimizers.end())
    throw Error(fmt::format(
        "Updater: an optimizer must be asked for by its name, but there is none named {}", name));
  return *found->second;
}

StandardUpdater::StandardUpdater(Iterators iterators, Optimizers optimizers,
                                 StandardUpdaterOptions options)
    : iterators_(std::move(iterators)),
      optimizers_(std::move(optimizers)),
      options_(std::move(options)) {
  if (!iterators_.contains("main"))
    throw Error("StandardUpdater: one iterator must be named main, but none is");
  if (options_.auto_new_epoch)
    for (const auto& [name, optimizer] : optimizers_) optimizer->use_auto_new_epoch = true;
}

StandardUpdater::StandardUpdater(iterators::Iterator& iterator, Optimizer& optimizer,
                                 StandardUpdaterOptions options)
    : StandardUpdater({{"main", &iterator}}, {{"main", &optimizer}}, std::move(options)) {
  loss_func_ = [&optimizer](const Arguments& batch) {
    autograd::Variables inputs;
    for (const Array& a : batch.arrays()) inputs.push_back(autograd::as_variable(a));
    return optimizer.target().call(inputs);
  };
}

iterators::Iterator& StandardUpdater::get_iterator(const std::string& name) const {
  const auto found = iterators_.find(name);
  if (found == iterators_.end())
    throw Error(fmt::format(
        "Updater: an iterator must be asked for by its name, but there is none named {}", name));
  return *found->second;
}

std::int64_t StandardUpdater::epoch() const { return get_iterator("main").epoch(); }
double StandardUpdater::epoch_detail() const { return get_iterator("main").epoch_detail(); }
double StandardUpdater::previous_epoch_detail() const {
  return get_iterator("main").previous_epoch_detail().value_or(0);
}
bool StandardUpdater::is_new_epoch() const { return get_iterator("main").is_new_epoch(); }

Arguments StandardUpdater::next_batch(const std::string& iterator) {
  const std::optional<iterators::Batch> batch = get_iterator(iterator).next();
  if (!batch)
    throw Error(
        fmt::format("StandardUpdater: the iterator {} must repeat, but it is exhausted", iterator));
  return datasets::convert(*batch, options_.converter);
}

void StandardUpdater::update() {
  update_core();
  ++iteration_;
}

void StandardUpdater::finalize() {
  for (const auto& [name, iterator] : iterators_) iterator->finalize();
}

void StandardUpdater::update_core() {
  if (!loss_func_)
    throw Error(
        "StandardUpdater: there must be a loss function or another update_core(), but there is "
        "none");
  const Arguments batch = next_batch();
  Optimizer& optimizer = get_optimizer("main");
  optimizer.update(loss_func_, batch);
  if (options_.auto_new_epoch && is_new_epoch()) optimizer.new_epoch(true);
}

void StandardUpdater::serialize(Serializer& s) {
  for (const auto& [name, iterator] : iterators_) iterator->serialize(s["iterator:" + name]);
  for (const auto& [name, optimizer] : optimizers_) {
    optimizer->serialize(s["optimizer:" + name]);
    nn::serialize(s["model:" + name], optimizer->target());
  }
  s.count("iteration", iteration_);
}

}  // namespace nn::training
