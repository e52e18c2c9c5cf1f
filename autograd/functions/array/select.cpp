#include "autograd/functions/array/select.h"

#include "autograd/functions/math/reduction.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

class Where final : public FunctionNode {
 public:
  explicit Where(Kept<Array> condition) : condition_(std::move(condition)) {}

 private:
  std::string_view name() const override { return "where"; }
  std::string label() const override { return "Where"; }
  Array forward(const Inputs& x) override {
    return array::where(condition_.get(name()), x[0], x[1]);
  }
  Grads backward(const Variable& gy) override {
    const Variable zero(Array::zeros({}, gy.dtype()), {.requires_grad = false});
    const auto taken = [&](const Variable& a, const Variable& b) {
      return autograd::apply<Where>({a, b}, condition_);
    };
    return when_needed([&] { return sum_to(taken(gy, zero), input_shape(0)); },
                       [&] { return sum_to(taken(zero, gy), input_shape(1)); });
  }

  Kept<Array> condition_;
};

Array number(double value, Dtype dtype) { return Array::full({}, value, dtype); }

}  // namespace

Condition operator>(const Variable& a, const Variable& b) { return a.array() > b.array(); }
Condition operator>=(const Variable& a, const Variable& b) { return a.array() >= b.array(); }
Condition operator<(const Variable& a, const Variable& b) { return a.array() < b.array(); }
Condition operator<=(const Variable& a, const Variable& b) { return a.array() <= b.array(); }
Condition operator==(const Variable& a, const Variable& b) { return a.array() == b.array(); }
Condition operator!=(const Variable& a, const Variable& b) { return a.array() != b.array(); }
Condition operator>(const Variable& a, double b) { return a.array() > b; }
Condition operator>=(const Variable& a, double b) { return a.array() >= b; }
Condition operator<(const Variable& a, double b) { return a.array() < b; }
Condition operator<=(const Variable& a, double b) { return a.array() <= b; }
Condition operator==(const Variable& a, double b) { return a.array() == b; }
Condition operator!=(const Variable& a, double b) { return a.array() != b; }

Variable select(const Condition& c, const Variable& a, const Variable& b) {
  return where(c.truth, a, b);
}
Variable select(const Condition& c, const Variable& a, double b) {
  return where(c.truth, a, number(b, c.dtype));
}
Variable select(const Condition& c, double a, const Variable& b) {
  return where(c.truth, number(a, c.dtype), b);
}
Variable select(const Condition& c, double a, double b) {
  return where(c.truth, number(a, c.dtype), number(b, c.dtype));
}

Variable where(ArrayLike condition, const Variable& a, const Variable& b) {
  return apply<Where>({a, b}, Kept<Array>("condition", condition.array()));
}

}  // namespace autograd::inline functions
