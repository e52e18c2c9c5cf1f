#include "tests/autograd/functions/derivatives.h"

#include <cmath>

#include "autograd/functions/basic_math.h"
#include "autograd/functions/reduction.h"

namespace autograd {
namespace {

constexpr double kStep = 1e-5;
// Central differences of functions of size 1 are off by step^2 and by rounding / step: both about
// 1e-10.
constexpr double kTolerance = 1e-7;

// The sum of all outputs, each weighted.
double weighted(const Function& f, const Arrays& xs, const Arrays& weights) {
  const auto constant = no_backprop_mode();
  const Variables ys = f(Variables(xs.begin(), xs.end()));
  double total = 0;
  for (std::size_t k = 0; k < ys.size(); ++k) {
    const auto y = values(ys[k]), w = values(weights[k]);
    for (std::size_t i = 0; i < y.size(); ++i) total += y[i] * w[i];
  }
  return total;
}

void expect_gradients(const std::string& order, const Function& f, const Arrays& xs) {
  Variables inputs;
  for (const Array& x : xs) inputs.emplace_back(x.copy());
  const Variables ys = f(inputs);
  Arrays weights;
  for (std::size_t k = 0; k < ys.size(); ++k)
    weights.push_back(numbers(ys[k].shape(), 100 + static_cast<int>(k)));
  const Variables gxs =
      grad(ys, inputs, {.grad_outputs = Variables(weights.begin(), weights.end())});
  for (std::size_t k = 0; k < xs.size(); ++k) {
    if (gxs[k]) {
      ASSERT_EQ(gxs[k].shape(), xs[k].shape()) << order << " order, input " << k;
    }
    const auto gx =
        gxs[k] ? values(gxs[k]) : std::vector<double>(static_cast<std::size_t>(xs[k].size()));
    for (std::size_t i = 0; i < gx.size(); ++i) {
      Arrays moved = xs;
      const auto at = [&](double step) {
        moved[k] = xs[k].copy();
        moved[k].mutable_data<double>()[i] += step;
        return weighted(f, moved, weights);
      };
      const double difference = (at(kStep) - at(-kStep)) / (2 * kStep);
      EXPECT_NEAR(gx[i], difference, kTolerance * std::max(1.0, std::abs(difference)))
          << order << " order, input " << k << ", element " << i;
    }
  }
}

}  // namespace

void expect_derivatives(const Function& f, const Arrays& xs) {
  expect_gradients("first", f, xs);
  // The gradients of the weighted sum of the outputs, as a function of the inputs and the weights.
  const std::size_t n = xs.size();
  const Function gradients = [&](const Variables& all) {
    const auto recording = force_backprop_mode();
    Variables inputs, weights;
    for (std::size_t k = 0; k < n; ++k)
      inputs.push_back(all[k].requires_grad() ? all[k] : Variable(all[k].array(), {}));
    weights.assign(all.begin() + static_cast<std::ptrdiff_t>(n), all.end());
    const Variables gxs = grad(f(inputs), inputs, {.create_graph = true, .grad_outputs = weights});
    Variables reached;
    for (const Variable& gx : gxs)
      if (gx) reached.push_back(gx);
    return reached;
  };
  Arrays all = xs;
  const Variables ys = f(Variables(xs.begin(), xs.end()));
  for (std::size_t k = 0; k < ys.size(); ++k)
    all.push_back(numbers(ys[k].shape(), 200 + static_cast<int>(k)));
  expect_gradients("second", gradients, all);
}

Array numbers(const Shape& shape, int seed) {
  Array a = Array::empty(shape, Dtype::float64);
  double* p = a.mutable_data<double>();
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x =
        std::fmod(0.618033988749895 * static_cast<double>(i + 1) + 0.37 * (seed + 1), 1.0) * 2 - 1;
    p[i] = x + (x < 0 ? -0.05 : 0.05);
  }
  return a;
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace autograd
