#include "nn/reporting/reporter.h"

#include <fmt/format.h>

#include "autograd/graph/config.h"

namespace nn {
namespace {

// The reporter of the innermost scope. It is a plain pointer, so the thread has no object to
// destroy at its end: later destructors may also report values.
constinit thread_local Reporter* current_reporter = nullptr;

Observed cut(const Observed& value) {
  if (!value.variable() || autograd::config().keep_graph_on_report) return value;
  return Variable(value.variable().array(),
                  {.name = value.variable().name(), .requires_grad = false});
}

}  // namespace

void Reporter::add_observers(const std::string& name, Link& link) {
  add_observer(name, link);
  for (const auto& [path, below] : link.namedlinks())
    if (below != &link) add_observer(name + path, *below);
}

void Reporter::report(const Observation& values, const Link* observer) {
  std::string prefix;
  if (observer != nullptr) {
    const auto name = names_.find(observer);
    if (name == names_.end()) {
      const std::string what = values.empty() ? "nothing" : values.begin()->first;
      throw autograd::Error(
          fmt::format("report: the link must be the optimizer's target or below it, but {} belongs "
                      "to another link, perhaps a copy",
                      what));
    }
    prefix = name->second + "/";
  }
  for (const auto& [name, value] : values) (*observation_)[prefix + name] = cut(value);
}

Reporter::Scope::Scope(Reporter& reporter, Observation& observation)
    : reporter_(reporter),
      old_(std::exchange(reporter.observation_, &observation)),
      below_(std::exchange(current_reporter, &reporter)) {}

Reporter::Scope::~Scope() {
  current_reporter = below_;
  reporter_.observation_ = old_;
}

void report(const Observation& values) {
  if (current_reporter != nullptr) current_reporter->report(values, nullptr);
}

void report(const Observation& values, const Link& observer) {
  if (current_reporter != nullptr) current_reporter->report(values, &observer);
}

Reporter& get_current_reporter() {
  if (current_reporter == nullptr)
    throw autograd::Error("get_current_reporter: a reporter must be current, but there is none");
  return *current_reporter;
}

Reporter::Scope report_scope(Observation& observation) {
  if (current_reporter == nullptr)
    throw autograd::Error("report_scope: there must be a current reporter, but there is none");
  return current_reporter->scope(observation);
}

}  // namespace nn
