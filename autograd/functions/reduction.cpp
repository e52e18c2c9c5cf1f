#include "autograd/functions/reduction.h"

#include "autograd/array/reduce.h"
#include "autograd/functions/manipulation.h"

namespace autograd {
namespace {

class Sum final : public FunctionNode {
 public:
  Sum(const Axes& axes, bool keepdims) : axes_(axes), keepdims_(keepdims) {}

 private:
  std::string_view name() const override { return "sum"; }
  std::string label() const override { return "Sum"; }
  Array forward(const Inputs& x) override { return array::sum(x[0], axes_, keepdims_); }
  Grads backward(const Variable& gy) override {
    const Shape& shape = input_shape(0);
    const Shape kept = reduced_shape(shape, axes_.flags("sum", shape.ndim()), true);
    return {broadcast_to(reshape(gy, kept), shape)};
  }

  Axes axes_;
  bool keepdims_;
};

class SumTo final : public FunctionNode {
 public:
  explicit SumTo(const Shape& shape) : shape_(shape) {}

 private:
  std::string_view name() const override { return "sum_to"; }
  std::string label() const override { return "SumTo"; }
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
  Array forward(const Inputs& x) override { return x[0].broadcast_to(shape_); }
  Grads backward(const Variable& gy) override { return {sum_to(gy, input_shape(0))}; }

  Shape shape_;
};

}  // namespace

Variable sum(const Variable& x, const Axes& axes, bool keepdims) { return apply<Sum>({x}, axes, keepdims); }

Variable sum_to(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : apply<SumTo>({x}, shape);
}

Variable broadcast_to(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : apply<BroadcastTo>({x}, shape);
}

}  // namespace autograd
