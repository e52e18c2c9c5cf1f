#include "autograd/graph/hook.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "autograd/array/reduce.h"

namespace autograd {
namespace {

// This object exists only while a hook is in scope. So the thread has no object to destroy at its
// end: later destructors may also call functions.
constinit thread_local std::vector<FunctionHook*>* hooks = nullptr;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Prints a time such as "29.26ms", in the largest unit in which the number is at least 1.
std::string humanized(double seconds) {
  struct TimeUnit {
    const char* name;
    double seconds;
  };
  for (const TimeUnit& unit : {TimeUnit{"sec", 1}, TimeUnit{"ms", 1e-3}, TimeUnit{"us", 1e-6}})
    if (seconds >= unit.seconds) return fmt::format("{:.2f}{}", seconds / unit.seconds, unit.name);
  return fmt::format("{:.2f}ns", seconds * 1e9);
}

}  // namespace

const std::vector<FunctionHook*>& function_hooks() {
  static const auto* const none = new std::vector<FunctionHook*>;
  return hooks != nullptr ? *hooks : *none;
}

FunctionHook::Scope::Scope(FunctionHook& hook) {
  if (hooks == nullptr) hooks = new std::vector<FunctionHook*>;
  hooks->push_back(&hook);
  ++hooks_in_scope;
}
FunctionHook::Scope::~Scope() {
  hooks->pop_back();
  if (--hooks_in_scope == 0) delete std::exchange(hooks, nullptr);
}

void TimerHook::start() { started_.push_back(now()); }

void TimerHook::stop(const FunctionNode& function) {
  Entry& entry = summary_[function.label()];
  entry.seconds += now() - started_.back();
  entry.occurrence += 1;
  started_.pop_back();
}

void TimerHook::forward_preprocess(const FunctionNode&, const Inputs&) { start(); }
void TimerHook::forward_postprocess(const FunctionNode& f, const Inputs&, const Arrays&) {
  stop(f);
}
void TimerHook::backward_preprocess(const FunctionNode&, const Variables&) { start(); }
void TimerHook::backward_postprocess(const FunctionNode& f, const Variables&, const Grads&) {
  stop(f);
}

double TimerHook::total_time() const {
  double total = 0;
  for (const auto& [label, entry] : summary_) total += entry.seconds;
  return total;
}

std::string TimerHook::report() const {
  std::size_t name_width = 12, time_width = 11;
  for (const auto& [label, entry] : summary_) {
    name_width = std::max(name_width, label.size());
    time_width = std::max(time_width, humanized(entry.seconds).size());
  }
  const auto line = [&](std::string_view label, std::string_view time,
                        std::string_view occurrence) {
    return fmt::format("{:>{}}  {:>{}}  {:>10}\n", label, name_width, time, time_width, occurrence);
  };
  std::string table = line("FunctionName", "ElapsedTime", "Occurrence");
  for (const auto& [label, entry] : summary_)
    table += line(label, humanized(entry.seconds), fmt::format("{}", entry.occurrence));
  return table;
}

void NanHook::forward_postprocess(const FunctionNode& f, const Inputs&, const Arrays& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (array::any_nan(outputs[i]))
      throw Error(fmt::format("NaN is detected on forward computation of {}: output {}, {}",
                              f.label(), i, describe(outputs[i])));
}

void NanHook::backward_postprocess(const FunctionNode& f, const Variables&,
                                   const Grads& gradients) {
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (gradients[i] && array::any_nan(gradients[i].array())) {
      const std::string& variable = f.inputs()[i]->name();
      throw Error(fmt::format(
          "NaN is detected on backward computation of {}: the gradient of input {}{}, {}",
          f.label(), i, variable.empty() ? "" : " (" + variable + ")",
          describe(gradients[i].array())));
    }
}

}  // namespace autograd
