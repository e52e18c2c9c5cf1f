#pragma once

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/links/connection/linear.h"
#include "nn/optimizers/sgd.h"
#include "nn/reporting/reporter.h"
#include "nn/training/trainer.h"
#include "nn/training/updaters/standard_updater.h"
#include "tests/folder.h"
#include "tests/nn/training/fakes.h"

// One weight w = 1, whose loss for x is the average of w x.
class Model : public nn::Chain {
 public:
  nn::Linear l{1, 1, {.nobias = true, .initialW = 1.0}};

  void list(nn::Members& m) override { m("l", l); }
  nn::Variable operator()(const nn::Variable& x) {
    nn::Variable loss = sum(l(x)) / static_cast<double>(x.length(0));
    nn::report({{"loss", loss}, {"train", autograd::config().train}, {"size", x.length(0)}}, *this);
    return loss;
  }
};

// Trains it by SGD on the examples 1, ..., 5 in batches of two.
struct Training {
  explicit Training(nn::training::Trigger stop_trigger = {2, "epoch"}, double lr = 0) {
    optimizer.lr = lr;
    optimizer.setup(model);
    updater.emplace(iterator, optimizer, model);
    trainer.emplace(*updater, std::move(stop_trigger), out);
    trainer->set_clock(ticking(0.5));
  }

  Folder folder;
  std::string out = folder / "result";
  nn::datasets::TupleDataset data{autograd::Array::of<float>({1, 2, 3, 4, 5}, {{5, 1}})};
  nn::iterators::SerialIterator iterator{data, 2, {.shuffle = false}};
  nn::iterators::SerialIterator once{data, 2, {.repeat = false, .shuffle = false}};
  Model model;
  nn::optimizers::SGD optimizer;
  std::optional<nn::training::StandardUpdater> updater;
  std::optional<nn::training::Trainer> trainer;
};
