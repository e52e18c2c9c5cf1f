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

// Does one step of a training: chainer.training.Updater. Programs derive from StandardUpdater,
// rarely from this.
class Updater {
 public:
  virtual ~Updater() = default;

  virtual void update() = 0;
  // Their targets are the links that report.
  virtual std::map<std::string, Optimizer*> get_all_optimizers() const = 0;
  Optimizer& get_optimizer(const std::string& name) const;

  // How often update() was called.
  virtual std::int64_t iteration() const = 0;
  virtual std::int64_t epoch() const = 0;
  // With the fraction of the running epoch, after the last update and after the one before.
  virtual double epoch_detail() const = 0;
  virtual double previous_epoch_detail() const = 0;
  virtual bool is_new_epoch() const = 0;

  virtual void connect_trainer(Trainer&) {}
  virtual void finalize() {}
  virtual void serialize(Serializer&) = 0;
};

}  // namespace nn::training
