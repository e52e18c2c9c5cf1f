#include "autograd/array/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "autograd/kernels/products/gemm.h"
#include "autograd/machine/parallel.h"
#include "tests/autograd/array/naive.h"
#include "tests/message.h"

namespace autograd::array {
namespace {

using naive::element;
using naive::elements;
using naive::numbers;

std::vector<double> product(const Array& a, const Array& b) {
  std::vector<double> y;
  for (std::int64_t i = 0; i < a.length(0); ++i)
    for (std::int64_t j = 0; j < b.length(1); ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < a.length(1); ++k) sum += element(a, {i, k}) * element(b, {k, j});
      y.push_back(sum);
    }
  return y;
}

// The same matrix in several layouts.
std::vector<Array> layouts(std::int64_t rows, std::int64_t columns, Dtype dtype, unsigned seed) {
  const Array a = numbers({rows, columns}, dtype, seed);
  std::vector<Array> all{a, a.transpose().copy().transpose()};
  const auto view = [&](Array v) {
    v.assign(a);
    all.push_back(v);
  };
  view(Array::zeros({rows, 2 * columns + 1}, dtype).slice(1, 1, columns, 2));
  view(Array::zeros({rows + 2, columns + 3}, dtype).slice(0, 1, rows).slice(1, 2, columns));
  if (rows > 0) view(Array::zeros({rows, columns}, dtype).slice(0, rows - 1, rows, -1));
  return all;
}

TEST(Matmul, EveryLayoutAndShape) {
  for (Dtype dtype : {Dtype::float32, Dtype::float64})
    for (const auto& [m, k, n] : {std::array<std::int64_t, 3>{1, 1, 1},
                                  {2, 3, 4},
                                  {1, 5, 3},
                                  {3, 5, 1},
                                  {5, 1, 4},
                                  {17, 33, 20},
                                  {40, 100, 130},  // in pieces along either side
                                  {130, 100, 40},
                                  {0, 3, 2},
                                  {2, 3, 0},
                                  {2, 0, 3},
                                  {0, 0, 0}})
      for (const Array& a : layouts(m, k, dtype, 1))
        for (const Array& b : layouts(k, n, dtype, 2)) {
          const Array y = matmul(a, b);
          EXPECT_EQ(y.shape(), (Shape{m, n}));
          EXPECT_EQ(elements(y), product(a, b));  // exact: products of whole numbers below 100
        }
}

TEST(Matmul, BroadcastOperands) {
  const Array row = numbers({1, 4}, Dtype::float32), b = numbers({4, 3}, Dtype::float32);
  EXPECT_EQ(elements(matmul(row.broadcast_to({5, 4}), b)), product(row.broadcast_to({5, 4}), b));
  EXPECT_EQ(
      elements(matmul(b.slice(1, 0, 1).broadcast_to({4, 6}), numbers({6, 2}, Dtype::float32, 3))),
      product(b.slice(1, 0, 1).broadcast_to({4, 6}), numbers({6, 2}, Dtype::float32, 3)));
}

TEST(Matmul, BatchesBroadcast) {
  const Array a = numbers({5, 1, 2, 3}, Dtype::float64), b = numbers({4, 3, 2}, Dtype::float64);
  const Array y = matmul(a, b);
  EXPECT_EQ(y.shape(), (Shape{5, 4, 2, 2}));
  for (std::int64_t i = 0; i < 5; ++i)
    for (std::int64_t j = 0; j < 4; ++j)
      EXPECT_EQ(elements(y.select(0, i).select(0, j)),
                product(a.select(0, i).select(0, 0), b.select(0, j)));
  EXPECT_EQ(elements(matmul(b, numbers({2, 3}, Dtype::float64)).select(0, 3)),
            product(b.select(0, 3), numbers({2, 3}, Dtype::float64)));
  // Operands that no product takes as they lie, and batches of views that overlap.
  const Array wide = numbers({6, 9, 8}, Dtype::float32);
  const Array every_other = wide.slice(2, 0, 4, 2), windows = wide.as_strided({5, 9, 4}, {3, 8, 1});
  for (const Array& x : {every_other, windows, wide.transpose({1, 2, 0})}) {
    const Array w = numbers({x.length(2), 3}, Dtype::float32, 2), found = matmul(x, w);
    for (std::int64_t i = 0; i < x.length(0); ++i)
      EXPECT_EQ(elements(found.select(0, i)), product(x.select(0, i), w));
  }
  EXPECT_EQ(
      matmul(Array::zeros({0, 2, 3}, Dtype::float32), Array::zeros({3, 4}, Dtype::float32)).shape(),
      (Shape{0, 2, 4}));
}

TEST(MatmulAdd, StartsFromC) {
  const Array a = numbers({3, 4}, Dtype::float32), b = numbers({4, 5}, Dtype::float32, 2),
              c = numbers({5}, Dtype::float32, 3);
  auto expected = product(a, b);
  for (std::size_t i = 0; i < expected.size(); ++i)
    expected[i] += element(c, {static_cast<std::int64_t>(i % 5)});
  EXPECT_EQ(elements(matmul_add(a, b, c)), expected);
  // An empty sum is c itself.
  EXPECT_EQ(elements(matmul_add(Array::zeros({2, 0}, Dtype::float32),
                                Array::zeros({0, 5}, Dtype::float32), c)),
            elements(c.broadcast_to({2, 5})));
}

TEST(Matmul, SaysWhatIsWrong) {
  const Array a = Array::zeros({100, 784}, Dtype::float32),
              b = Array::zeros({500, 784}, Dtype::float32);
  EXPECT_EQ(message_of([&] { matmul(a, b); }),
            "matmul: a.shape[-1] must equal b.shape[-2], but a is float32(100, 784) and b is "
            "float32(500, 784)");
  EXPECT_EQ(message_of([&] { matmul(a, b.select(0, 0)); }),
            "matmul: a and b must have at least 2 axes, but a is float32(100, 784) and b is "
            "float32(784)");
  EXPECT_EQ(message_of([&] { matmul(a, b.astype(Dtype::float64)); }),
            "matmul: all arguments must have one dtype, but a is float32(100, 784) and b is "
            "float64(500, 784)");
}

TEST(Matmul, ThreadsGiveTheSameBits) {
  const int before = parallel::threads();
  for (const auto& [m, k, n] : {std::array<std::int64_t, 3>{100, 784, 500},
                                {500, 100, 784},
                                {1000, 64, 33},
                                {31, 2000, 1001}}) {
    Array a = Array::empty({m, k}, Dtype::float32), b = Array::empty({k, n}, Dtype::float32);
    for (Array* x : {&a, &b}) {
      float* p = x->mutable_data<float>();
      for (std::int64_t i = 0; i < x->size(); ++i) p[i] = std::sin(static_cast<float>(i));
    }
    std::vector<float> expected;
    for (int threads : {1, 2, 4}) {
      parallel::set_threads(threads);
      const auto y = matmul(a, b).to_vector<float>();
      if (expected.empty()) expected = y;
      EXPECT_EQ(std::memcmp(y.data(), expected.data(), y.size() * sizeof(float)), 0)
          << threads << " threads";
    }
  }
  parallel::set_threads(before);
}

TEST(Matmul, IsComputedByWhatTheEnvironmentNames) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a fresh process, where nothing was chosen yet
  const auto said = [](const char* name) {
    ::setenv("AUTOGRAD_GEMM", name, 1);
    try {
      matmul(Array::zeros({40, 40}, Dtype::float32), Array::zeros({40, 40}, Dtype::float32));
      const bool openblas = kernels::gemm_engine() == kernels::GemmEngine::openblas;
      std::fputs(openblas ? "openblas" : "onednn", stderr);
    } catch (const Error& e) {
      std::fputs(e.what(), stderr);
    }
    std::exit(0);
  };
  const auto ends = ::testing::ExitedWithCode(0);
  EXPECT_EXIT(said("openblas"), ends, "^openblas$");
  EXPECT_EXIT(said("mkl"), ends, "AUTOGRAD_GEMM: must be (onednn or )?openblas, but it is mkl");
}

}  // namespace
}  // namespace autograd::array
