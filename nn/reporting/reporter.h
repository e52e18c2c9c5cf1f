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
  // Null for a plain number.
  Variable variable() const { return variable_; }

 private:
  Variable variable_;
  double number_ = 0;
};

// The values reported in one iteration, by full name: main/loss.
using Observation = Dict<Observed>;

// Collects the values that links report while it is the thread's current reporter. Names of values
// are prefixed by the link's name. chainer.Reporter.
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
  // Links are identified by their addresses: a link must not move while it is an observer.
  void add_observer(const std::string& name, const Link& link) { names_[&link] = name; }
  // Adds the link and all links below it: main, main/predictor, main/predictor/l1.
  void add_observers(const std::string& name, Link& link);

  // Throws if the observer was not added. Reported variables are detached from their graphs, unless
  // config().keep_graph_on_report.
  void report(const Observation& values, const Link* observer);

  // Makes this the current reporter, writing to `observation`, until the returned object is
  // destroyed.
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

// Reports values to the current reporter; does nothing if there is none. Without a link the names
// are not prefixed. chainer.report.
void report(const Observation& values);
void report(const Observation& values, const Link& observer);

// The current reporter of this thread. Throws if there is none. chainer.get_current_reporter.
Reporter& get_current_reporter();

// Makes the current reporter write to another observation. Throws if there is no current reporter.
Reporter::Scope report_scope(Observation& observation);

}  // namespace nn
