#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "autograd/graph/variable.h"
#include "nn/datasets/convert.h"
#include "nn/iterators/iterator.h"
#include "nn/training/batch_function.h"
#include "nn/training/updaters/updater.h"

namespace nn::training {

struct StandardUpdaterOptions {
  // Converts a batch of examples to the arguments of the loss function; by default concat_examples.
  datasets::Converter converter = {};
  // Tells the main optimizer of each new epoch.
  bool auto_new_epoch = true;
};

// Takes a batch of the main iterator, computes the loss and updates the parameters:
// chainer.training.StandardUpdater.
//
//   training::StandardUpdater updater(train_iter, optimizer);   // the target gives the loss
//   training::StandardUpdater updater(train_iter, optimizer, model);
//   training::StandardUpdater updater(train_iter, optimizer,
//                                     [&](const Variable& x) { return model.loss(x); });
//
// Iterators, optimizers and models are referred to, not copied, and must outlive the updater. For
// other kinds of training, derive from this class and override update_core(); an updater may have
// several iterators and optimizers:
//
//   class GANUpdater : public training::StandardUpdater {
//    public:
//     GANUpdater(Iterator& it, Optimizer& gen, Optimizer& dis)
//         : StandardUpdater({{"main", &it}}, {{"gen", &gen}, {"dis", &dis}}) {}
//     void update_core() override { ... }
//   };
class StandardUpdater : public Updater {
 public:
  using Iterators = std::map<std::string, iterators::Iterator*>;
  using Optimizers = std::map<std::string, Optimizer*>;

  template <class F>
  requires OfBatch<std::remove_cvref_t<F>> StandardUpdater(iterators::Iterator& iterator,
                                                           Optimizer& optimizer, F&& loss_func,
                                                           StandardUpdaterOptions options = {})
      : StandardUpdater({{"main", &iterator}}, {{"main", &optimizer}}, std::move(options)) {
    loss_func_ = batch_function<autograd::Variable>(std::forward<F>(loss_func));
  }
  // The loss is computed by calling the optimizer's target, whose class must derive from
  // Polymorphic.
  StandardUpdater(iterators::Iterator& iterator, Optimizer& optimizer,
                  StandardUpdaterOptions options = {});
  // The epoch is that of the iterator "main".
  StandardUpdater(Iterators iterators, Optimizers optimizers, StandardUpdaterOptions options = {});

  void update() override;
  // Finalizes the iterators.
  void finalize() override;
  std::map<std::string, Optimizer*> get_all_optimizers() const override { return optimizers_; }
  iterators::Iterator& get_iterator(const std::string& name) const;

  std::int64_t iteration() const override { return iteration_; }
  std::int64_t epoch() const override;
  double epoch_detail() const override;
  double previous_epoch_detail() const override;
  bool is_new_epoch() const override;
  void serialize(Serializer& s) override;

 protected:
  virtual void update_core();
  // The next batch of an iterator, converted. Throws if the iterator is at its end.
  Arguments next_batch(const std::string& iterator = "main");

 private:
  Iterators iterators_;
  Optimizers optimizers_;
  BatchFunction<autograd::Variable> loss_func_;
  StandardUpdaterOptions options_;
  std::int64_t iteration_ = 0;
};

}  // namespace nn::training
