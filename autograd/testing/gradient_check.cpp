#include "autograd/testing/gradient_check.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <span>

#include "autograd/base/random.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"

namespace autograd::testing {
namespace {

// The distinct elements of an array: axes with stride 0 are shortened to length 1.
Array stored_part(Array x) {
  if (x.size() == 0) return x;
  for (int axis = 0; axis < x.ndim(); ++axis)
    if (x.strides()[axis] == 0 && x.length(axis) > 1) x = x.slice(axis, 0, 1);
  return x;
}

// A float64 array with the memory layout of `like`. The memory between its elements is NaN.
Array empty_like(const Array& like) {
  const Array part = stored_part(like);
  std::int64_t lowest = 0, highest = 0;
  for (int axis = 0; axis < part.ndim(); ++axis) {
    const std::int64_t reach =
        std::max<std::int64_t>(part.length(axis) - 1, 0) * part.strides()[axis];
    (reach < 0 ? lowest : highest) += reach;
  }
  // The same position within a cache line as the original.
  const std::int64_t lead = ((like.offset() + lowest) % 8 + 8) % 8;
  const Array block = Array::full({lead + highest - lowest + 1},
                                  std::numeric_limits<double>::quiet_NaN(), Dtype::float64);
  return block.as_strided(part.shape(), part.strides(), lead - lowest);
}

// x + t * direction, with the memory layout of x.
Array moved(const Array& x, double t, const Array& direction) {
  Array y = empty_like(x);
  const Array from = stored_part(x).astype(Dtype::float64).contiguous();
  Array sum = from.copy();
  if (direction) {
    const Array step = direction.astype(Dtype::float64).contiguous();
    double* p = sum.mutable_data<double>();
    for (std::int64_t i = 0; i < sum.size(); ++i) p[i] += t * step.data<double>()[i];
  }
  y.assign(sum);
  return y.broadcast_to(x.shape());
}

// A random direction over several arrays together, of length 1. A component near 0 would hide an
// error in the gradient that it is multiplied with. So each component is combined, in the quadratic
// mean, with a hundredth of an equal share. No component is below 0.1 / sqrt(number of components).
Arrays random_direction(random::Generator& generator, const Arrays& like) {
  Arrays direction;
  double norm = 0, count = 0;
  for (const Array& x : like) {
    direction.push_back(x ? Array::empty(stored_part(x).shape(), Dtype::float64) : Array());
    if (!x) continue;
    Array& d = direction.back();
    const std::span<double> values(d.mutable_data<double>(), static_cast<std::size_t>(d.size()));
    generator.standard_normal(values);
    for (double v : values) norm += v * v;
    count += static_cast<double>(d.size());
  }
  for (Array& d : direction) {
    if (!d) continue;
    double* p = d.mutable_data<double>();
    for (std::int64_t i = 0; i < d.size(); ++i)
      p[i] = std::copysign(std::sqrt(0.99 * p[i] * p[i] / norm + 0.01 / count), p[i]);
  }
  return direction;
}

double dot(const Array& a, const Array& b) {
  const Array x = a.astype(Dtype::float64).contiguous(), y = b.astype(Dtype::float64).contiguous();
  long double sum = 0;
  for (std::int64_t i = 0; i < x.size(); ++i)
    sum += static_cast<long double>(x.data<double>()[i]) * y.data<double>()[i];
  return static_cast<double>(sum);
}

// Gives parameters other values while this object lives.
class ParamsScope {
 public:
  explicit ParamsScope(const Variables& params) : params_(params) {
    for (const Variable& p : params_) saved_.push_back(p.array());
  }
  ~ParamsScope() {
    for (std::size_t i = 0; i < params_.size(); ++i) params_[i].set_array(saved_[i]);
  }
  ParamsScope(const ParamsScope&) = delete;
  ParamsScope& operator=(const ParamsScope&) = delete;
  const Arrays& saved() const { return saved_; }

 private:
  Variables params_;
  Arrays saved_;
};

// The function at x + t * direction, for inputs and parameters together.
class Probe {
 public:
  Probe(const Function& f, const Arrays& x, const CheckOptions& options)
      : f_(f), params_(options.params), scope_(params_) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const bool excluded = i < options.no_grads.size() && options.no_grads[i];
      points_.push_back(x[i]);
      moves_.push_back(is_float(x[i].dtype()) && !excluded);
    }
    for (const Array& p : scope_.saved()) {
      points_.push_back(p);
      moves_.push_back(true);
    }
  }

  // The arrays that have a derivative; null for the others.
  Arrays moving() const {
    Arrays list;
    for (std::size_t i = 0; i < points_.size(); ++i)
      list.push_back(moves_[i] ? points_[i] : Array());
    return list;
  }

