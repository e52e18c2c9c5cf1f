#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "autograd/functions/evaluation/evaluation.h"
#include "autograd/functions/loss/loss.h"
#include "nn/link_holder.h"
#include "nn/reporting/reporter.h"

namespace nn::inline links {

struct ClassifierOptions {
  // A function (y, t) whose second parameter may be an Array or a Variable.
  using Function = std::function<Variable(const Variable& y, autograd::ArrayLike t)>;
  Function lossfun = [](const Variable& y, autograd::ArrayLike t) {
    return autograd::softmax_cross_entropy(y, t);
  };
  Function accfun = [](const Variable& y, autograd::ArrayLike t) {
    return autograd::accuracy(y, t);
  };
};

// Computes and reports the loss and the accuracy of a predictor; as the observer "main" it reports
// main/loss and main/accuracy. chainer.links.Classifier.
//
//   nn::Classifier model(net);              // refers to net, which must outlive the classifier
//   nn::Classifier model(MLP(1000, 10));    // moves the predictor in, as does std::move(net)
//   model(x, t);                            // the loss: softmax_cross_entropy(predictor(x), t)
//
// The predictor may also be a std::shared_ptr. With another loss:
//   nn::Classifier model(net, {.lossfun = autograd::mean_squared_error});
template <class Predictor>
class Classifier : public Polymorphic<Classifier<Predictor>> {
  LinkHolder<Predictor> held_;

 public:
  explicit Classifier(Predictor& kept, const ClassifierOptions& options = {})
      : Classifier(LinkHolder<Predictor>(kept), options) {}
  explicit Classifier(const Predictor&, const ClassifierOptions& = {}) = delete;  // see LinkHolder
  explicit Classifier(std::shared_ptr<Predictor> shared, const ClassifierOptions& options = {})
      : Classifier(LinkHolder<Predictor>(std::move(shared)), options) {}
  template <std::derived_from<Predictor> P>
  requires(!std::is_lvalue_reference_v<P> &&
           !std::is_const_v<P>) explicit Classifier(P&& given,
                                                    const ClassifierOptions& options = {})
      : Classifier(LinkHolder<Predictor>(std::forward<P>(given)), options) {}

  // By position, as Chainer: Classifier(net, mean_squared_error).
  template <class P, std::convertible_to<ClassifierOptions::Function> F>
  Classifier(P&& given, F loss_function,
             ClassifierOptions::Function accuracy_function = ClassifierOptions().accfun)
      : Classifier(
            std::forward<P>(given),
            ClassifierOptions{.lossfun = loss_function, .accfun = std::move(accuracy_function)}) {}

  // Copies the predictor, too.
  Classifier(const Classifier& other)
      : Polymorphic<Classifier<Predictor>>(other),
        held_(other.held_),
        predictor(*held_),
        lossfun(other.lossfun),
        accfun(other.accfun),
        compute_accuracy(other.compute_accuracy),
        y(other.y),
        loss(other.loss),
        accuracy(other.accuracy) {}
  Classifier(Classifier&&) noexcept = default;

  // The loss of the predictor's output for x, given the labels t.
  Variable operator()(const Variable& x, autograd::ArrayLike t) {
    require_predictor();
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
  void list(Members& members) override {
    require_predictor();
    members("predictor", predictor);
  }

  Predictor& predictor;
  ClassifierOptions::Function lossfun, accfun;
  bool compute_accuracy = true;
  Variable y, loss, accuracy;  // of the last call

 private:
  Classifier(LinkHolder<Predictor> held, const ClassifierOptions& options)
      : held_(std::move(held)),
        predictor(*held_),
        lossfun(options.lossfun),
        accfun(options.accfun) {}
  void require_predictor() const {
    if (&*held_ != &predictor)
      throw autograd::Error(
          "Classifier: a predictor given by reference must not be moved, but it was");
  }
};

template <std::derived_from<Link> P>
Classifier(const P&, const ClassifierOptions& = {}) -> Classifier<P>;
template <std::derived_from<Link> P>
Classifier(P&, const ClassifierOptions& = {}) -> Classifier<P>;
template <std::derived_from<Link> P>
Classifier(P&&, const ClassifierOptions& = {}) -> Classifier<P>;
template <class P>
Classifier(std::shared_ptr<P>, const ClassifierOptions& = {}) -> Classifier<P>;
template <class P>
Classifier(std::unique_ptr<P>, const ClassifierOptions& = {}) -> Classifier<P>;
template <class P, std::convertible_to<ClassifierOptions::Function> F>
Classifier(P&&, F, ClassifierOptions::Function = {}) -> Classifier<HeldType<P>>;

}  // namespace nn::inline links
