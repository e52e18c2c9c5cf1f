#include "autograd/functions/normalization/normalization.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/map.h"
#include "autograd/array/normalize.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/pooling/pooling.h"
#include "autograd/functions/support/norm.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/config.h"

namespace autograd::inline functions {
namespace {

using array::Channels;
using array::ChannelStatistics;

// What is normalized together.
struct Groups {
  Channels channels;
  Axes axes;       // those that a mean is taken over
  Shape expanded;  // what gamma is reshaped to, to broadcast to x

  Variable expand(const Variable& v) const { return reshape(v, expanded); }
  Variable sum(const Variable& v) const { return autograd::sum(v, axes, true); }
};

Variable or_zeros(const Variable& v, const Shape& shape, Dtype dtype) {
  return v ? v : Variable(Array::zeros(shape, dtype), {.requires_grad = false});
}

// The first derivatives of BatchNormalization, as a function of x, gamma and gy.
class BatchNormalizationGrad final : public FunctionNode {
 public:
  BatchNormalizationGrad(const FunctionName& named, const Groups& groups, double eps,
                         const ChannelStatistics& statistics)
      : named_(named), groups_(groups), eps_(eps), statistics_(statistics) {}

 private:
  std::string_view name() const override { return named_.name; }
  std::string label() const override { return fmt::format("{}Grad", named_.label); }
  Attributes attributes() const override { return {{"eps", eps_}, {"axis", groups_.axes}}; }
  Outputs forward_all(const Inputs& x) override {
    retain_inputs({0, 1, 2});
    const array::NormalizeGrads g =
        array::normalize_grads(x[0], x[2], groups_.channels, statistics_, x[1]);
    return {g.x, g.gamma, g.beta};
  }
  Grads backward_all(const Variables& gys) override;

  FunctionName named_;
  Groups groups_;
  double eps_;
  ChannelStatistics statistics_;
};

// With h = (x - mean) / s', s = 1 / s' = 1 / sqrt(var + eps), sums over what is normalized together
// and a, b, c the gradients that arrive for
//   gx = gamma s (gy - (h sum(gy h) + sum(gy)) / m),  ggamma = sum(gy h),  gbeta = sum(gy),
// the function G = <a, gx> + <b, ggamma> + <c, gbeta> is linear in gy and in gamma, and depends on
// x through h and s. s and h are written as functions of x, so that there are third derivatives,
// too.
Grads BatchNormalizationGrad::backward_all(const Variables& gys) {
  const Variable x = retained_input(0), gamma = groups_.expand(retained_input(1)),
                 gy = retained_input(2);
  const Variable a = or_zeros(gys[0], x.shape(), x.dtype()),
                 b = or_zeros(gys[1] ? groups_.expand(gys[1]) : gys[1], gamma.shape(), x.dtype()),
                 c = or_zeros(gys[2] ? groups_.expand(gys[2]) : gys[2], gamma.shape(), x.dtype());
  const auto m = static_cast<double>(std::max<std::int64_t>(1, groups_.channels.elements_each()));
  const auto total = [&](const Variable& v) { return groups_.sum(v); };

  const Variable distance = x - total(x) / m;
  const Variable s = 1 / sqrt(total(square(distance)) / m + eps_), h = distance * s;
  const Variable factor = gamma * s, ah = total(a * h), a1 = total(a), gh = total(gy * h),
                 g1 = total(gy);
  const Variable along_h = b - factor * ah / m;  // dG/dgy = along_h h + ...
  const Variable ggy = along_h * h + (c - factor * a1 / m) + factor * a;
  const Variable ggamma = s * (total(a * gy) - (gh * ah + g1 * a1) / m);
  // dG/dh, and what it and dG/ds make of x.
  const Variable gh2 = along_h * gy - factor * gh / m * a;
  const Variable gx = s * (gh2 - (total(gh2) + h * (gamma * ggamma + total(h * gh2))) / m);
  return {gx, reshape(ggamma, input_shape(1)), ggy};
}

class BatchNormalization final : public FunctionNode {
 public:
  BatchNormalization(const FunctionName& named, const Groups& groups, double eps)
      : named_(named), groups_(groups), eps_(eps) {}
  const ChannelStatistics& statistics() const { return statistics_; }

