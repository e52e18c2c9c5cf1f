#pragma once

#include <cstdio>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/graph/array_like.h"
#include "autograd/graph/config.h"
#include "autograd/graph/hook.h"
#include "autograd/graph/variable.h"

// Chainer's words for devices and debugging, for programs that are ported line by line. This library
// computes on processors: what Chainer does there is done here, mostly nothing, and what asks for a
// GPU throws Error in one sentence.
namespace autograd {

// A device: chainer.get_device("@numpy"). There is one.
class Device {
 public:
  std::string_view name() const { return "@numpy"; }
  // Chainer's device.use() and device.send(array).
  void use() const {}
  Array send(const Array& x) const { return x; }
  Variable send(const Variable& x) const { return x; }
  bool operator==(const Device&) const = default;
};

// The device of a specifier of Chainer's: "@numpy", "@intel64", "native", "-1" or an id below 0.
// Throws for others, such as "@cupy:0" or 0.
Device get_device(std::string_view specifier);
Device get_device(int id);
Device get_device_from_array(ArrayLike x);

// While the returned object lives, computes on the device.
class [[nodiscard]] DeviceScope {
 public:
  ~DeviceScope() {}  // so that an object that is not used is no warning
};
DeviceScope using_device(const Device& device);
DeviceScope using_device(std::string_view specifier);

// The array itself; to_gpu() throws.
Array to_cpu(const Array& x);
Variable to_cpu(const Variable& x);
[[noreturn]] Array to_gpu(const Array& x, int device = 0);
[[noreturn]] Variable to_gpu(const Variable& x, int device = 0);

// chainer.backends.cuda: there is none.
namespace cuda {
inline constexpr bool available = false, cudnn_enabled = false;
// Throws.
[[noreturn]] void check_cuda_available();
[[noreturn]] Device get_device_from_id(int id);
}  // namespace cuda

// The array of a variable, or the array itself.
Array as_array(ArrayLike x);
// Whether functions can be applied to these arrays together, as far as devices go: always.
bool is_arrays_compatible(std::initializer_list<ArrayLike> arrays);

// config().debug, for this thread.
bool is_debug();
void set_debug(bool debug);
// auto scope = DebugMode(true); sets it while the object lives.
class [[nodiscard]] DebugMode : public ConfigScope<bool> {
 public:
  explicit DebugMode(bool debug) : ConfigScope<bool>(&Config::debug, debug) {}
};

// The dtype, or config().dtype if there is none. Throws if it is not a float.
Dtype get_dtype(std::optional<Dtype> dtype = {});

// function_hooks(), under Chainer's name.
const std::vector<FunctionHook*>& get_function_hooks();

// Prints each function and its inputs, before it computes forward or backward, with the gradients of
// its outputs. chainer.function_hooks.PrintHook.
//   PrintHook hook;
//   auto scope = hook.watch();
class PrintHook : public FunctionHook {
 public:
  // Writes `end` after each piece, to `file`, and flushes it unless told not to.
  explicit PrintHook(std::string end = "\n", std::FILE* file = stdout, bool flush = true)
      : end_(std::move(end)), file_(file), flush_(flush) {}
  void forward_preprocess(const FunctionNode& function, const Inputs& inputs) override;
  void backward_preprocess(const FunctionNode& function, const Variables& gradients) override;

 private:
  void print(const std::string& text) const;
  void finish() const;

  std::string end_;
  std::FILE* file_;
  bool flush_;
};

// What computes: instruction set, processors, threads, and how they were chosen. The text of
// print_runtime_info(), which writes it to `out`.
std::string runtime_info();
void print_runtime_info(std::FILE* out = stdout);

}  // namespace autograd
