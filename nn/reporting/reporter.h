#pragma once

#include <concepts>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nn/dict.h"
#include "nn/link.h"

namespace nn {

// A reported value: a variable or a plain number.
class Observed {
 public:
  Observed() = default;
  template <class T>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires std::integral<T> || std::floating_point<T> Observed(T number)
      : number_(static_cast<double>(number)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Observed(const Variable& variable) : variable_(variable) {}
  template <std::same_as<autograd::Array> A>
  Observed(const A& array) : variable_(array) {}  // NOLINT(google-explicit-constructor)

  // Only scalars are averaged and logged.
  bool is_scalar() const { return !variable_ || variable_.ndim() == 0; }
  double item() const { return variable_ ? variable_.item() : number_; }
  // None for a plain number.
  Variable variable() const { return variable_; }

 private:
  Variable variable_;
  double number_ = 0;
};

// What was reported in one iteration, by full name: main/loss.
using Observation = Dict<Observed>;

// Collects what links report while it is the current reporter of the thread. A value that a link
// reports gets the link's name in front. chainer.Reporter.
//
//   Reporter reporter;
//   reporter.add_observer("main", model);
//   Observation observation;
//   {
//     auto scope = reporter.scope(observation);
//     model(x);                                   // report({{"loss", loss}}, *this)
//   }
//   observation.at("main/loss").item();
class Reporter {
 public:
  // Links are told apart by their addresses: they must stay where they are.
  void add_observer(const std::string& name, const Link& link) { names_[&link] = name; }
  // The link and all below: main, main/predictor, main/predictor/l1.
  void add_observers(const std::string& name, Link& link);

  // Throws if the observer was not added here. A variable is cut from its graph, unless
  // config().keep_graph_on_report.
  void report(const Observation& values, const Link* observer);

  // Makes this the current reporter, which writes to `observation`, until the returned object dies.
  class [[nodiscard]] Scope {
   public:
    Scope(Reporter& reporter, Observation& observation);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Reporter& reporter_;
    Observation* old_;
    Reporter* below_;
  };
  Scope scope(Observation& observation) { return {*this, observation}; }

 private:
  std::map<const Link*, std::string> names_;
  Observation* observation_ = nullptr;
};

// Reports values to the current reporter; without one this does nothing. Without a link the names
// are taken as they are. chainer.report.
void report(const Observation& values);
void report(const Observation& values, const Link& observer);

// Sends what the current reporter receives to another observation. Throws where no reporter is
// current.
Reporter::Scope report_scope(Observation& observation);

}  // namespace nn
