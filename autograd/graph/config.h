#pragma once

#include <utility>

namespace autograd {

// How functions behave in this thread; Chainer's chainer.config.
struct Config {
  bool train = true;                  // dropout and batch normalisation behave as in training
  bool enable_backprop = true;        // functions record the graph
  bool debug = false;                 // a NaN in a forward or backward result is an error at once
  bool keep_graph_on_report = false;  // reported values keep their graph
};

inline constinit thread_local Config config_of_this_thread;
inline Config& config() { return config_of_this_thread; }

// Sets one value of the configuration for as long as the returned object lives:
//   auto testing = using_config(&Config::train, false);
class [[nodiscard]] ConfigScope {
 public:
  ConfigScope(bool Config::*field, bool value)
      : field_(field), old_(std::exchange(config().*field, value)) {}
  ~ConfigScope() { config().*field_ = old_; }
  ConfigScope(const ConfigScope&) = delete;
  ConfigScope& operator=(const ConfigScope&) = delete;

 private:
  bool Config::*field_;
  bool old_;
};

inline ConfigScope using_config(bool Config::*field, bool value) { return {field, value}; }
// Within it no graph is recorded: nothing is retained, and backward() stops at what was computed
// here.
inline ConfigScope no_backprop_mode() { return {&Config::enable_backprop, false}; }
inline ConfigScope force_backprop_mode() { return {&Config::enable_backprop, true}; }

}  // namespace autograd
