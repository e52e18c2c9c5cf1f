#pragma once

#include <functional>
#include <utility>

#include "autograd/functions/evaluation.h"
#include "autograd/functions/loss.h"
#include "nn/link.h"
#include "nn/training/reporter.h"

namespace nn {

struct ClassifierOptions {
  using Function = std::function<Variable(const Variable& y, const Array& t)>;
  Function lossfun = [](const Variable& y, const Array& t) {
    return autograd::softmax_cross_entropy(y, t);
  };
  Function accfun = [](const Variable& y, const Array& t) { return autograd::accuracy(y, t); };
};

// A predictor with its loss and accuracy, which it reports; under the name "main" they are
// main/loss and main/accuracy. chainer.links.Classifier.
//
//   nn::Classifier model(MLP(1000, 10));
//   model(x, t);                             // the loss: softmax_cross_entropy(predictor(x), t)
//
// Another loss: nn::Classifier model(MLP(), {.lossfun = [](const Variable& y, const Array& t)
// {...}});
template <class Predictor>
class Classifier : public Link {
 public:
  explicit Classifier(Predictor network) : Classifier(std::move(network), ClassifierOptions{}) {}
  Classifier(Predictor network, const ClassifierOptions& options)
      : predictor(std::move(network)), lossfun(options.lossfun), accfun(options.accfun) {}

  // The loss of the predictor's answer to x, whose labels are t.
  Variable operator()(const Variable& x, const Array& t) {
    y = loss = accuracy = {};  // frees the last graph before a new one is built
    y = predictor(x);
    loss = lossfun(y, t);
    report({{"loss", loss}}, *this);
    if (compute_accuracy) {
      accuracy = accfun(y, t);
      report({{"accuracy", accuracy}}, *this);
    }
    return loss;
  }
  void list(Members& members) override { members("predictor", predictor); }

  Predictor predictor;
  ClassifierOptions::Function lossfun, accfun;
  bool compute_accuracy = true;
  Variable y, loss, accuracy;  // of the last call
};

}  // namespace nn
