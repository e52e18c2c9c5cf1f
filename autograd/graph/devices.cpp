#include "autograd/graph/devices.h"

#include <fmt/format.h>

#include "autograd/array/reduce.h"
#include "autograd/base/error.h"
#include "autograd/machine/cpu.h"
#include "autograd/machine/parallel.h"

namespace autograd {

Device get_device(std::string_view specifier) {
  if (specifier == "@numpy" || specifier == "@intel64" || specifier == "native" ||
      specifier.starts_with('-'))
    return {};
  throw Error(fmt::format(
      "get_device: the device must be a processor, such as @numpy, -1 or native, but it is {}",
      specifier));
}
Device get_device(int id) { return get_device(std::to_string(id)); }
Device get_device_from_array(ArrayLike) { return {}; }

DeviceScope using_device(const Device&) { return {}; }
DeviceScope using_device(std::string_view specifier) { return using_device(get_device(specifier)); }

Array to_cpu(const Array& x) { return x; }
Variable to_cpu(const Variable& x) { return x; }

[[noreturn]] static void refuse(std::string_view op, int device) {
  throw Error(fmt::format(
      "{}: the device must be a processor, for which this library computes, but it is GPU {}", op,
      device));
}
Array to_gpu(const Array&, int device) { refuse("to_gpu", device); }
Variable to_gpu(const Variable&, int device) { refuse("to_gpu", device); }
void cuda::check_cuda_available() { refuse("check_cuda_available", 0); }
Device cuda::get_device_from_id(int id) { refuse("get_device_from_id", id); }

Array as_array(ArrayLike x) { return x.array(); }
bool is_arrays_compatible(std::initializer_list<ArrayLike>) { return true; }

bool is_debug() { return config().debug; }
void set_debug(bool debug) { config().debug = debug; }

Dtype get_dtype(std::optional<Dtype> dtype) {
  const Dtype chosen = dtype.value_or(config().dtype);
  if (!is_float(chosen))
    throw Error(
        fmt::format("get_dtype: the dtype must be a floating one, but it is {}", name(chosen)));
  return chosen;
}

const std::vector<FunctionHook*>& get_function_hooks() { return function_hooks(); }

// float32(2, 3), mean 0.5, std 1
static std::string described(const Array& x) {
  if (!x) return "None";
  std::string text = describe(x);
  if (x.size() > 0 && x.dtype() != Dtype::bool_) {
    const Array numbers = x.astype(Dtype::float64);
    text += fmt::format(", mean {:g}, std {:g}", array::mean(numbers).item(),
                        array::std(numbers).item());
  }
  return text;
}

void PrintHook::print(const std::string& text) const { std::fputs((text + end_).c_str(), file_); }
void PrintHook::finish() const {
  if (flush_) std::fflush(file_);
}

void PrintHook::forward_preprocess(const FunctionNode& function, const Inputs& inputs) {
  print("function\t" + function.label());
  print("input data");
  for (std::size_t i = 0; i < inputs.size(); ++i) print(described(inputs[i]));
  finish();
}

void PrintHook::backward_preprocess(const FunctionNode& function, const Variables& gradients) {
  print("function\t" + function.label());
  print("output gradient");
  for (const Variable& g : gradients) print(g ? described(g.array()) : "None");
  finish();
}

std::string runtime_info() {
  return fmt::format(
      "Platform: {} processors, instruction set {}\n"
      "Threads: {}\n"
      "GPU: not available\n",
      cpu::processors(), cpu::name(cpu::active()), parallel::threads());
}

void print_runtime_info(std::FILE* out) { std::fputs(runtime_info().c_str(), out); }

}  // namespace autograd