  // Runs f. Afterwards, `inputs` are the variables that were passed to f, followed by the
  // parameters.
  Variables operator()(double t, const Arrays& direction, Variables* inputs = nullptr) const {
    Variables xs;
    const std::size_t n = points_.size() - params_.size();
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const Array point =
          is_float(points_[i].dtype()) ? moved(points_[i], t, direction[i]) : points_[i];
      if (i < n)
        xs.emplace_back(point, VariableOptions{.requires_grad = moves_[i]});
      else
        Variable(params_[i - n]).set_array(point);
    }
    const Variables ys = f_(xs);
    if (inputs) {
      *inputs = xs;
      inputs->insert(inputs->end(), params_.begin(), params_.end());
    }
    return ys;
  }

 private:
  const Function& f_;
  Variables params_;
  ParamsScope scope_;
  Arrays points_;
  std::vector<bool> moves_;
};

void require_weights(const Variables& ys, const Arrays& y_grad, const std::string& name) {
  if (y_grad.size() != ys.size())
    throw Error(fmt::format("{}: there must be one y_grad for each output, but there are {} for {}",
                            name, y_grad.size(), ys.size()));
  for (std::size_t i = 0; i < ys.size(); ++i)
    if (ys[i] && y_grad[i] && ys[i].shape() != y_grad[i].shape())
      throw Error(fmt::format(
          "{}: a y_grad must have the shape of its output, but output {} is {} and its y_grad {}",
          name, i, describe(ys[i].array()), describe(y_grad[i])));
}

Arrays arrays_of(const Variables& variables) {
  Arrays arrays;
  for (const Variable& v : variables) arrays.push_back(v ? v.array() : Array());
  return arrays;
}

double weighted(const Variables& ys, const Arrays& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < ys.size(); ++i)
    if (ys[i] && weights[i]) sum += dot(ys[i].array(), weights[i]);
  return sum;
}

// The first derivative; returns the values of f.
Arrays compare_directional(const Function& f, const Arrays& x, const Arrays& y_grad,
                           const CheckOptions& options, const char* what) {
  random::Generator generator(options.seed);
  const Probe probe(f, x, options);
  const Arrays direction = random_direction(generator, probe.moving());

  Variables inputs;
  const Variables ys = probe(0, direction, &inputs);
  Arrays weights = y_grad;
  if (weights.empty()) {
    Arrays like;
    for (const Variable& y : ys)
      like.push_back(y && is_float(y.dtype()) ? Array::empty(y.shape(), Dtype::float64) : Array());
    weights = random_direction(generator, like);
  }
  require_weights(ys, weights, options.name);

  Variables outputs, grad_outputs;
  for (std::size_t i = 0; i < ys.size(); ++i)
    if (ys[i] && weights[i] && ys[i].requires_grad()) {
      outputs.push_back(ys[i]);
      grad_outputs.push_back(as_variable(weights[i].astype(ys[i].dtype())));
    }
  double analytic = 0;
  const Variables gradients = grad(outputs, inputs, {.grad_outputs = grad_outputs});
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!gradients[i] || !direction[i]) continue;
    // A repeated element changes at all its positions together.
    analytic += dot(gradients[i].array(), direction[i].broadcast_to(inputs[i].shape()));
  }

  const auto difference = [&](double h) {
    return (weighted(probe(h, direction), weights) - weighted(probe(-h, direction), weights)) /
           (2 * h);
  };
  const double coarse = difference(options.eps), fine = difference(options.eps / 2);
  const double numeric = (4 * fine - coarse) / 3;
  const double allowed = options.atol + options.rtol * std::abs(numeric);
  const double apart = std::abs(analytic - numeric);
  if (!(apart <= allowed))
    throw Error(
        fmt::format("{}: {} must agree with central differences, but along a random direction it "
                    "is {:.12g} and central differences give {:.12g}, a difference of {:.2g} where "
                    "{:.2g} is allowed (steps {:g} and {:g} alone: {:.6g} and {:.6g})",
                    options.name, what, analytic, numeric, apart, allowed, options.eps,
                    options.eps / 2, coarse, fine));
  return arrays_of(ys);
}

}  // namespace

