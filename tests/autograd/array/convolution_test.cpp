#include "autograd/array/convolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "autograd/base/error.h"
#include "autograd/machine/parallel.h"

namespace autograd::array {
namespace {

Array numbers(const Shape& shape, int seed) {
  Array a = Array::empty(shape, Dtype::float32);
  float* p = a.mutable_data<float>();
  for (std::int64_t i = 0; i < a.size(); ++i)
    p[i] = static_cast<float>(std::fmod(0.618033988749895 * static_cast<double>(i + 1) +
                                            0.37 * static_cast<double>(seed + 1),
                                        1.0) *
                                  2 -
                              1);
  return a;
}

struct Sizes {
  std::int64_t n, c, h, w, k, kh, kw, oh, ow;
  Window window;
};
const Sizes kSizes[] = {
    {2, 3, 5, 4, 4, 3, 2, 3, 3, {}},
    {5, 3, 32, 32, 8, 3, 3, 32, 32, {.pad = 1}},
    {9, 8, 32, 32, 3, 3, 3, 32, 32, {.pad = 1}},
    {37, 16, 16, 16, 32, 4, 4, 8, 8, {.stride = 2, .pad = 1}},
    {3, 4, 6, 7, 6, 2, 3, 5, 3, {.stride = {2, 3}, .pad = {2, 1}, .groups = 2}},
    {7, 32, 9, 9, 32, 3, 3, 9, 9, {.pad = 1, .groups = 32}},
    {4, 6, 7, 8, 5, 3, 2, 5, 7, {.pad = 1, .dilate = {2, 3}}},
    {2, 3, 5, 6, 2, 2, 4, 2, 2, {.stride = 3}},   // beyond the image behind
    {2, 3, 8, 8, 2, 2, 2, 3, 3, {.stride = 3}},   // which does not end with the image
    {2, 1, 1, 1, 2, 3, 3, 7, 7, {.pad = 4}},      // filters that miss the image
    {3, 17, 5, 5, 19, 1, 1, 5, 5, {}},            // its own columns
    {1, 5, 40, 41, 7, 5, 5, 40, 41, {.pad = 2}},  // one image
    {0, 2, 5, 5, 2, 3, 3, 3, 3, {}},              // none
    {2, 48, 10, 10, 64, 3, 3, 5, 5, {.stride = 2, .pad = 1}},
};

// y, x and W of each other, with their biases.
Arrays all_of(const Sizes& s) {
  const Array x = numbers({s.n, s.c, s.h, s.w}, 0), y = numbers({s.n, s.k, s.oh, s.ow}, 1);
  const Array W = numbers({s.k, s.c / s.window.groups, s.kh, s.kw}, 2);
  return {convolve(x, W, numbers({s.k}, 3), s.window, {s.oh, s.ow}),
          convolve(x, W, {}, s.window, {s.oh, s.ow}),
          convolve_back(y, W, numbers({s.c}, 4), s.window, {s.h, s.w}),
          convolve_back(y, W, {}, s.window, {s.h, s.w}),
          convolve_filters(x, y, s.window, {s.kh, s.kw})};
}

class Engines : public ::testing::Test {
 protected:
  ~Engines() override { set_convolution_engine(at_start_); }

  // Whether the library has oneDNN.
  static bool use_onednn() {
    try {
      set_convolution_engine(ConvolutionEngine::onednn);
      return true;
    } catch (const Error& e) {
      EXPECT_STREQ(e.what(),
                   "set_convolution_engine: onednn requires a library built with oneDNN, but this "
                   "one is not");
      return false;
    }
  }

  ConvolutionEngine at_start_ = convolution_engine();
};

TEST_F(Engines, AgreeUpToRounding) {
  if (!use_onednn()) return;
  for (const Sizes& s : kSizes) {
    SCOPED_TRACE(&s - kSizes);
    set_convolution_engine(ConvolutionEngine::onednn);
    const Arrays one = all_of(s);
    set_convolution_engine(ConvolutionEngine::gemm);
    const Arrays other = all_of(s);
    for (std::size_t i = 0; i < one.size(); ++i) {
      ASSERT_EQ(one[i].shape(), other[i].shape());
      const auto a = one[i].to_vector<double>(), b = other[i].to_vector<double>();
      double largest = 1;
      for (const double v : b) largest = std::max(largest, std::abs(v));
      // Sums of up to 20,000 products: each rounding is 6e-8 of a partial sum, and they add up as
      // the root of their number does.
      for (std::size_t j = 0; j < a.size(); ++j)
        ASSERT_NEAR(a[j], b[j], 1e-5 * largest) << i << " " << j;
    }
  }
}

TEST_F(Engines, GiveTheSameBitsForAnyNumberOfThreads) {
  const int threads = parallel::threads();
  for (const auto engine : {ConvolutionEngine::onednn, ConvolutionEngine::gemm}) {
    if (engine == ConvolutionEngine::onednn && !use_onednn()) continue;
    set_convolution_engine(engine);
    for (const Sizes& s : kSizes) {
      SCOPED_TRACE(&s - kSizes);
      parallel::set_threads(1);
      const Arrays alone = all_of(s);
      for (int n : {2, 4}) {
        parallel::set_threads(n);
        const Arrays shared = all_of(s);
        for (std::size_t i = 0; i < alone.size(); ++i)
          EXPECT_TRUE(array_equal(alone[i], shared[i])) << i << " with " << n << " threads";
      }
    }
  }
  parallel::set_threads(threads);
}

// More sizes than are kept, and the first ones again.
TEST_F(Engines, ForgetSizesThatAreTooMany) {
  if (!use_onednn()) return;
  const auto run = [](std::int64_t i) {
    const Array x = numbers({1, 1, i % 20 + 1, i / 20 + 1}, 0);
    return convolve(x, Array::full({1, 1, 1, 1}, 2, Dtype::float32), {}, {},
                    {x.length(2), x.length(3)});
  };
  for (std::int64_t i = 0; i < 600; ++i) {
    const Array y = run(i % 300);
    EXPECT_EQ(y.to_vector<float>()[0], 2 * numbers({1}, 0).data<float>()[0]);
  }
}

TEST(ConvolutionEngine, IsChosenByTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a fresh process, where nothing was chosen yet
  const auto said = [](const char* name) {
    ::setenv("AUTOGRAD_CONVOLUTION", name, 1);
    try {
      std::fputs(convolution_engine() == ConvolutionEngine::gemm ? "gemm" : "onednn", stderr);
    } catch (const Error& e) {
      std::fputs(e.what(), stderr);
    }
    std::exit(0);
  };
  const auto ends = ::testing::ExitedWithCode(0);
  EXPECT_EXIT(said("gemm"), ends, "^gemm$");
  EXPECT_EXIT(said("cudnn"), ends,
              "AUTOGRAD_CONVOLUTION: must be (onednn or )?gemm, but it is cudnn");
}

}  // namespace
}  // namespace autograd::array
