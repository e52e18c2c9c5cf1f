#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "autograd/functions/evaluation/evaluation.h"
#include "autograd/functions/loss/loss.h"
#include "nn/arguments.h"
#include "nn/dict.h"
#include "nn/link_holder.h"
#include "nn/reporting/reporter.h"

namespace nn::inline links {

// The labels that a Classifier gives to its functions. They convert to a Variable and to an Array.
class Labels : public Variable {
 public:
  // NOLINTBEGIN(google-explicit-constructor): as they are given
  Labels(const Variable& t) : Variable(t) {}
  Labels(const Array& t) : Variable(autograd::as_variable(t)) {}
  Labels(const autograd::Condition& t) : Variable(autograd::as_variable(t.truth)) {}
  operator const Array&() const { return array(); }
  // NOLINTEND(google-explicit-constructor)
};

struct ClassifierOptions {
  // A function (y, t) whose second parameter may be an Array or a Variable.
  using Function = std::function<Variable(const Variable& y, const Labels& t)>;
  Function lossfun = [](const Variable& y, autograd::ArrayLike t) {
    return autograd::softmax_cross_entropy(y, t);
  };
  Function accfun = [](const Variable& y, autograd::ArrayLike t) {
    return autograd::accuracy(y, t);
  };
  // Which of the arguments are the labels: a position, where -1 is the last, or a name.
  std::variant<int, std::string> label_key = -1;
};

// Computes and reports the loss and the accuracy of a predictor; as the observer "main" it reports
// main/loss and main/accuracy. chainer.links.Classifier.
//
//   nn::Classifier model(net);              // refers to net, which must outlive the classifier
//   nn::Classifier model(MLP(1000, 10));    // moves the predictor in, as does std::move(net)
//   model(x, t);                            // the loss: softmax_cross_entropy(predictor(x), t)
//
// The predictor may also be a std::shared_ptr. It is called with all arguments but the labels, in
// order. With another loss; with the labels first; and with arguments by name, as an updater gives
// those of a DictDataset:
//   nn::Classifier model(net, {.lossfun = autograd::mean_squared_error});
//   nn::Classifier model(net, {.label_key = 0});         model(t, x)
//   nn::Classifier model(net, {.label_key = "t"});       model(nn::Named{{"x", x}, {"t", t}})
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
             ClassifierOptions::Function accuracy_function = ClassifierOptions().accfun,
             const std::variant<int, std::string>& key = -1)
      : Classifier(std::forward<P>(given), ClassifierOptions{.lossfun = loss_function,
                                                             .accfun = std::move(accuracy_function),
                                                             .label_key = key}) {}

  // Copies the predictor, too.
  Classifier(const Classifier& other)
      : Polymorphic<Classifier<Predictor>>(other),
        held_(other.held_),
        predictor(*held_),
        lossfun(other.lossfun),
        accfun(other.accfun),
        label_key(other.label_key),
        compute_accuracy(other.compute_accuracy),
        y(other.y),
        loss(other.loss),
        accuracy(other.accuracy) {}
  Classifier(Classifier&&) noexcept = default;

  // The loss of the predictor's output for the features, given the labels: (x, t) with the default
  // label_key.
  template <class... X>
  requires(sizeof...(X) >= 2 && (std::convertible_to<const X&, Labels> && ...)) Variable operator()(
      const X&... arguments) {
    return loss_of({Labels(arguments)...});
  }
  // The same for arguments in order or by name.
  Variable operator()(const Arguments& arguments) {
    if (arguments.names().empty()) {
      Variables all;
      for (const Array& each : arguments.arrays()) all.push_back(autograd::as_variable(each));
      return loss_of(all);
    }
    Dict<Variable> named;
    for (const std::string& name : arguments.names()) named[name] = arguments[name];
    return (*this)(named);
  }
  Variable operator()(const Dict<Variable>& arguments) {
    const std::string* key = std::get_if<std::string>(&label_key);
    if (!key || !arguments.contains(*key))
      throw autograd::Error(
          key ? "Classifier: there must be an argument by the name of label_key, but there is no " +
                    *key
              : std::string("Classifier: label_key must be a name where arguments have names, but "
                            "it is a position"));
    Variables features;
    for (const auto& [name, value] : arguments)
      if (name != *key) features.push_back(value);
    return loss_of(features, arguments.at(*key));
  }
  void list(Members& members) override {
    require_predictor();
    members("predictor", predictor);
  }

  Predictor& predictor;
  ClassifierOptions::Function lossfun, accfun;
  std::variant<int, std::string> label_key;
  bool compute_accuracy = true;
  Variable y, loss, accuracy;  // of the last call

 private:
  Classifier(LinkHolder<Predictor> held, const ClassifierOptions& options)
      : held_(std::move(held)),
        predictor(*held_),
        lossfun(options.lossfun),
        accfun(options.accfun),
        label_key(options.label_key) {}

  Variable loss_of(Variables all) {
    const int* key = std::get_if<int>(&label_key);
    if (!key)
      throw autograd::Error(
          "Classifier: label_key must be a position where arguments have no names, but it is " +
          std::get<std::string>(label_key));
    const auto count = static_cast<int>(all.size());
    if (*key < -count || *key >= count)
      throw autograd::Error("Classifier: label_key must be one of the " + std::to_string(count) +
                            " arguments, but it is " + std::to_string(*key));
    const auto at = all.begin() + (*key < 0 ? *key + count : *key);
    const Variable t = *at;
    all.erase(at);
    return loss_of(all, t);
  }
  Variable loss_of(const Variables& features, const Variable& t) {
    require_predictor();
    Variables inputs = features;
    inputs.push_back(t);
    const auto forward = [&] {
      y = loss = accuracy = {};  // frees the last graph before a new one is built
      y = predict(features);
      loss = lossfun(y, t);
      report({{"loss", loss}}, *this);
      if (compute_accuracy) {
        accuracy = accfun(y, t);
        report({{"accuracy", accuracy}}, *this);
      }
      return loss;
    };
    return this->hooked(forward, inputs);
  }
  // The predictor's output for as many features as it takes.
  Variable predict(const Variables& x) {
    if constexpr (Invocable<Predictor&, const Variable&>)
      if (x.size() == 1) return nn::invoke(predictor, x[0]);
    if constexpr (Invocable<Predictor&, const Variable&, const Variable&>)
      if (x.size() == 2) return nn::invoke(predictor, x[0], x[1]);
    if constexpr (Invocable<Predictor&, const Variable&, const Variable&, const Variable&>)
      if (x.size() == 3) return nn::invoke(predictor, x[0], x[1], x[2]);
    throw autograd::Error(
        "Classifier: the predictor must take as many arguments as there are "
        "besides the labels, but there are " +
        std::to_string(x.size()));
  }
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
Classifier(P&&, F, ClassifierOptions::Function = {}, const std::variant<int, std::string>& = -1)
    -> Classifier<HeldType<P>>;

}  // namespace nn::inline links
