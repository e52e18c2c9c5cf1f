#include "autograd/functions/math/reduction.h"

#include <fmt/format.h>

#include <limits>

#include "autograd/array/compare.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/array/softmax.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/support/elementwise.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A reduction over axes.
class Reduction : public FunctionNode {
 public:
  Reduction(const Axes& axes, bool keepdims) : axes_(axes), keepdims_(keepdims) {}

 protected:
  Attributes attributes() const override { return {{"axis", axes_}, {"keepdims", keepdims_}}; }

  // The input's shape with length 1 where it was reduced, in which results and gradients broadcast
  // to it.
  Shape kept() const {
    const Shape& shape = input_shape(0);
    return reduced_shape(shape, axes_.flags(name(), shape.ndim()), true);
  }

  Axes axes_;
  bool keepdims_;
};

class Sum final : public Reduction {
 public:
  using Reduction::Reduction;

 private:
  std::string_view name() const override { return "sum"; }
  std::string label() const override { return "Sum"; }
  Array forward(const Inputs& x) override { return array::sum(x[0], axes_, keepdims_); }
  Grads backward(const Variable& gy) override {
    return {broadcast_to(reshape(gy, kept()), input_shape(0))};
  }
};

class Mean final : public Reduction {
 public:
  using Reduction::Reduction;

 private:
  std::string_view name() const override { return "mean"; }
  std::string label() const override { return "Mean"; }
  Array forward(const Inputs& x) override {
    const Axes::Flags reduced = axes_.flags("mean", x[0].ndim());
    for (int i = 0; i < x[0].ndim(); ++i)
      if (reduced[i]) count_ *= static_cast<double>(x[0].length(i));
    const Array total = array::sum(x[0], axes_, keepdims_);
    const Array y = map(ops::Div{}, total, Array::full({}, count_, total.dtype()));
    if (count_ == 0 || array::all_finite(y))
      return y;  // else the sum may have overflowed where the mean does not
    return array::or_else(y, array::sum(map(ops::MulConstant{1 / count_}, x[0]), axes_, keepdims_));
  }
  Grads backward(const Variable& gy) override {
    return {broadcast_to(reshape(gy * (1 / count_), kept()), input_shape(0))};
  }

  double count_ = 1;
};

template <bool kGreatest>
class Extreme final : public Reduction {
 public:
  using Reduction::Reduction;

 private:
  std::string_view name() const override { return kGreatest ? "max" : "min"; }
  std::string label() const override { return kGreatest ? "Max" : "Min"; }
  Array forward(const Inputs& x) override {
    Check(name(), {{"x", x[0]}}).floats();
    retain_inputs({0});
    retain_outputs({0});
    return kGreatest ? array::max(x[0], axes_, keepdims_) : array::min(x[0], axes_, keepdims_);
  }
  Grads backward(const Variable& gy) override {
    const Array y = retained_output(0).array().reshape(kept());
    const Condition taken{array::equal(retained_input(0).array(), y), gy.dtype()};
    return {select(taken, reshape(gy, kept()), 0)};
  }
};

class LogSumExp final : public Reduction {
 public:
  explicit LogSumExp(const Axes& axes) : Reduction(axes, false) {}

 private:
  std::string_view name() const override { return "logsumexp"; }
  std::string label() const override { return "LogSumExp"; }
  Array forward(const Inputs& x) override {
    Check("logsumexp", {{"x", x[0]}}).floats();
    retain_inputs({0});
    sum_ = array::exp_sum(x[0], axes_);
    return array::logsumexp(sum_).reshape(
        reduced_shape(x[0].shape(), axes_.flags("logsumexp", x[0].ndim()), false));
  }
  Grads backward(const Variable& gy) override {
    const Variable x = retained_input(0), g = reshape(gy, kept());
    if (!config().enable_backprop)
      return {Variable(array::logsumexp_gradient(x.array(), sum_, g.array()))};
    // Beside an infinite element all shares are constants.
    const Array finite = array::not_equal(sum_.shift, Array::full({}, kInfinity, x.dtype()));
    const Variable shift =
        as_variable(array::where(finite, sum_.shift, Array::zeros({}, x.dtype())));
    const Variable powers =
        elementwise(ops::ExpDifference{}, where(finite, x, array::only_infinite(x.array())), shift);
    return {g * (powers / autograd::sum(powers, axes_, true))};
  }