 private:
  std::string_view name() const override { return named_.name; }
  std::string label() const override { return std::string(named_.label); }
  Attributes attributes() const override { return {{"eps", eps_}, {"axis", groups_.axes}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    statistics_ = array::channel_statistics(x[0], groups_.channels, eps_);
    return array::normalize(x[0], groups_.channels, statistics_, x[1], x[2]);
  }
  Grads backward(const Variable& gy) override {
    const Variables inputs{retained_input(0), retained_input(1), gy};
    return apply_all<BatchNormalizationGrad>(inputs, named_, groups_, eps_, statistics_);
  }

  FunctionName named_;
  Groups groups_;
  double eps_;
  ChannelStatistics statistics_;
};

class LayerNormalization final : public FunctionNode {
 public:
  explicit LayerNormalization(double eps) : eps_(eps) {}

 private:
  std::string_view name() const override { return "layer_normalization"; }
  std::string label() const override { return "LayerNormalization"; }
  Attributes attributes() const override { return {{"eps", eps_}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    array::NormalizedRows rows = array::normalize_rows(x[0], x[1], x[2], eps_);
    statistics_ = rows.statistics;
    return rows.y;
  }
  Grads backward(const Variable& gy) override {
    const Variable x = retained_input(0), gamma = retained_input(1);
    if (!config().enable_backprop) {
      const array::NormalizeGrads g =
          array::normalize_rows_grads(x.array(), gy.array(), gamma.array(), statistics_);
      return {as_variable(g.x), as_variable(g.gamma), as_variable(g.beta)};
    }
    // The same with functions that have derivatives of their own.
    const auto total = [](const Variable& v) { return sum(v, 1, true); };
    const double n = static_cast<double>(x.length(1));
    const Variable distance = x - total(x) / n;
    const Variable s = 1 / sqrt(total(square(distance)) / n + eps_), h = distance * s;
    return when_needed(
        [&] {
          const Variable g = gy * gamma;
          return s * (g - (h * total(g * h) + total(g)) / n);
        },
        [&] { return sum(gy * h, 0); }, [&] { return sum(gy, 0); });
  }

  double eps_;
  array::RowStatistics statistics_;
};

class FixedBatchNormalization final : public FunctionNode {
 public:
  FixedBatchNormalization(const Groups& groups, double eps) : groups_(groups), eps_(eps) {}

 private:
  std::string_view name() const override { return "fixed_batch_normalization"; }
  std::string label() const override { return "FixedBatchNormalization"; }
  Attributes attributes() const override { return {{"eps", eps_}, {"axis", groups_.axes}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1, 3, 4});
    return array::normalize(x[0], groups_.channels, array::given_statistics(x[3], x[4], eps_), x[1],
                            x[2]);
  }
  Grads backward(const Variable& gy) override {
    const Variable gamma = groups_.expand(retained_input(1));
    const Variable s = 1 / sqrt(groups_.expand(retained_input(4)) + eps_);
    const auto total = [&](const Variable& v) { return groups_.sum(v); };
    const auto to_gamma = [&] {
      return total(gy * (retained_input(0) - groups_.expand(retained_input(3)))) * s;
    };
    const auto narrow = [&](const Variable& v) { return reshape(v, input_shape(1)); };
    return when_needed([&] { return gy * (gamma * s); }, [&] { return narrow(to_gamma()); },
                       [&] { return narrow(total(gy)); },
                       [&] { return narrow(-(gamma * s * total(gy))); },
                       [&] { return narrow(-0.5 * square(s) * gamma * to_gamma()); });
  }

  Groups groups_;
  double eps_;
};

// x with the channels' axes side by side, and how it is normalized there.
struct Arranged {
  Variable x;
  Groups groups;
  std::vector<int> order;  // of the axes; empty if they are where they were

