// Measures the memory of a training of the question's VAE (784-500-500-20, Adam, float32): the peak
// of the resident memory compared with the necessary memory, the page faults per step, and the
// growth over many steps. The last line is a JSON object.
//
//   memory [--steps N] [--batch N] [--examples N]

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "autograd/base/random.h"
#include "autograd/machine/parallel.h"
#include "autograd/memory/blocks.h"
#include "benchmarks/timing.h"
#include "benchmarks/vae_net.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/optimizers/adam.h"

namespace {

using autograd::Array;
using autograd::Variable;

constexpr double kMiB = 1024.0 * 1024.0;

rusage used() {
  rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u;
}
double peak_mib() { return static_cast<double>(used().ru_maxrss) / 1024; }
double resident_mib() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMiB;
}

}  // namespace

int main(int argc, char** argv) {
  const int steps = timing::number(argc, argv, "--steps", 10000);
  const int batch = timing::number(argc, argv, "--batch", 100);
  const int examples = timing::number(argc, argv, "--examples", 60000);
  autograd::random::seed(0);
  const double before = resident_mib();
  Array images = Array::empty({examples, 784}, autograd::Dtype::float32);
  std::generate_n(images.mutable_data<float>(), images.size(),
                  [] { return static_cast<float>(autograd::random::generator().rand()); });

  vae_net::VAE model(784, 20, 500);
  nn::optimizers::Adam optimizer;
  optimizer.setup(model);
  nn::iterators::SerialIterator iterator(nn::datasets::TupleDataset(images), batch);
  const auto loss_func = model.get_loss_func();
  // The arrays that the forward pass retains for the backward pass, including the batch.
  std::size_t kept = 0;
  const auto step = [&] {
    const std::size_t at_start = autograd::memory::stats().in_use;
    optimizer.update(
        [&](const Variable& x) {
          const Variable loss = loss_func(x);
          kept = autograd::memory::stats().in_use - at_start;
          return loss;
        },
        nn::datasets::concat_examples(*iterator.next())[0].array());
    model.cleargrads();
  };

  const int warm_up = std::min(100, steps);
  for (int i = 0; i < warm_up; ++i) step();
  const double early = resident_mib();
  const long faults_before = used().ru_minflt;
  for (int i = warm_up; i < steps; ++i) step();
  const double faults =
      static_cast<double>(used().ru_minflt - faults_before) / std::max(1, steps - warm_up);
  const double growth = resident_mib() - early;

  const double data = static_cast<double>(images.size()) * 4 / kMiB,
               parameters = static_cast<double>(model.count_params()) * 4 / kMiB,
               state = 2 * parameters, activations = static_cast<double>(kept) / kMiB,
               needed = data + parameters + state + activations, peak = peak_mib();
  const auto line = [](const char* what, double mib) {
    std::puts(fmt::format("  {:34} {:8.2f} MiB", what, mib).c_str());
  };
  std::puts(fmt::format("784-500-500-20, batch {}, {} examples, {} steps", batch, examples, steps)
                .c_str());
  line("data", data);
  line("parameters", parameters);
  line("Adam's state", state);
  line("kept for the backward pass", activations);
  line("together", needed);
  line("the program before training", before);
  line("peak of the resident memory", peak);
  line("growth after the first 100 steps", growth);
  std::puts(fmt::format("  {:34} {:8.3f}", "page faults a step", faults).c_str());
  std::puts(
      fmt::format(
          R"({{"peak_mib": {:.2f}, "needed_mib": {:.2f}, "ratio": {:.4f}, "growth_mib": {:.2f}, "faults_a_step": {:.4f}, "threads": {}}})",
          peak, needed, peak / needed, growth, faults, autograd::parallel::threads())
          .c_str());
}
