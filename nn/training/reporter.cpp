#include "nn/training/reporter.h"

#include <fmt/format.h>

#include "autograd/graph/config.h"

namespace nn {
namespace {

std::vector<Reporter*>& current() {
  static thread_local std::vector<Reporter*> reporters;
  return reporters;
}

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
          fmt::format("report: the link must be the optimizer's target or below it, but {} comes "
                      "from another one, "
                      "perhaps a copy",
                      what));
    }
    prefix = name->second + "/";
  }
  for (const auto& [name, value] : values) (*observation_)[prefix + name] = cut(value);
}

Reporter::Scope::Scope(Reporter& reporter, Observation& observation)
    : reporter_(reporter), old_(std::exchange(reporter.observation_, &observation)) {
  current().push_back(&reporter);
}

Reporter::Scope::~Scope() {
  current().pop_back();
  reporter_.observation_ = old_;
}

void report(const Observation& values) {
  if (!current().empty()) current().back()->report(values, nullptr);
}

void report(const Observation& values, const Link& observer) {
  if (!current().empty()) current().back()->report(values, &observer);
}

Reporter::Scope report_scope(Observation& observation) {
  if (current().empty())
    throw autograd::Error("report_scope: a reporter must be current, but there is none");
  return current().back()->scope(observation);
}

}  // namespace nn
