// Measures the overhead of the graph with a chain of additions of scalars, whose arithmetic costs
// almost nothing. Reports ns per node for forward, backward and release. The number should be the
// same from a thousand nodes to a million.
//
//   graph_overhead [--benchmark_filter=chain]

#include <benchmark/benchmark.h>

#include "autograd/autograd.h"

namespace {

using autograd::Array;
using autograd::Variable;

// Computes y = step(step(... x)), calls y.backward() if a graph is recorded, and releases the
// graph.
template <class Step>
void run_chain(benchmark::State& state, const Step& step) {
  const auto nodes = state.range(0);
  for (auto _ : state) {
    const Variable x(Array::scalar(1.f));
    Variable y = x;
    for (std::int64_t i = 0; i < nodes; ++i) y = step(y, x);
    if (autograd::config().enable_backprop) y.backward();
    benchmark::DoNotOptimize(y.array());
  }
  state.counters["ns_a_node"] =
      benchmark::Counter(static_cast<double>(state.iterations() * nodes) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// x is an input of every node, so gradients are also added.
void chain(benchmark::State& state) {
  run_chain(state, [](const Variable& y, const Variable& x) { return y + x; });
}

// One input per node.
void chain_of_constants(benchmark::State& state) {
  run_chain(state, [](const Variable& y, const Variable&) { return y + 1.0; });
}

// An operation on scalars without recording a graph.
void chain_without_graph(benchmark::State& state) {
  const auto no_graph = autograd::no_backprop_mode();
  run_chain(state, [](const Variable& y, const Variable& x) { return y + x; });
}

BENCHMARK(chain)->RangeMultiplier(10)->Range(1000, 1000000)->Unit(benchmark::kMillisecond);
BENCHMARK(chain_of_constants)->Arg(1000)->Unit(benchmark::kMillisecond);
BENCHMARK(chain_without_graph)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
