// Measures one training step of the question's VAE (784-500-500-20, Adam, float32, batches gathered
// by a permutation) and its floor, a lower bound. The floor is the time of the same matrix products
// without the rest of the library, with the fastest available product, and of one pass over the
// same parameters with the memory traffic of Adam. Both are measured in one run, some steps of each
// in alternation, so that each finds the cache in the state after its own last step. The last line
// is a JSON object with ours_ms, least_ms, floor_ms, ratio, threads.
//
//   vae_step [--steps N] [--batch N] [--layers 1|2] [--hidden N] [--profile]
//
// --profile shows the time of each function instead.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "autograd/base/random.h"
#include "autograd/kernels/products/gemm.h"
#include "autograd/machine/parallel.h"
#include "benchmarks/profile.h"
#include "benchmarks/timing.h"
#include "benchmarks/vae_net.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/optimizers/adam.h"

namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Variable;

using timing::median;
using timing::milliseconds;

struct Sizes {
  int batch = 100, layers = 2, hidden = 500, steps = 200;
};

Array uniform(const autograd::Shape& shape) {
  std::vector<double> values(static_cast<std::size_t>(shape.elements()));
  autograd::random::generator().rand(values);
  return Array::from(std::span<const double>(values), shape).astype(Dtype::float32);
}

// The necessary work of a step, in plain loops over separate memory.
class Floor {
 public:
  explicit Floor(const Sizes& s) : batch_(s.batch) {
    const auto layer = [&](int out, int in) {
      layers_.push_back({out, in, uniform({out, in}), uniform({out, in}), uniform({out, in}),
                         uniform({out, in})});
    };
    const int h = s.hidden, widest = std::max(h, 784);
    layer(h, 784);
    if (s.layers == 2) layer(h, h);
    layer(20, h);
    layer(20, h);
    layer(h, 20);
    if (s.layers == 2) layer(h, h);
    layer(784, h);
    input_ = uniform({batch_, widest});
    output_ = uniform({batch_, widest});
    scratch_ = uniform({batch_, widest});
  }

  // The matrix products: forward, gradient of the weights, gradient of the input (except for x).
  void multiply() {
    const float* x = input_.data<float>();
    float* y = scratch_.mutable_data<float>();
    const float* gy = output_.data<float>();
    for (Layer& l : layers_)
      autograd::kernels::gemm(batch_, l.out, l.in, {x, l.in, 1}, {l.W.data<float>(), 1, l.in}, 0.f,
                              y, l.out);
    for (std::size_t i = layers_.size(); i-- > 0;) {
      Layer& l = layers_[i];
      autograd::kernels::gemm(l.out, l.in, batch_, {gy, 1, l.out}, {x, l.in, 1}, 0.f,
                              l.gW.mutable_data<float>(), l.in);
      if (i > 0)
        autograd::kernels::gemm(batch_, l.in, l.out, {gy, l.out, 1}, {l.W.data<float>(), l.in, 1},
                                0.f, y, l.in);
    }
  }

  // The memory traffic of Adam in simple loops that a compiler optimizes well: four arrays are
  // read, three are written.
  void pass_like_adam() {
    for (Layer& l : layers_) {
      float *p = l.W.mutable_data<float>(), *m = l.m.mutable_data<float>(),
            *v = l.v.mutable_data<float>();
      const float* g = l.gW.data<float>();
      autograd::parallel::for_chunks(l.W.size(), 16384, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          m[i] += 0.1f * (g[i] - m[i]);
          v[i] += 0.001f * (g[i] * g[i] - v[i]);
          p[i] -= 1e-9f * m[i] * v[i];
        }
      });
    }
  }

 private:
  struct Layer {
    int out, in;
    Array W, gW, m, v;
  };
  int batch_;
  std::vector<Layer> layers_;
  Array input_, output_, scratch_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](const char* flag, int fallback) {
    return timing::number(argc, argv, flag, fallback);
  };
  const Sizes s{number("--batch", 100), number("--layers", 2), number("--hidden", 500),
                number("--steps", 200)};
  autograd::random::seed(0);
  const int examples = std::max(10000, 2 * s.batch);
  const Array images = uniform({examples, 784});
  vae_net::VAE model(784, 20, s.hidden, s.layers);
  nn::optimizers::Adam optimizer;
  optimizer.setup(model);
  const auto loss_func = model.get_loss_func();
  Floor floor(s);

  nn::iterators::SerialIterator iterator(nn::datasets::TupleDataset(images), s.batch);
  const auto step = [&] {
    optimizer.update(loss_func, nn::datasets::concat_examples(*iterator.next())[0].array());
  };
  if (timing::has(argc, argv, "--profile")) {
    for (int i = 0; i < 20; ++i) step();
    timing::Profile profile;
    const auto watch = profile.watch();
    const double total = milliseconds([&] {
      for (int i = 0; i < s.steps; ++i) step();
    });
    profile.print(total / s.steps, s.steps);
    return 0;
  }
  std::vector<double> ours, products, adam;
  constexpr int kTurn = 10, kWarm = 2;  // the first steps of a turn find a cold cache
  for (int turn = -1; turn * (kTurn - kWarm) < s.steps; ++turn) {
    const auto measured = [&](int i, std::vector<double>& times, double ms) {
      if (turn >= 0 && i >= kWarm) times.push_back(ms);
    };
    for (int i = 0; i < kTurn; ++i) measured(i, ours, milliseconds(step));
    for (int i = 0; i < kTurn; ++i) {
      measured(i, products, milliseconds([&] { floor.multiply(); }));
      measured(i, adam, milliseconds([&] { floor.pass_like_adam(); }));
    }
  }
  const double floor_ms = median(products) + median(adam);
  std::puts(fmt::format("784-{0}{1}-20, batch {2}, Adam: {3} steps, medians in ms", s.hidden,
                        s.layers == 2 ? fmt::format("-{}", s.hidden) : "", s.batch, s.steps)
                .c_str());
  std::puts(fmt::format("  one step                {:7.3f}", median(ours)).c_str());
  std::puts(fmt::format("  matrix products alone   {:7.3f}", median(products)).c_str());
  std::puts(fmt::format("  memory traffic of Adam  {:7.3f}", median(adam)).c_str());
  std::puts(
      fmt::format(
          R"({{"ours_ms": {:.4f}, "least_ms": {:.4f}, "floor_ms": {:.4f}, "ratio": {:.4f}, "threads": {}}})",
          median(ours), *std::min_element(ours.begin(), ours.end()), floor_ms,
          median(ours) / floor_ms, autograd::parallel::threads())
          .c_str());
}
