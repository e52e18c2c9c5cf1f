#include "autograd/functions/manipulation.h"

namespace autograd {
namespace {

class Reshape final : public FunctionNode {
 public:
  explicit Reshape(const Shape& shape) : shape_(shape) {}

 private:
  std::string_view name() const override { return "reshape"; }
  std::string label() const override { return "Reshape"; }
  Array forward(const Inputs& x) override { return x[0].reshape(shape_); }
  Grads backward(const Variable& gy) override { return {reshape(gy, input_shape(0))}; }

  Shape shape_;
};

class Transpose final : public FunctionNode {
 public:
  explicit Transpose(const Axes& axes) : axes_(axes) {}

 private:
  std::string_view name() const override { return "transpose"; }
  std::string label() const override { return "Transpose"; }
  Array forward(const Inputs& x) override { return x[0].transpose(axes_); }
  Grads backward(const Variable& gy) override {
    if (axes_.all()) return {transpose(gy)};
    std::vector<int> inverse(static_cast<std::size_t>(axes_.size()));
    int to = 0;
    for (int from : axes_) inverse[static_cast<std::size_t>(normalize_axis("transpose", from, axes_.size()))] = to++;
    return {transpose(gy, Axes(inverse))};
  }

  Axes axes_;
};

}  // namespace

Variable reshape(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : apply<Reshape>({x}, shape);
}
Variable transpose(const Variable& x, const Axes& axes) { return apply<Transpose>({x}, axes); }

}  // namespace autograd