Arrays numerical_grad(const Function& f, const Arrays& inputs, const Arrays& grad_outputs,
                      double eps) {
  const ConfigScope recording = no_backprop_mode();
  Arrays gradients;
  for (const Array& x : inputs) gradients.push_back(Array::zeros(x.shape(), Dtype::float64));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!is_float(inputs[i].dtype())) continue;
    double* g = gradients[i].mutable_data<double>();
    for (std::int64_t k = 0; k < inputs[i].size(); ++k) {
      const auto value = [&](double step) {
        Variables xs;
        for (const Array& x : inputs)
          xs.emplace_back(is_float(x.dtype()) ? x.astype(Dtype::float64) : x);
        Array changed = inputs[i].astype(Dtype::float64).copy();
        changed.mutable_data<double>()[k] += step;
        xs[i] = Variable(changed);
        const Variables ys = f(xs);
        require_weights(ys, grad_outputs, "numerical_grad");
        return weighted(ys, grad_outputs);
      };
      g[k] = (value(eps) - value(-eps)) / (2 * eps);
    }
  }
  return gradients;
}

void check_backward(const Function& f, const Arrays& x, const Arrays& y_grad,
                    const CheckOptions& options) {
  compare_directional(f, x, y_grad, options, "the gradient");
}

void check_double_backward(const Function& f, const Arrays& x, const Arrays& y_grad,
                           const Arrays& x_grad_grad, const CheckOptions& options) {
  random::Generator generator(options.seed + 1);
  Arrays weights = y_grad;
  if (weights.empty()) {
    const Probe probe(f, x, options);
    Arrays like;
    for (const Variable& y : probe(0, Arrays(x.size() + options.params.size())))
      like.push_back(y && y.requires_grad() ? Array::empty(y.shape(), Dtype::float64) : Array());
    weights = random_direction(generator, like);
  }
  // The arguments of the gradient as a function: the inputs and the given output gradients.
  Arrays points = x;
  CheckOptions inner = options;
  inner.no_grads.resize(x.size());
  for (const Array& w : weights)
    if (w) points.push_back(w), inner.no_grads.push_back(false);
  const auto gradient = [&](const Variables& given) {
    const Variables xs(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(x.size()));
    const ConfigScope recording = force_backprop_mode();
    const Variables ys = f(xs);
    require_weights(ys, weights, options.name);
    Variables outputs, grad_outputs, wanted;
    std::size_t next = x.size();
    for (std::size_t i = 0; i < ys.size(); ++i) {
      if (!weights[i]) continue;
      outputs.push_back(ys[i]);
      grad_outputs.push_back(given[next++]);
    }
    for (std::size_t i = 0; i < xs.size(); ++i)
      if (xs[i].requires_grad()) wanted.push_back(xs[i]);
    wanted.insert(wanted.end(), options.params.begin(), options.params.end());
    return grad(outputs, wanted, {.create_graph = true, .grad_outputs = grad_outputs});
  };
  compare_directional(gradient, points, x_grad_grad, inner, "the gradient of the gradient");
}

std::vector<Layout> layouts(const Array& x) {
  // Views of blocks whose other elements are NaN (0 for integers).
  const auto block = [&](const Shape& shape) {
    return Array::full(shape, is_float(x.dtype()) ? std::numeric_limits<double>::quiet_NaN() : 0,
                       x.dtype());
  };
  std::vector<Layout> list{{"contiguous", x.copy()}};
  const auto add = [&](const std::string& name, Array view) {
    view.assign(x);
    list.push_back({name, view});
  };
  {
    Array flat = block({x.size() + 1});
    add("off by one element", flat.as_strided(x.shape(), contiguous_strides(x.shape()), 1));
  }
  if (x.ndim() == 0) return list;
  if (x.ndim() > 1) {
    Shape reversed = x.shape();
    for (int i = 0; i < x.ndim(); ++i) reversed[i] = x.length(x.ndim() - 1 - i);
    add("transposed", block(reversed).transpose());
    add("last axes swapped", [&] {
      Shape swapped = x.shape();
      std::swap(swapped[x.ndim() - 1], swapped[x.ndim() - 2]);
      return block(swapped).swapaxes(-1, -2);
    }());
  }
  for (int axis : {0, x.ndim() - 1}) {
    if (axis > 0 || x.ndim() == 1) {
      Shape wider = x.shape();
      wider[axis] = 2 * wider[axis] + 1;
      add("every second element", block(wider).slice(axis, 1, x.length(axis), 2));
      add("backwards", block(x.shape()).slice(axis, x.length(axis) - 1, x.length(axis), -1));
    } else {
      Shape longer = x.shape();
      longer[axis] += 2;
      add("part of a larger array", block(longer).slice(axis, 1, x.length(axis)));
    }
  }
  return list;
}

