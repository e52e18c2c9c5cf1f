#include "autograd/functions/activation/activation.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/array/softmax.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/support/align.h"
#include "autograd/functions/support/elementwise.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

class Softmax final : public FunctionNode {
 public:
  explicit Softmax(int axis) : axis_(axis) {}

 private:
  std::string_view name() const override { return "softmax"; }
  std::string label() const override { return "Softmax"; }
  Attributes attributes() const override { return {{"axis", axis_}}; }
  Array forward(const Inputs& x) override {
    retain_outputs({0});
    return array::softmax(x[0], axis_);
  }
  Grads backward(const Variable& gy) override {
    const Variable y = retained_output(0);
    if (!config().enable_backprop)
      return {Variable(array::softmax_gradient(y.array(), gy.array(), axis_))};
    return {y * (gy - sum(y * gy, axis_, true))};
  }

  int axis_;
};

class LogSoftmax final : public FunctionNode {
 public:
  explicit LogSoftmax(int axis) : axis_(axis) {}

 private:
  std::string_view name() const override { return "log_softmax"; }
  std::string label() const override { return "LogSoftmax"; }
  Attributes attributes() const override { return {{"axis", axis_}}; }
  Array forward(const Inputs& x) override {
    retain_outputs({0});
    return array::log_softmax(x[0], axis_);
  }
  Grads backward(const Variable& gy) override {
    const Variable y = retained_output(0);
    if (!config().enable_backprop)
      return {Variable(array::log_softmax_gradient(y.array(), gy.array(), axis_))};
    return {gy - exp(y) * sum(gy, axis_, true)};
  }

  int axis_;
};

}  // namespace

Variable sigmoid(const Variable& x) { return elementwise(ops::Sigmoid{}, x); }
Variable tanh(const Variable& x) { return elementwise(ops::Tanh{}, x); }
Variable relu(const Variable& x) { return elementwise(ops::Relu{}, x); }
Variable hard_sigmoid(const Variable& x) { return elementwise(ops::HardSigmoid{}, x); }
Variable SoftplusFunction::operator()(const Variable& x, double beta) const {
  return elementwise(ops::Softplus{beta}, x);
}
Variable LeakyReluFunction::operator()(const Variable& x, double slope) const {
  return elementwise(ops::LeakyRelu{slope}, x);
}
Variable EluFunction::operator()(const Variable& x, double alpha) const {
  return elementwise(ops::Elu{alpha}, x);
}
Variable ClippedReluFunction::operator()(const Variable& x, double z) const {
  return elementwise(ops::ClippedRelu{z}, x);
}

Variable SeluFunction::operator()(const Variable& x, double alpha, double scale) const {
  return elu(x, alpha) * scale;
}
Variable prelu(const Variable& x, const Variable& W) {
  return elementwise(ops::Prelu{}, x, aligned("prelu", "W", W, x));
}
Variable swish(const Variable& x, const Variable& beta) {
  return elementwise(ops::Swish{}, x, aligned("swish", "beta", beta, x));
}

RreluDraw rrelu_with_r(const Variable& x, double l, double u, const RreluOptions& options,
                       random::Generator& generator) {
  if (!(0 <= l && l < u && u < 1))
    throw Error(fmt::format("rrelu: l and u must be 0 <= l < u < 1, but they are {} and {}", l, u));
  Check("rrelu", {{"x", x}}).floats();
  Array r = options.r;
  if (!config().train) {
    r = Array::full(x.shape(), (l + u) / 2, x.dtype());
  } else if (r) {
    Check("rrelu", {{"x", x}, {"r", r}}).same_dtype().same_shape();
  } else {
    const Array drawn = array::rand(x.shape(), Dtype::float64, generator);
    r = map(ops::AddConstant{l}, map(ops::MulConstant{u - l}, drawn)).astype(x.dtype());
  }
  const Array zero = Array::zeros({}, x.dtype()), one = Array::full({}, 1, x.dtype());
  return {x * array::where(array::greater_equal(x.array(), zero), one, r), r};
}

Variable RreluFunction::operator()(const Variable& x, double l, double u,
                                   const RreluOptions& options,
                                   random::Generator& generator) const {
  return rrelu_with_r(x, l, u, options, generator).y;
}

Variable CreluFunction::operator()(const Variable& x, int axis) const {
  return concat({relu(x), relu(-x)}, axis);
}

Variable maxout(const Variable& x, int pool_size, int axis) {
  axis = normalize_axis("maxout", axis, x.ndim());
  if (pool_size < 1 || x.length(axis) % pool_size != 0)
    Check("maxout", {{"x", x}})
        .fail(fmt::format("the length of axis {} must be divisible by pool_size = {}", axis,
                          pool_size));
  Shape shape = x.shape();
  shape[axis] /= pool_size;
  shape.insert(axis + 1, pool_size);
  return max(reshape(x, shape), axis + 1);
}

Variable SoftmaxFunction::operator()(const Variable& x, int axis) const {
  Check("softmax", {{"x", x}}).floats();
  return apply<Softmax>({x}, normalize_axis("softmax", axis, x.ndim()));
}

Variable LogSoftmaxFunction::operator()(const Variable& x, int axis) const {
  Check("log_softmax", {{"x", x}}).floats();
  return apply<LogSoftmax>({x}, normalize_axis("log_softmax", axis, x.ndim()));
}

}  // namespace autograd::inline functions
