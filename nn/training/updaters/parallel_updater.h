#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/machine/worker.h"
#include "nn/copy.h"
#include "nn/training/updaters/standard_updater.h"

namespace nn::training {

struct ParallelUpdaterOptions {
  // How many replicas of the model share a batch, the optimizer's target among them.
  int models = 2;
  // Converts each part of a batch to the arguments of the loss function; by default
  // concat_examples.
  datasets::Converter converter = {};
  // Tells the main optimizer of each new epoch.
  bool auto_new_epoch = true;
};

// Shares each batch among replicas of the model, each of which computes its loss and gradients in a
// thread of its own; adds up the gradients, updates the parameters of the optimizer's target, and
// copies them to the replicas. Replica i gets the examples i, i + n, i + 2n, ... of the batch. The
// gradient is the sum of those of the n losses, as in Chainer: a loss that is a mean over its
// examples gives n times the gradient of the whole batch. chainer.training.updaters.ParallelUpdater,
// on processors instead of GPUs.
//
//   training::ParallelUpdater updater(train_iter, optimizer, model);
//   training::ParallelUpdater updater(train_iter, optimizer, model,
//       [](VAE& model, const Variable& x) { return model.loss(x); }, {.models = 4});
//
// Results do not depend on how the threads run. The target's part draws from random::generator();
// each other replica has a generator of its own, which depends on the state of that one, the number
// of the iteration and the replica. What replica i reports is named worker<i>/loss. Loops over
// elements run in one thread in each replica.
class ParallelUpdater : public StandardUpdater {
 public:
  template <std::derived_from<Link> Model>
  requires OfBatch<Model> ParallelUpdater(iterators::Iterator& iterator, Optimizer& optimizer,
                                          Model& model, ParallelUpdaterOptions options = {})
      : ParallelUpdater(iterator, optimizer, std::move(options)) {
    add(model, batch_function<autograd::Variable>(model));
    for (int i = 1; i < models(); ++i) {
      auto replica = std::make_shared<Model>(copy(model, CopyMode::copy));
      add(*replica, batch_function<autograd::Variable>(*replica));
      kept_.push_back(std::move(replica));
    }
  }
  // loss_func(model, x...) computes the loss of a replica.
  template <std::derived_from<Link> Model, class F>
  ParallelUpdater(
      iterators::Iterator& iterator, Optimizer& optimizer, Model& model, F loss_func,
      ParallelUpdaterOptions options = {}) requires(!std::is_same_v<F, ParallelUpdaterOptions>)
      : ParallelUpdater(iterator, optimizer, std::move(options)) {
    add(model, loss_of(model, loss_func));
    for (int i = 1; i < models(); ++i) {
      auto replica = std::make_shared<Model>(copy(model, CopyMode::copy));
      add(*replica, loss_of(*replica, loss_func));
      kept_.push_back(std::move(replica));
    }
  }

  // Ends the threads besides.
  void finalize() override;

 protected:
  void update_core() override;

 private:
  struct Replica {
    Link* model;
    BatchFunction<autograd::Variable> loss;
  };

  ParallelUpdater(iterators::Iterator& iterator, Optimizer& optimizer,
                  ParallelUpdaterOptions options);
  int models() const { return options_.models; }
  void add(Link& model, BatchFunction<autograd::Variable> loss) {
    replicas_.push_back({&model, std::move(loss)});
  }
  template <class Model, class F>
  static BatchFunction<autograd::Variable> loss_of(Model& model, const F& loss_func) {
    return batch_function<autograd::Variable>(
        [&model, loss_func]<class... A>(const A&... x) -> decltype(loss_func(model, x...)) {
          return loss_func(model, x...);
        });
  }

  ParallelUpdaterOptions options_;
  std::vector<Replica> replicas_;  // the target first
  std::vector<std::shared_ptr<Link>> kept_;
  std::unique_ptr<autograd::parallel::Workers> workers_;  // ends before what it works on
};

}  // namespace nn::training
