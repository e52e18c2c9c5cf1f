#pragma once

#include <type_traits>
#include <utility>

#include "autograd/base/dtype.h"

namespace autograd {

// The configuration of this thread; Chainer's chainer.config.
struct Config {
  bool train = true;                  // dropout and batch normalisation behave as in training
  bool enable_backprop = true;        // functions record the graph
  bool debug = false;                 // a NaN in a forward or backward result is an error at once
  bool keep_graph_on_report = false;  // reported values keep their graph
  // Inside forget(): this call will be made again in backward; this call is that second one. A link
  // that keeps running statistics leaves them alone in the second.
  bool will_recompute = false, in_recomputing = false;
  // The dtype of parameters and persistent values of new links; float32 or float64.
  Dtype dtype = Dtype::float32;
};

inline constinit thread_local Config config_of_this_thread;
inline Config& config() { return config_of_this_thread; }

// Sets one value of the configuration for as long as the returned object lives:
//   auto testing = using_config(&Config::train, false);
//   auto in_float64 = using_config(&Config::dtype, Dtype::float64);
template <class T>
class [[nodiscard]] ConfigScope {
 public:
  ConfigScope(T Config::*field, T value)
      : field_(field), old_(std::exchange(config().*field, value)) {}
  ~ConfigScope() { config().*field_ = old_; }
  ConfigScope(const ConfigScope&) = delete;
  ConfigScope& operator=(const ConfigScope&) = delete;

 private:
  T Config::*field_;
  T old_;
};

template <class T>
ConfigScope<T> using_config(T Config::*field, std::type_identity_t<T> value) {
  return {field, value};
}
// While the returned object lives, no graph is recorded: functions retain nothing, and backward()
// stops at variables computed meanwhile.
inline ConfigScope<bool> no_backprop_mode() { return {&Config::enable_backprop, false}; }
inline ConfigScope<bool> force_backprop_mode() { return {&Config::enable_backprop, true}; }

}  // namespace autograd