  array::ExpSum sum_;
};

class SumTo final : public FunctionNode {
 public:
  explicit SumTo(const Shape& shape) : shape_(shape) {}

 private:
  std::string_view name() const override { return "sum_to"; }
  std::string label() const override { return "SumTo"; }
  Attributes attributes() const override { return {{"shape", shape_}}; }
  Array forward(const Inputs& x) override { return array::sum_to(x[0], shape_); }
  Grads backward(const Variable& gy) override { return {broadcast_to(gy, input_shape(0))}; }

  Shape shape_;
};

class BroadcastTo final : public FunctionNode {
 public:
  explicit BroadcastTo(const Shape& shape) : shape_(shape) {}

 private:
  std::string_view name() const override { return "broadcast_to"; }
  std::string label() const override { return "BroadcastTo"; }
  Attributes attributes() const override { return {{"shape", shape_}}; }
  Array forward(const Inputs& x) override { return x[0].broadcast_to(shape_); }
  Grads backward(const Variable& gy) override { return {sum_to(gy, input_shape(0))}; }

  Shape shape_;
};

}  // namespace

Variable sum(const Variable& x, const Axes& axes, bool keepdims) {
  if (!is_float(x.dtype())) return as_variable(array::sum(x.array(), axes, keepdims));
  return apply<Sum>({x}, axes, keepdims);
}

Variable mean(const Variable& x, const Axes& axes, bool keepdims) {
  return apply<Mean>({x}, axes, keepdims);
}

Variable average(const Variable& x, const Axes& axes, const Variable& weights, bool keepdims) {
  if (!weights) return mean(x, axes, keepdims);
  const Axes::Flags flags = axes.flags("average", x.ndim());
  Shape shape = Shape::filled(x.ndim(), 1);
  for (int i = 0; i < x.ndim(); ++i)
    if (flags[i]) shape[i] = x.length(i);
  Check("average", {{"x", x}, {"weights", weights}})
      .floats()
      .that(axes.size() <= 1, "with weights, at most one axis may be listed")
      .that(axes.all() ? weights.shape() == x.shape()
                       : weights.ndim() <= 1 && weights.size() == shape.elements(),
            axes.all() ? "the weights must have x's shape"
                       : "the number of weights must be the length of the axis");
  // Only the weights' ratios count. Small ones are brought to 1, which rounds nothing: their
  // products with x would vanish.
  Variable w = weights;
  if (w.size() > 0) {
    const Array scale = array::binary_scale(w.array()).reshape({});
    if (scale.item() < 0x1p-32) w = w / Variable(scale);
  }
  const Variable total = sum(w), y = sum(x * reshape(w, shape), axes, keepdims) / total;
  if (array::all_finite(y.array()) && array::all_finite(total.array())) return y;
  // Great ones are brought there only where a product has overflowed, or the sum.
  w = w / Variable(array::binary_scale(w.array()).reshape({}));
  return sum(x * reshape(w / sum(w), shape), axes, keepdims);
}

Variable max(const Variable& x, const Axes& axes, bool keepdims) {
  return apply<Extreme<true>>({x}, axes, keepdims);
}
Variable min(const Variable& x, const Axes& axes, bool keepdims) {
  return apply<Extreme<false>>({x}, axes, keepdims);
}
Array argmax(const Variable& x, std::optional<int> axis) { return array::argmax(x.array(), axis); }
Array argmin(const Variable& x, std::optional<int> axis) { return array::argmin(x.array(), axis); }

Variable LogsumexpFunction::operator()(const Variable& x, const Axes& axes) const {
  return apply<LogSumExp>({x}, axes);
}

Variable batch_l2_norm_squared(const Variable& x) {
  Check("batch_l2_norm_squared", {{"x", x}})
      .floats()
      .that(x.ndim() >= 2, "x must have at least 2 axes");
  const std::int64_t batch = x.length(0), features = x.shape().slice(1, x.ndim()).elements();
  return sum(square(reshape(x, {batch, features})), 1);
}

Variable sum_to(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : apply<SumTo>({x}, shape);
}

Variable broadcast_to(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : apply<BroadcastTo>({x}, shape);
}

}  // namespace autograd::inline functions
