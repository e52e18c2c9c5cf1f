#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nn/link.h"

namespace nn::link_hooks {

// Measures the time that links take; Chainer's link_hooks.TimerHook. The time of a link contains
// that of the links that it calls.
//   nn::link_hooks::TimerHook timer;
//   { auto scope = timer.watch(); model(x); }
//   std::puts(timer.report().c_str());
class TimerHook : public LinkHook {
 public:
  std::string name() const override { return "TimerHook"; }
  void forward_preprocess(const LinkCall&) override;
  void forward_postprocess(const LinkCall&, const Variables&) override;
  void forward_failed(const LinkCall&) override;

  // The class of each link that was called, and its seconds, in the order in which they ended.
  std::vector<std::pair<std::string, double>> call_history;
  // The seconds of the links that no other watched link called.
  double total_time() const { return total_; }

  struct Entry {
    double elapsed_time = 0;  // in seconds
    long occurrence = 0;
  };
  // By class.
  std::map<std::string, Entry> summary() const;
  // Each time in the unit of the longest; each in a unit of its own; or all in one unit.
  enum class Unit { automatic, auto_foreach, sec, ms, us, ns };
  // The table that Chainer's print_report() prints: LinkName, ElapsedTime, Occurrence, in the order
  // of call_history.
  std::string report(Unit unit = Unit::automatic) const;

 private:
  std::vector<double> started_;
  double total_ = 0;
};

}  // namespace nn::link_hooks
