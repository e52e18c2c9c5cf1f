// Measures one training step of a convolutional VAE for images of CIFAR-10's size: seven
// convolutions down to 4 x 4 pixels, four convolutions up again, batch normalization, Adam,
// float32. The images are random. The last line is a JSON object with ours_ms, least_ms, threads.
// AUTOGRAD_CONVOLUTION selects how the convolutions are computed.
//
//   conv_vae_step [--steps N] [--batch N] [--ch N] [--profile | --profile-shapes]
//
// --profile shows the time of each function instead. --profile-shapes shows the time of each
// function and each shape of its output.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <list>
#include <vector>

#include "autograd/autograd.h"
#include "benchmarks/profile.h"
#include "benchmarks/timing.h"
#include "nn/links/connection/convolution.h"
#include "nn/links/connection/linear.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/optimizers/adam.h"

namespace {

namespace F = autograd;
namespace L = nn;
using autograd::Array;
using autograd::Dtype;
using autograd::Variable;

constexpr int kLatent = 50;

// A convolution, followed by batch normalization and leaky_relu.
struct Block : nn::Link {
  Block(std::int64_t in, std::int64_t out, std::int64_t ksize, std::int64_t stride)
      : c(in, out, ksize, stride, 1), bn(out) {}
  Variable operator()(const Variable& x) { return F::leaky_relu(bn(c(x))); }
  void list(nn::Members& m) override { m("c", c)("bn", bn); }

  L::Convolution2D c;
  L::BatchNormalization bn;
};

struct ConvVAE : nn::Link {
  explicit ConvVAE(int ch)
      : first(3, ch / 8, 3, 1, 1),
        down{{ch / 8, ch / 4, 4, 2}, {ch / 4, ch / 4, 3, 1}, {ch / 4, ch / 2, 4, 2},
             {ch / 2, ch / 2, 3, 1}, {ch / 2, ch, 4, 2},     {ch, ch, 3, 1}},
        mu(16 * ch, kLatent),
        ln_sigma(16 * ch, kLatent),
        spread(kLatent, 16 * ch),
        bn(16 * ch),
        up{{ch, ch / 2, 3, 1}, {ch / 2, ch / 4, 3, 1}, {ch / 4, ch / 8, 3, 1}},
        last(ch / 8, 3, 3, 1, 1),
        ch_(ch) {}

  void list(nn::Members& m) override {
    m("first", first)("mu", mu)("ln_sigma", ln_sigma)("spread", spread)("bn", bn)("last", last);
    int i = 0;
    for (Block& b : down) m(fmt::format("down{}", i++), b);
    for (Block& b : up) m(fmt::format("up{}", i++), b);
  }

  Variable operator()(const Variable& x) {
    Variable h = F::leaky_relu(first(x));
    for (Block& b : down) h = b(h);
    const Variable m = mu(h), s = ln_sigma(h);
    h = F::reshape(F::tanh(bn(spread(F::gaussian(m, s)))), {-1, ch_, 4, 4});
    for (Block& b : up) h = F::unpooling_2d(b(h), 2, {.cover_all = false});
    const Variable y = F::sigmoid(last(h));
    return F::mean_squared_error(x * 255, y * 255) +
           F::gaussian_kl_divergence(m, s) / static_cast<double>(x.length(0));
  }

  L::Convolution2D first;
  std::list<Block> down;
  L::Linear mu, ln_sigma, spread;
  L::BatchNormalization bn;
  std::list<Block> up;
  L::Convolution2D last;

 private:
  std::int64_t ch_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](const char* flag, int fallback) {
    return timing::number(argc, argv, flag, fallback);
  };
  const int steps = number("--steps", 20), batch = number("--batch", 100), ch = number("--ch", 64);
  autograd::random::seed(0);
  ConvVAE model(ch);
  nn::optimizers::Adam optimizer;
  optimizer.setup(model);
  std::vector<double> values(static_cast<std::size_t>(batch) * 3 * 32 * 32);
  autograd::random::generator().rand(values);
  const Array x = Array::from(std::span<const double>(values), autograd::Shape{batch, 3, 32, 32})
                      .astype(Dtype::float32);
  const auto step = [&] { optimizer.update([&](const Variable& v) { return model(v); }, x); };
  const bool by_shape = timing::has(argc, argv, "--profile-shapes");
  if (by_shape || timing::has(argc, argv, "--profile")) {
    for (int i = 0; i < 3; ++i) step();
    timing::Profile profile(by_shape);
    const auto watch = profile.watch();
    const double total = timing::milliseconds([&] {
      for (int i = 0; i < steps; ++i) step();
    });
    profile.print(total / steps, steps);
    return 0;
  }
  std::vector<double> times;
  for (int i = -3; i < steps; ++i) {
    const double ms = timing::milliseconds(step);
    if (i >= 0) times.push_back(ms);
  }
  std::puts(fmt::format("ch {}, batch {}, {} parameters: {} steps", ch, batch, model.count_params(),
                        steps)
                .c_str());
  std::puts(fmt::format(R"({{"ours_ms": {:.4f}, "least_ms": {:.4f}, "threads": {}}})",
                        timing::median(times), *std::min_element(times.begin(), times.end()),
                        autograd::parallel::threads())
                .c_str());
}