  Variable back(const Variable& y) const {
    if (order.empty()) return y;
    std::vector<int> inverse(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      inverse[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    return transpose(y, Axes(inverse));
  }
};

// Checks what batch_normalization and its fixed form are given; `each` are what has a number for
// each channel.
Arranged arrange(std::string_view op, const Variable& x, const Variable& gamma, const Axes& axis,
                 std::initializer_list<Fact> facts) {
  Check(op, facts).floats();
  std::vector<int> axes, kept;
  Shape shape;
  Axes::Flags reduced;
  if (axis.all()) {
    for (int i = 0; i < x.ndim(); ++i) reduced.at[i] = i == 0 || i > gamma.ndim();
  } else {
    reduced = axis.flags(op, x.ndim());
  }
  for (int i = 0; i < x.ndim(); ++i) {
    (reduced[i] ? axes : kept).push_back(i);
    if (!reduced[i]) shape.push_back(x.length(i));
  }
  for (const Fact& f : facts)
    if (f.name != "x" && !(*f.shape == shape))
      Check(op, facts).fail(
          fmt::format("{} must have the shape {}, that of the channels", f.name, to_string(shape)));
  const bool together =
      kept.empty() || kept.back() - kept.front() + 1 == static_cast<int>(kept.size());
  Arranged a{x, {}, {}};
  if (!together) {
    a.order = axes;
    a.order.insert(a.order.end(), kept.begin(), kept.end());
    a.x = transpose(x, Axes(a.order));
    for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<int>(i);
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<int>(axes.size() + i);
  }
  Groups& g = a.groups;
  g.axes = Axes(axes);
  g.expanded = Shape::filled(x.ndim(), 1);
  for (int i = 0; i < x.ndim(); ++i) {
    const std::int64_t length = a.x.length(i);
    if (std::find(kept.begin(), kept.end(), i) != kept.end()) {
      g.channels.channels *= length;
      g.expanded[i] = length;
    } else {
      (kept.empty() || i > kept.back() ? g.channels.inner : g.channels.outer) *= length;
    }
  }
  if (g.channels.channels == 1) {
    g.channels.inner *= g.channels.outer;
    g.channels.outer = 1;
  }
  return a;
}

// running = decay running + (1 - decay) factor value, in place.
void update_running(Array running, double decay, double factor, const Array& value) {
  const Array old = map(ops::MulConstant{decay}, running.astype(Dtype::float64));
  const Array added = map(ops::MulConstant{(1 - decay) * factor}, value.reshape(running.shape()));
  running.assign(map(ops::Add{}, old, added));
}

// Each row of x, (rows, length), with mean 0 and variance 1.
Variable standardized_rows(const FunctionName& named, const Variable& x, double eps) {
  const Groups groups{{1, x.length(0), x.length(1)}, 1, {x.length(0), 1}};
  return apply<BatchNormalization>(
      {x, Array::full({x.length(0)}, 1, x.dtype()), Array::zeros({x.length(0)}, x.dtype())}, named,
      groups, eps);
}

}  // namespace

Variable batch_normalization(const Variable& x, const Variable& gamma, const Variable& beta,
                             const BatchNormalizationOptions& o) {
  constexpr FunctionName named{"batch_normalization", "BatchNormalization"};
  const Arranged a =
      arrange(named.name, x, gamma, o.axis, {{"x", x}, {"gamma", gamma}, {"beta", beta}});
  if (static_cast<bool>(o.running_mean) != static_cast<bool>(o.running_var))
    throw Error(
        "batch_normalization: running_mean and running_var must be given both or not at all, but "
        "one is missing");
  if (o.running_mean)
    Check(named.name,
          {{"gamma", gamma}, {"running_mean", o.running_mean}, {"running_var", o.running_var}})
        .floats()
        .same_shape();
  const auto f = make_ref<BatchNormalization>(named, a.groups, o.eps);
  const Variable y = FunctionNode::call(f, {a.x, gamma, beta})[0];
  const auto m = static_cast<double>(a.groups.channels.elements_each());
  if (o.running_mean && m > 0) {
    update_running(o.running_mean, o.decay, 1, f->statistics().mean);
    update_running(o.running_var, o.decay, m / std::max(m - 1, 1.0), f->statistics().var);
  }
  return a.back(y);
}

Variable fixed_batch_normalization(const Variable& x, const Variable& gamma, const Variable& beta,
                                   const Variable& mean, const Variable& var, double eps,
                                   const Axes& axis) {
  const Arranged a =
      arrange("fixed_batch_normalization", x, gamma, axis,
              {{"x", x}, {"gamma", gamma}, {"beta", beta}, {"mean", mean}, {"var", var}});
  return a.back(apply<FixedBatchNormalization>({a.x, gamma, beta, mean, var}, a.groups, eps));
}

Variable layer_normalization(const Variable& x, const Variable& gamma, const Variable& beta,
                             double eps) {
  Check("layer_normalization", {{"x", x}, {"gamma", gamma}, {"beta", beta}})
      .floats()
      .that(x.ndim() == 2, "x must have 2 axes")
      .that(gamma.ndim() == 1 && gamma.shape() == beta.shape() && gamma.length(0) == x.length(1),
            "gamma and beta must be (x.shape[1])");
  return apply<LayerNormalization>({x, gamma, beta}, eps);
}

Variable group_normalization(const Variable& x, int groups, const Variable& gamma,
                             const Variable& beta, double eps) {
  Check("group_normalization", {{"x", x}, {"gamma", gamma}, {"beta", beta}})
      .floats()
      .that(x.ndim() >= 2, "x must have at least 2 axes")
      .that(gamma.ndim() == 1 && gamma.shape() == beta.shape() && gamma.length(0) == x.length(1),
            "gamma and beta must be (x.shape[1])");
  if (groups < 1 || x.length(1) % groups != 0)
    Check("group_normalization", {{"x", x}})
        .fail(fmt::format("the channels must be divisible into {} groups", groups));
  const std::int64_t features = x.shape().slice(1, x.ndim()).elements();
  const Variable rows = reshape(x, {x.length(0) * groups, features / groups});
  const Variable y = reshape(
      standardized_rows({"group_normalization", "GroupNormalization"}, rows, eps), x.shape());
  return bias(scale(y, gamma), beta);
}

Variable LocalResponseNormalizationFunction::operator()(
    const Variable& x, const LocalResponseNormalizationOptions& o) const {
  Check("local_response_normalization", {{"x", x}})
      .floats()
      .that(x.ndim() >= 2, "x must have at least 2 axes");
  if (o.n < 1)
    throw Error(
        fmt::format("local_response_normalization: n must be at least 1, but it is {}", o.n));
  const std::int64_t places = x.shape().slice(2, x.ndim()).elements(), half = o.n / 2;
  const std::int64_t window = 2 * half + 1;
  const Variable squares = reshape(square(x), {x.length(0), 1, x.length(1), places});
  const Variable sums = unpooling_2d(
      squares, {window, 1},
      {.stride = 1, .pad = {half, 0}, .outsize = {{x.length(1), places}}, .cover_all = false});
  return x * exp(log(reshape(sums, x.shape()) * o.alpha + o.k) * -o.beta);
}

Variable normalize(const Variable& x, double eps, const Axes& axis) {
  Check("normalize", {{"x", x}}).floats();
  axis.flags("normalize", x.ndim());
  if (x.size() == 0) return x / (root_of_squares(x, axis) + eps);
  // Both sides of the quotient over a power of two, so that no square and no norm overflows.
  const Variable scale = as_variable(array::binary_scale(x.array(), axis)), scaled = x / scale;
  return scaled / (root_of_squares(scaled, axis) + eps / scale);
}

}  // namespace autograd::inline functions
