#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace nn {
class Optimizer;
class Serializer;
}  // namespace nn

namespace nn::training {

class Trainer;

// Performs the steps of a training: chainer.training.Updater. Most programs derive from
// StandardUpdater instead.
class Updater {
 public:
  virtual ~Updater() = default;

  virtual void update() = 0;
  // The targets of the optimizers are the links that report.
  virtual std::map<std::string, Optimizer*> get_all_optimizers() const = 0;
  Optimizer& get_optimizer(const std::string& name) const;

  // The number of calls of update().
  virtual std::int64_t iteration() const = 0;
  virtual std::int64_t epoch() const = 0;
  // The epoch with the fraction of the current one, after the last update and after the update
  // before it.
  virtual double epoch_detail() const = 0;
  virtual double previous_epoch_detail() const = 0;
  virtual bool is_new_epoch() const = 0;

  virtual void connect_trainer(Trainer&) {}
  virtual void finalize() {}
  virtual void serialize(Serializer&) = 0;
};

}  // namespace nn::training
