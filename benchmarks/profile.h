#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "autograd/graph/hook.h"

namespace timing {

// Measures the time of each function, without the functions that its backward pass calls. With
// `by_shape`, measures each shape of a function's first output separately.
class Profile : public autograd::FunctionHook {
 public:
  explicit Profile(bool by_shape = false) : by_shape_(by_shape) {}

  using Function = autograd::FunctionNode;
  void forward_preprocess(const Function&, const autograd::Inputs&) override { start(); }
  void forward_postprocess(const Function& f, const autograd::Inputs&,
                           const autograd::Arrays& y) override {
    stop(by_shape_ ? f.label() + " " + autograd::to_string(y[0].shape()) : f.label());
  }
  void backward_preprocess(const Function&, const autograd::Variables&) override { start(); }
  void backward_postprocess(const Function& f, const autograd::Variables&,
                            const autograd::Grads&) override {
    stop(f.label() + ", backward");
  }

  void print(double step_ms, int steps) const {
    std::vector<std::pair<double, std::string>> lines;
    double rest = step_ms;
    for (const auto& [label, entry] : entries_) {
      const double ms = entry.ms / steps;
      lines.push_back({ms, fmt::format("  {:48} {:7.3f} ms {:5.1f} calls", label, ms,
                                       static_cast<double>(entry.calls) / steps)});
      rest -= ms;
    }
    lines.push_back({rest, fmt::format("  {:48} {:7.3f} ms", "outside of functions", rest)});
    std::sort(lines.rbegin(), lines.rend());
    for (const auto& [ms, line] : lines) std::puts(line.c_str());
    std::puts(fmt::format("  {:48} {:7.3f} ms", "a step", step_ms).c_str());
  }

 private:
  struct Entry {
    double ms = 0;
    long calls = 0;
  };
  struct Open {
    std::chrono::steady_clock::time_point since;
    double of_others = 0;
  };

  void start() { open_.push_back({std::chrono::steady_clock::now()}); }
  void stop(const std::string& label) {
    const std::chrono::duration<double, std::milli> whole =
        std::chrono::steady_clock::now() - open_.back().since;
    Entry& entry = entries_[label];
    entry.ms += whole.count() - open_.back().of_others;
    ++entry.calls;
    open_.pop_back();
    if (!open_.empty()) open_.back().of_others += whole.count();
  }

  bool by_shape_;
  std::map<std::string, Entry> entries_;
  std::vector<Open> open_;
};

}  // namespace timing
