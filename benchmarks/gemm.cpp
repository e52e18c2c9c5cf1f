// Measures the matrix products of each layer of the VAE: forward x W^T, gradient of the weights
// gy^T x, gradient of the input gy W. `ours` is kernels::gemm. `bare` is one call of cblas_sgemm in
// one thread. `threads` is one call with OpenBLAS's own threads, with the same number of threads as
// `ours`.
//
//   gemm [--benchmark_filter=REGEX]

#include <benchmark/benchmark.h>
#include <cblas.h>
#include <fmt/format.h>

#include <string>

#include "autograd/array/random.h"
#include "autograd/kernels/products/gemm.h"
#include "autograd/machine/parallel.h"

namespace {

using autograd::Array;
using autograd::kernels::Matrix;

// C (m, n) = A (m, k) B (k, n). A or B may be stored transposed.
struct Product {
  std::int64_t m, n, k;
  bool a_transposed, b_transposed;
};

enum class By { ours, bare, threads };

void run(benchmark::State& state, const Product& p, By by) {
  autograd::random::Generator generator(0);
  const auto drawn = [&](std::int64_t rows, std::int64_t columns) {
    return autograd::array::rand({rows, columns}, autograd::Dtype::float32, generator);
  };
  const Array a = drawn(p.m, p.k), b = drawn(p.k, p.n);
  Array c = drawn(p.m, p.n);
  const std::int64_t lda = p.a_transposed ? p.m : p.k, ldb = p.b_transposed ? p.k : p.n;
  const auto matrix = [](const Array& x, bool transposed, std::int64_t ld) -> Matrix<float> {
    return {x.data<float>(), transposed ? 1 : ld, transposed ? ld : 1};
  };
  const auto ours = [&] {
    autograd::kernels::gemm(p.m, p.n, p.k, matrix(a, p.a_transposed, lda),
                            matrix(b, p.b_transposed, ldb), 0.f, c.mutable_data<float>(), p.n);
  };
  const auto blas = [&] {
    const auto order = [](bool transposed) { return transposed ? CblasTrans : CblasNoTrans; };
    const auto i = [](std::int64_t n) { return static_cast<blasint>(n); };
    cblas_sgemm(CblasRowMajor, order(p.a_transposed), order(p.b_transposed), i(p.m), i(p.n), i(p.k),
                1, a.data<float>(), i(lda), b.data<float>(), i(ldb), 0, c.mutable_data<float>(),
                i(p.n));
  };
  ours();  // makes OpenBLAS use one thread
  if (by == By::threads) openblas_set_num_threads(autograd::parallel::threads());
  for (auto _ : state) {
    if (by == By::ours)
      ours();
    else
      blas();
  }
  openblas_set_num_threads(1);
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(state.iterations() * p.m * p.n * p.k),
                         benchmark::Counter::kIsRate);
}

void add(const std::string& name, const Product& p) {
  for (const auto& [by, side] : {std::pair(By::ours, "ours"), std::pair(By::bare, "bare"),
                                 std::pair(By::threads, "threads")})
    benchmark::RegisterBenchmark(fmt::format("{}/{}", name, side).c_str(),
                                 [p, by = by](benchmark::State& state) { run(state, p, by); })
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  for (const std::int64_t batch : {100, 1000}) {
    for (const auto& [in, out] :
         {std::pair(784, 500), {500, 500}, {500, 20}, {20, 500}, {500, 784}}) {
      const std::string layer = fmt::format("{}x{}->{}", batch, in, out);
      add(layer + "/forward", {batch, out, in, false, true});
      add(layer + "/gW", {out, in, batch, true, false});
      add(layer + "/gx", {batch, in, out, false, false});
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
