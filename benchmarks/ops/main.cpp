// How long each op takes: a row for every op that there is.
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