static void check_case(const FunctionCase& c, const Arrays& x, const std::string& layout,
                       const Arrays& expected) {
  CheckOptions options = c.options;
  options.name += ", " + layout;
  const Arrays ys = compare_directional(c.f, x, {}, options, "the gradient");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    try {
      if (expected[i]) assert_allclose(ys[i], expected[i], options.atol, options.rtol);
    } catch (const Error& e) {
      throw Error(fmt::format("{}: output {} must not depend on the layout of the inputs, but {}",
                              options.name, i, e.what()));
    }
  }
  if (c.double_backward) check_double_backward(c.f, x, {}, {}, options);
}

void check_function(const FunctionCase& c) {
  Arrays contiguous;
  for (const Array& x : c.x) contiguous.push_back(x.copy());
  Variables inputs;
  for (const Array& x : contiguous)
    inputs.emplace_back(is_float(x.dtype()) ? x.astype(Dtype::float64) : x);
  const Arrays expected = arrays_of(c.f(inputs));
  check_case(c, contiguous, "contiguous", expected);

  const auto with = [&](std::size_t i, const Array& x) {
    Arrays changed = contiguous;
    changed[i] = x;
    return changed;
  };
  for (std::size_t i = 0; i < c.x.size(); ++i) {
    for (const Layout& layout : layouts(c.x[i]))
      if (layout.name != "contiguous")
        check_case(c, with(i, layout.array), fmt::format("input {} {}", i, layout.name), expected);
    const Array& x = contiguous[i];
    if (!is_float(x.dtype())) continue;
    for (int axis = 0; axis < x.ndim(); ++axis)
      if (x.length(axis) > 1)
        check_case(c, with(i, x.slice(axis, 0, 1).broadcast_to(x.shape())),
                   fmt::format("input {} repeated along axis {}", i, axis), {});
  }
  const auto all_with = [&](const std::string& name, const auto& change) {
    Arrays changed;
    for (const Array& x : contiguous) changed.push_back(change(x));
    check_case(c, changed, name, {});
  };
  if (c.empty_batch)
    all_with("an empty batch", [](const Array& x) { return x.ndim() > 0 ? x.slice(0, 0, 0) : x; });
  if (!c.elementwise) return;
  const auto first = [](const Array& x) { return x.flatten().slice(0, 0, 1).reshape({}); };
  all_with("0-d", first);
  all_with("empty", [&](const Array& x) { return first(x).broadcast_to({0}).copy(); });
  all_with("empty within", [&](const Array& x) { return first(x).broadcast_to({2, 0, 3}).copy(); });
  for (std::size_t i = 0; c.x.size() > 1 && i < c.x.size(); ++i) {
    check_case(c, with(i, first(contiguous[i])), fmt::format("input {} 0-d", i), {});
    const Array& x = contiguous[i];
    if (x.ndim() == 0) continue;
    check_case(c, with(i, x.slice(0, 0, 1)),
               fmt::format("input {} broadcast along its first axis", i), {});
    check_case(c, with(i, x.slice(x.ndim() - 1, 0, 1)),
               fmt::format("input {} broadcast along its last axis", i), {});
    check_case(c, with(i, x.select(0, 0)), fmt::format("input {} without its first axis", i), {});
    if (x.ndim() < kMaxDims)
      check_case(c, with(i, x.expand_dims(0)), fmt::format("input {} with another axis", i), {});
  }
}

void assert_allclose(const Array& actual, const Array& expected, double atol, double rtol) {
  if (actual.shape() != expected.shape())
    throw Error(
        fmt::format("assert_allclose: both arrays must have one shape, but they are {} and {}",
                    describe(actual), describe(expected)));
  const std::vector<double> a = actual.to_vector<double>(), b = expected.to_vector<double>();
  std::size_t count = 0, worst = 0;
  double excess = -1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    const double over = std::abs(a[i] - b[i]) - (atol + rtol * std::abs(b[i]));
    if (over <= 0) continue;
    ++count;
    if (std::isnan(over) || over > excess)
      worst = i, excess = std::isnan(over) ? std::numeric_limits<double>::infinity() : over;
  }
  if (count == 0) return;
  Shape at = expected.shape();
  for (std::int64_t axis = at.ndim() - 1, rest = static_cast<std::int64_t>(worst); axis >= 0;
       --axis) {
    const int k = static_cast<int>(axis);
    at[k] = rest % expected.length(k);
    rest /= expected.length(k);
  }
  throw Error(
      fmt::format("assert_allclose: the arrays must agree within {:g} + {:g} |expected|, but {} of "
                  "{} elements do not, and at {} the value is {:.9g} where {:.9g} is expected",
                  atol, rtol, count, a.size(), to_string(at), a[worst], b[worst]));
}

}  // namespace autograd::testing
