#pragma once

#include <map>
#include <string>
#include <vector>

#include "autograd/graph/function_node.h"

namespace autograd {

// Is called before and after each forward and backward computation in this thread, while a Scope
// exists:
//   TimerHook timer;
//   { auto scope = timer.watch(); model(x).backward(); }
//   std::puts(timer.report().c_str());
class FunctionHook {
 public:
  virtual ~FunctionHook() = default;
  virtual void forward_preprocess(const FunctionNode&, const Inputs&) {}
  virtual void forward_postprocess(const FunctionNode&, const Inputs&, const Arrays& /*outputs*/) {}
  virtual void backward_preprocess(const FunctionNode&, const Variables& /*output gradients*/) {}
  virtual void backward_postprocess(const FunctionNode&, const Variables& /*output gradients*/,
                                    const Grads& /*input gradients*/) {}

  class [[nodiscard]] Scope {
   public:
    explicit Scope(FunctionHook& hook);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };
  Scope watch() { return Scope(*this); }
};

// The hooks with a Scope in this thread, oldest first.
const std::vector<FunctionHook*>& function_hooks();
// Whether there is one.
inline constinit thread_local int hooks_in_scope = 0;
inline bool hooked() { return hooks_in_scope > 0; }
// Calls `each` with every hook. Without hooks this costs one comparison.
template <class F>
void for_each_hook(const F& each) {
  if (hooked()) [[unlikely]]
    for (FunctionHook* hook : function_hooks()) each(*hook);
}

// Adds up the time spent in each function, forward and backward together.
class TimerHook : public FunctionHook {
 public:
  void forward_preprocess(const FunctionNode&, const Inputs&) override;
  void forward_postprocess(const FunctionNode&, const Inputs&, const Arrays&) override;
  void backward_preprocess(const FunctionNode&, const Variables&) override;
  void backward_postprocess(const FunctionNode&, const Variables&, const Grads&) override;

  struct Entry {
    double seconds = 0;
    long occurrence = 0;
  };
  // By label.
  const std::map<std::string, Entry>& summary() const& { return summary_; }
  std::map<std::string, Entry> summary() const&& { return summary_; }
  double total_time() const;
  // The table that Chainer's print_report() prints: FunctionName, ElapsedTime, Occurrence.
  std::string report() const;

 private:
  void start();
  void stop(const FunctionNode& function);

  std::map<std::string, Entry> summary_;
  std::vector<double> started_;
};

// Throws Error at the first NaN in a forward or backward result. The message names the function and
// the variable.
class NanHook : public FunctionHook {
 public:
  void forward_postprocess(const FunctionNode&, const Inputs&, const Arrays&) override;
  void backward_postprocess(const FunctionNode&, const Variables&, const Grads&) override;
};

}  // namespace autograd
