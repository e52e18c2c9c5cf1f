#include "nn/optimizers/hooks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "nn/initializers/initializers.h"

namespace nn::optimizer_hooks {
namespace {

namespace updates = autograd::updates;

// The parameter's gradient, for writing. If other variables share its memory, it is copied.
Array take_grad(Parameter& p) {
  Array g = p.grad();
  p.cleargrad();
  return g.storage()->use_count() == 1 && g.is_contiguous() ? g : g.copy();
}

// Changes the gradient in place by `rule`. Its second argument is x, or the gradient itself.
template <class Rule>
void change(Parameter& p, const Rule& rule, const Array& x = {}) {
  Array g = take_grad(p);
  autograd::array::UpdateBatch batch;
  batch.add(rule, x ? x : g, {g});
  batch.run();
  p.set_grad(std::move(g));
}

bool has_grad(const Parameter& p) { return p.is_initialized() && p.grad(); }

double square_norm(const Array& a) {
  return autograd::array::sum(autograd::map(autograd::ops::Square{}, a)).item();
}

// The Euclidean norm of several arrays together. If the squares overflow or underflow, the elements
// are divided by the greatest element of each array before they are squared.
double norm(const std::vector<Array>& arrays) {
  double sum = 0, smallest = 0;
  for (const Array& a : arrays) {
    sum += square_norm(a);
    smallest = std::max(smallest, a.dtype() == autograd::Dtype::float32 ? 1e-30 : 1e-280);
  }
  if (sum > smallest && sum < std::numeric_limits<double>::infinity()) return std::sqrt(sum);
  double total = 0;
  for (const Array& a : arrays) {
    if (a.size() == 0) continue;
    const Array size = autograd::map(autograd::ops::Absolute{}, a);
    const double greatest = autograd::array::max(size).item();
    const Array divisor = Array::full({}, greatest, a.dtype());
    const double relative = square_norm(autograd::map(autograd::ops::Div{}, size, divisor));
    if (greatest != 0) total = std::hypot(total, greatest * std::sqrt(relative));
  }
  return total;
}

}  // namespace

void WeightDecay::operator()(UpdateRule&, Parameter& p) const {
  if (has_grad(p)) change(p, updates::AddScaled{rate}, p.array());
}

void Lasso::operator()(UpdateRule&, Parameter& p) const {
  if (has_grad(p)) change(p, updates::AddSign{rate}, p.array());
}

void GradientClipping::operator()(Optimizer& optimizer) const {
  std::vector<Parameter> all = optimizer.params(false);
  std::vector<Array> grads;
  for (const Parameter& p : all)
    if (has_grad(p)) grads.push_back(p.grad());
  const double rate = threshold / norm(grads);
  if (!(rate < 1)) return;
  for (Parameter& p : all)
    if (has_grad(p)) change(p, updates::Scale{rate});
}

void GradientHardClipping::operator()(UpdateRule&, Parameter& p) const {
  if (has_grad(p)) change(p, updates::Bound{lower_bound, upper_bound});
}

void GradientNoise::operator()(UpdateRule& rule, Parameter& p) const {
  if (!has_grad(p)) return;
  if (noise_func)
    return change(p, updates::AddScaled{1}, noise_func(p.shape(), p.dtype(), *this, rule));
  const double deviation = std::sqrt(eta / std::pow(1 + static_cast<double>(rule.t), 0.55));
  Array noise = initializers::Normal(deviation)(p.shape(), p.dtype());
  change(p, updates::AddScaled{1}, noise);
}

void GradientLARS::operator()(UpdateRule&, Parameter& p) const {
  if (!has_grad(p)) return;
  const double p_norm = norm({p.array()}), g_norm = norm({p.grad()});
  const double rate = p_norm > threshold ? p_norm / (eps + g_norm + weight_decay * p_norm) : 1;
  change(p, updates::AddAndScale{weight_decay, rate}, p.array());
}

}  // namespace nn::optimizer_hooks
