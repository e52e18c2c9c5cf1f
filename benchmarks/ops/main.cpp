// Measures the time of each op. There is a row for every op.
//
//   ops [--benchmark_filter=REGEX] [--benchmark_list_tests]

#include <benchmark/benchmark.h>

#include "benchmarks/ops/rows.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  add_function_rows();
  add_elementwise_rows();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
