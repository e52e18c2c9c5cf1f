#include "autograd/graph/devices.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/message.h"

namespace autograd {
namespace {

TEST(Devices, AreProcessors) {
  const Array x = Array::of({1.0, 2.0});
  const Variable v(x);
  EXPECT_EQ(get_device("@numpy").name(), "@numpy");
  EXPECT_EQ(get_device(-1), get_device("native"));
  get_device_from_array(x).use();
  const DeviceScope scope = using_device("@intel64");
  EXPECT_TRUE(to_cpu(v).is(v));
  EXPECT_TRUE(get_device(-1).send(v).is(v));
  EXPECT_TRUE(array_equal(as_array(v), as_array(x)));
  EXPECT_TRUE(is_arrays_compatible({x, v}));
  EXPECT_FALSE(cuda::available);
  EXPECT_EQ(
      message_of([&] { to_gpu(x, 1); }),
      "to_gpu: the device must be a processor, for which this library computes, but it is GPU "
      "1");
  EXPECT_EQ(message_of([] { get_device("@cupy:0"); }),
            "get_device: the device must be a processor, such as @numpy, -1 or native, but it is "
            "@cupy:0");
  EXPECT_NE(message_of([] { get_device(0); }), "");
  EXPECT_NE(message_of([] { cuda::check_cuda_available(); }), "");
}

TEST(Debugging, HasChainersNames) {
  EXPECT_FALSE(is_debug());
  {
    const DebugMode scope(true);
    EXPECT_TRUE(is_debug());
  }
  set_debug(true);
  EXPECT_TRUE(config().debug);
  set_debug(false);
  EXPECT_EQ(get_dtype(), Dtype::float32);
  EXPECT_EQ(get_dtype(Dtype::float64), Dtype::float64);
  EXPECT_EQ(message_of([] { get_dtype(Dtype::int32); }),
            "get_dtype: the dtype must be a floating one, but it is int32");
  EXPECT_NE(runtime_info().find("Threads: "), std::string::npos);
}

// x + x, without the functions of the floor above.
class Twice final : public FunctionNode {
 public:
  std::string_view name() const override { return "twice"; }
  Array forward(const Inputs& x) override { return x[0] + x[0]; }
  Grads backward(const Variable& gy) override { return {gy}; }
};

TEST(PrintHook, PrintsWhatIsComputed) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&text, &size);
  {
    PrintHook hook("\n", file);
    const auto scope = hook.watch();
    EXPECT_EQ(get_function_hooks().size(), 1u);
    const Variable x(Array::of({1.0, 3.0}));
    Variable y = apply<Twice>({x});
    y.set_grad(Array::of({1.0, 1.0}));
    y.backward();
  }
  std::fclose(file);
  EXPECT_EQ(std::string(text, size),
            "function\ttwice\ninput data\nfloat64(2), mean 2, std 1\n"
            "function\ttwice\noutput gradient\nfloat64(2), mean 1, std 0\n");
  std::free(text);
}

}  // namespace
}  // namespace autograd
