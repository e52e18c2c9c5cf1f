// Measures every elementwise op of the lists in kernels/ops/, with the constants and the domain of
// its row in tests/cases: its value and each of its slopes, in one pass over contiguous arrays.
//
//   value/tanh/float32/78400    slope/tanh/...    slope_b/mul/...
//
// of_copy is the time of a copy of the same number of bytes, divided by the time of the op. Both
// are measured in alternation.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <map>
#include <set>
#include <string>

#include "autograd/array/random.h"
#include "autograd/machine/parallel.h"
#include "benchmarks/ops/rows.h"
#include "benchmarks/timing.h"
#include "tests/cases/mapped_op.h"

namespace autograd {

namespace {

// Uniform numbers. All rows use views of them.
Array uniform(int input, std::int64_t n, Dtype dtype) {
  static std::map<Dtype, Array> all;
  constexpr std::int64_t kApart = 1024, kLongest = 10'000'000 + 4 * kApart;
  Array& numbers = all[dtype];
  if (!numbers) {
    random::Generator generator(0);
    numbers = array::rand({kLongest}, dtype, generator);
  }
  return numbers.slice(0, input * kApart, n);
}

Array drawn(int input, const cases::Range& r, std::int64_t n, Dtype dtype) {
  const Array u = uniform(input, n, dtype);
  return map(ops::AddConstant{r.low}, map(ops::MulConstant{r.high - r.low}, u));
}

// Copies memory: moves as many bytes as a loop over `arrays` arrays, half of them read and half
// written.
class Copy {
 public:
  Copy(std::int64_t arrays, std::int64_t n, Dtype dtype)
      : from_(Array::zeros({(arrays * n + 1) / 2}, dtype)),
        to_(Array::zeros(from_.shape(), dtype)),
        bytes_(from_.size() * static_cast<std::int64_t>(item_size(dtype))) {}

  void operator()() {
    const auto* from = static_cast<const std::byte*>(from_.raw());
    auto* to = static_cast<std::byte*>(to_.mutable_raw());
    parallel::for_chunks(bytes_, kGrain * 4, [&](std::int64_t begin, std::int64_t end) {
      std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin));
    });
  }

 private:
  Array from_, to_;
  std::int64_t bytes_;
};

template <class Work>
double of_copy(const Work& work, Copy copy) {
  const double once = std::max(1e-4, timing::milliseconds(work));
  const int calls = std::max(1, static_cast<int>(0.1 / once)), pairs = once > 5 ? 5 : 21;
  const auto repeat = [&](const auto& f) {
    return timing::milliseconds([&] {
      for (int i = 0; i < calls; ++i) f();
    });
  };
  std::vector<double> fractions;
  for (int i = 0; i <= pairs; ++i) {
    const double ours = repeat(work);
    const double bare = repeat([&] { copy(); });
    if (i > 0) fractions.push_back(bare / ours);
  }
  return timing::median(fractions);
}

// Measures work(), which processes `arrays` arrays of n elements.
template <class Work>
void measure(benchmark::State& state, const Work& work, std::int64_t arrays, std::int64_t n,
             Dtype dtype) {
  work();
  for (auto _ : state) work();
  const auto bytes = arrays * n * static_cast<std::int64_t>(item_size(dtype));
  state.SetBytesProcessed(state.iterations() * bytes);
  state.counters["of_copy"] = of_copy(work, Copy(arrays, n, dtype));
}

void add_rows(const cases::MappedOp& op, std::int64_t n, Dtype dtype) {
  const auto inputs = [op, n, dtype] {
    Arrays x;
    for (int k = 0; k < op.inputs; ++k)
      x.push_back(
          drawn(k, op.ranges[static_cast<std::size_t>(k) % op.ranges.size()].front(), n, dtype));
    return x;
  };
  const auto row = [&](std::string_view pass, auto run) {
    const std::string name = fmt::format("{}/{}/{}/{}", pass, op.name, autograd::name(dtype), n);
    benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMicrosecond)->UseRealTime();
  };
  row("value", [=](benchmark::State& state) {
    const Arrays x = inputs();
    measure(
        state, [&] { benchmark::DoNotOptimize(op.value(x).raw()); }, op.inputs + 1, n, dtype);
  });
  for (int k : op.slopes) {
    const std::string pass = op.inputs == 1 ? "slope" : fmt::format("slope_{}", "abc"[k]);
    row(pass, [=](benchmark::State& state) {
      Arrays kept = inputs();
      if (op.keeps_output) kept = {op.value(kept)};
      const Array gy = uniform(3, n, dtype);
      measure(
          state, [&] { benchmark::DoNotOptimize(op.slope(k, gy, kept).raw()); }, op.kept + 2, n,
          dtype);
    });
  }
}

template <class... Op>
void add_all(ops::List<Op...>) {
  std::set<std::string> seen;
  const auto add = [&](const cases::MappedOp& op) {
    // If the name does not show a constant, only the first value of the constant is measured.
    if (!seen.insert(op.name).second) return;
    for (std::int64_t n : {1'000, 78'400, 1'000'000, 10'000'000}) add_rows(op, n, Dtype::float32);
    add_rows(op, 78'400, Dtype::float64);
  };
  const auto add_each = [&](const auto& parameters) {
    for (const auto& op : parameters) add(cases::mapped(op));
  };
  (add_each(cases::Row<Op>::ops()), ...);
}

}  // namespace
}  // namespace autograd

void add_elementwise_rows() { autograd::add_all(autograd::ops::All{}); }
