// Measures functions in float32 as a program calls them.
//
//   forward/tanh/100x784            without a graph
//   forward_backward/tanh/100x784   with a graph, and y.backward() with a given gradient of y
//
// benchmarks/peer.py has rows of the same names for PyTorch.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/autograd.h"
#include "autograd/functions/math/scan.h"
#include "autograd/functions/math/special.h"
#include "benchmarks/ops/rows.h"
#include "benchmarks/vae_net.h"
#include "nn/optimizers/adam.h"

namespace {

namespace F = autograd;
using autograd::Array;
using autograd::Dtype;
using autograd::Shape;
using autograd::Variable;
using autograd::Variables;

using Function = std::function<Variable(const Variables&)>;
using Inputs = std::function<Variables()>;

void forward(benchmark::State& state, const Function& f, const Variables& x) {
  const auto no_graph = F::no_backprop_mode();
  f(x);
  for (auto _ : state) {
    const Variable y = f(x);
    benchmark::DoNotOptimize(y.array().raw());
  }
}

void forward_backward(benchmark::State& state, const Function& f, const Variables& x) {
  const Variable gy = F::as_variable(
      F::array::standard_normal(f(x).shape(), Dtype::float32, F::random::generator()));
  const auto step = [&] {
    for (Variable v : x) v.cleargrad();
    Variable y = f(x);
    y.set_grad_var(gy);  // without a copy: set_grad would copy an array that the caller keeps
    y.backward();
  };
  step();
  for (auto _ : state) step();
}

// The inputs of a row. All repetitions use the same inputs, so that the inputs are in the cache, as
// in a program that calls a function repeatedly.
const Variables& inputs_of(const std::string& name, const Inputs& inputs) {
  static std::string last;
  static Variables made;
  if (name != last) made = inputs(), last = name;
  return made;
}

void add(const std::string& op, const std::string& shape, const Inputs& inputs, const Function& f) {
  const auto row = [&](const char* pass, auto run) {
    const std::string name = fmt::format("{}/{}/{}", pass, op, shape);
    benchmark::RegisterBenchmark(
        name.c_str(), [=](benchmark::State& state) { run(state, f, inputs_of(name, inputs)); })
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
  };
  row("forward", forward);
  row("forward_backward", forward_backward);
}

// Operands. A leaf gets a gradient, a constant none.
Variable leaf(const Shape& shape) {
  return Variable(F::array::standard_normal(shape, Dtype::float32, F::random::generator()));
}
Variable positive(const Shape& shape) {  // from 0.5 to 1.5
  Variable x(F::array::rand(shape, Dtype::float32, F::random::generator()));
  return Variable((x + 0.5).array());
}
Variable fraction(const Shape& shape) {  // from -0.5 to 0.5
  return Variable((positive(shape) - 1).array());
}
Array pixels(const Shape& shape) {
  return F::array::rand(shape, Dtype::float32, F::random::generator());
}
Array integers(const Shape& shape, int below) {
  Variable x(F::array::rand(shape, Dtype::float64, F::random::generator()));
  return (x * static_cast<double>(below)).array().astype(Dtype::int32);
}

std::string text(const Shape& shape) {
  std::string s;
  for (int i = 0; i < shape.ndim(); ++i) s += fmt::format("{}{}", i ? "x" : "", shape[i]);
  return s;
}

using Unary = Variable (*)(const Variable&);
using Binary = Variable (*)(const Variable&, const Variable&);
using Operand = Variable (*)(const Shape&);

void add_unary(const char* op, const Shape& s, const Function& f, Operand operand = leaf) {
  add(
      op, text(s), [=] { return Variables{operand(s)}; }, f);
}
void add_unary(const char* op, const Shape& s, Unary f, Operand operand = leaf) {
  add_unary(
      op, s, [f](const Variables& x) { return f(x[0]); }, operand);
}
void add_binary(const char* op, const Shape& s, Binary f, Operand a = leaf, Operand b = leaf) {
  add(
      op, text(s),
      [=] {
        return Variables{a(s), b(s)};
      },
      [f](const Variables& x) { return f(x[0], x[1]); });
}

void add_common(const Shape& s) {
  add_binary("add", s, F::operator+);
  add_binary("mul", s, F::operator*);
  add_unary("log", s, F::log, positive);
  add_unary("tanh", s, F::tanh);
  add_unary("sigmoid", s, F::sigmoid);
  add_unary("relu", s, F::relu);
  add_unary("softplus", s, [](const Variables& x) { return F::softplus(x[0]); });
  add_unary("exp", s, F::exp);
  add_unary("sum_all", s, [](const Variables& x) { return F::sum(x[0]); });
  add_unary("sum_axis1", s, [](const Variables& x) { return F::sum(x[0], 1); });
  add_unary("softmax", s, [](const Variables& x) { return F::softmax(x[0]); });
  add_unary("log_softmax", s, [](const Variables& x) { return F::log_softmax(x[0]); });
  add_unary("dropout", s, [](const Variables& x) { return F::dropout(x[0], 0.5); });
}

void add_others(const Shape& s) {
  add_binary("sub", s, F::operator-);
  add_binary("div", s, F::operator/, leaf, positive);
  add_binary("pow", s, F::pow, positive, leaf);
  add_unary(
      "pow_2.5", s, [](const Variables& x) { return F::pow(x[0], 2.5); }, positive);
  add_unary("square", s, F::square);
  add_binary("maximum", s, F::maximum);
  add_binary("arctan2", s, F::arctan2);
  add_binary("fmod", s, F::fmod, leaf, positive);
  add_unary("absolute", s, F::absolute);
  add_unary("clip", s, [](const Variables& x) { return F::clip(x[0], -1, 1); });
  add_unary("elu", s, [](const Variables& x) { return F::elu(x[0]); });
  add_unary("leaky_relu", s, [](const Variables& x) { return F::leaky_relu(x[0]); });
  add_unary("sqrt", s, F::sqrt, positive);
  add_unary("rsqrt", s, F::rsqrt, positive);
  add_unary("expm1", s, F::expm1);
  add_unary("log1p", s, F::log1p, positive);
  add_unary("log2", s, F::log2, positive);
  add_unary("sin", s, F::sin);
  add_unary("cos", s, F::cos);
  add_unary("tan", s, F::tan);
  add_unary("arcsin", s, F::arcsin, fraction);
  add_unary("arctan", s, F::arctan);
  add_unary("arctanh", s, F::arctanh, fraction);
  add_unary("sinh", s, F::sinh);
  add_unary("cosh", s, F::cosh);
  add_unary("erf", s, F::erf);
  add_unary("erfc", s, F::erfc);
  add_unary("erfinv", s, F::erfinv, fraction);
  add_unary("ndtr", s, F::ndtr);
  add_unary("lgamma", s, F::lgamma, positive);
  add_unary("digamma", s, F::digamma, positive);
  add_unary("sum_axis0", s, [](const Variables& x) { return F::sum(x[0], 0); });
  add_unary("max_axis1", s, [](const Variables& x) { return F::max(x[0], 1); });
  add_unary("logsumexp_axis1", s, [](const Variables& x) { return F::logsumexp(x[0], 1); });
  add_unary("cumsum_axis1", s, [](const Variables& x) { return F::cumsum(x[0], 1); });
  add_unary("transpose_copy", s, [](const Variables& x) { return F::copy(F::transpose(x[0])); });
  const Shape row{s[1]};
  add(
      "add_row", text(s),
      [=] {
        return Variables{leaf(s), leaf(row)};
      },
      [](const Variables& x) { return x[0] + x[1]; });
  add(
      "concat_axis1", text(s),
      [=] {
        return Variables{leaf(s), leaf(s)};
      },
      [](const Variables& x) {
        return F::concat({x[0], x[1]}, 1);
      });
}

void add_products() {
  add(
      "matmul", "512x512@512x512",
      [] {
        return Variables{leaf({512, 512}), leaf({512, 512})};
      },
      [](const Variables& x) { return F::matmul(x[0], x[1]); });
  add(
      "matmul_batch", "64x64x64@64x64x64",
      [] {
        return Variables{leaf({64, 64, 64}), leaf({64, 64, 64})};
      },
      [](const Variables& x) { return F::matmul(x[0], x[1]); });
  const auto linear = [](const char* op, std::int64_t in, Variable (*x)(const Shape&)) {
    add(
        op, fmt::format("100x{}->500", in),
        [=] {
          return Variables{x({100, in}), leaf({500, in}), leaf({500})};
        },
        [](const Variables& v) { return F::linear(v[0], v[1], v[2]); });
  };
  linear("linear", 784, leaf);
  linear("linear", 500, leaf);
  linear("linear_no_gx", 784, [](const Shape& s) { return Variable(pixels(s), {{}, false}); });
}

void add_losses() {
  for (const Shape& s : {Shape{100, 784}, Shape{1000, 784}}) {
    const auto loss = [&](const char* op, auto f) {
      add(
          op, text(s),
          [=] {
            return Variables{Variable(pixels(s), {{}, false}), leaf(s)};
          },
          [f](const Variables& x) { return f(x[0], x[1]); });
    };
    loss("bernoulli_nll_composed",
         [](const Variable& x, const Variable& y) { return F::sum(F::softplus(y) - x * y); });
    loss("bernoulli_nll",
         [](const Variable& x, const Variable& y) { return F::bernoulli_nll(x, y); });
    loss("mean_squared_error",
         [](const Variable& x, const Variable& y) { return F::mean_squared_error(x, y); });
    loss("squared_error_batch_mean", [](const Variable& x, const Variable& y) {
      return F::mean_squared_error(x, y, F::Reduce::batch_mean);
    });
  }
  for (const Shape& s : {Shape{100, 20}, Shape{1000, 784}}) {
    const auto two = [s] { return Variables{leaf(s), leaf(s)}; };
    add("gaussian", text(s), two, [](const Variables& x) { return F::gaussian(x[0], x[1]); });
    const Array eps = pixels(s);
    add("gaussian_given_eps", text(s), two,
        [eps](const Variables& x) { return F::gaussian(x[0], x[1], {.eps = eps}); });
    add("gaussian_kl_divergence", text(s), two,
        [](const Variables& x) { return F::gaussian_kl_divergence(x[0], x[1]); });
  }
  for (const Shape& s : {Shape{100, 10}, Shape{256, 1000}}) {
    const Array t = integers({s[0]}, static_cast<int>(s[1]));
    add(
        "softmax_cross_entropy", text(s), [s] { return Variables{leaf(s)}; },
        [t](const Variables& x) { return F::softmax_cross_entropy(x[0], t); });
  }
}

void add_images() {
  const Shape images{64, 64, 32, 32};
  add(
      "convolution_3x3_pad1", text(images) + "->64",
      [=] {
        return Variables{leaf(images), leaf({64, 64, 3, 3}), leaf({64})};
      },
      [](const Variables& x) { return F::convolution_2d(x[0], x[1], x[2], {.pad = 1}); });
  add(
      "convolution_4x4_stride2_pad1", text(images) + "->128",
      [=] {
        return Variables{leaf(images), leaf({128, 64, 4, 4}), leaf({128})};
      },
      [](const Variables& x) {
        return F::convolution_2d(x[0], x[1], x[2], {.stride = 2, .pad = 1});
      });
  add_unary("max_pooling_2x2", images,
            [](const Variables& x) { return F::max_pooling_2d(x[0], 2, {.cover_all = false}); });
  add_unary("average_pooling_2x2", images,
            [](const Variables& x) { return F::average_pooling_2d(x[0], 2); });
  add_unary("unpooling_2x2", images,
            [](const Variables& x) { return F::unpooling_2d(x[0], 2, {.cover_all = false}); });
  const Array mean = Array::zeros({64}, Dtype::float32), var = Array::full({64}, 1, Dtype::float32);
  add(
      "batch_normalization", text(images),
      [=] {
        return Variables{leaf(images), leaf({64}), leaf({64})};
      },
      [=](const Variables& x) {
        return F::batch_normalization(x[0], x[1], x[2], {.running_mean = mean, .running_var = var});
      });
  add(
      "layer_normalization", "256x1024",
      [] {
        return Variables{leaf({256, 1024}), leaf({1024}), leaf({1024})};
      },
      [](const Variables& x) { return F::layer_normalization(x[0], x[1], x[2]); });
  const Array ids = integers({256, 32}, 10000);
  add(
      "embed_id", "256x32 of 10000x128",
      [] {
        return Variables{leaf({10000, 128})};
      },
      [ids](const Variables& x) { return F::embed_id(ids, x[0]); });
}

// Adam over the 1.3 million parameters of the VAE.
void adam_update(benchmark::State& state) {
  vae_net::VAE model(784, 20, 500);
  nn::optimizers::Adam optimizer;
  optimizer.setup(model);
  for (nn::Parameter p : model.params())
    p.set_grad(F::array::standard_normal(p.shape(), p.dtype(), F::random::generator()));
  for (auto _ : state) optimizer.update();
}

}  // namespace

void add_function_rows() {
  // 1e3, 78,400, 1e6 and 1e7 elements.
  for (const Shape& s : {Shape{10, 100}, Shape{100, 784}, Shape{1000, 1000}, Shape{1000, 10000}})
    add_common(s);
  for (const Shape& s : {Shape{100, 784}, Shape{1000, 1000}}) add_others(s);
  add_products();
  add_losses();
  add_images();
  benchmark::RegisterBenchmark("forward/adam_update/1.3 million", adam_update)
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
}
