#include "autograd/functions/math/scan.h"

#include "autograd/array/scan.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

// Every element the one before it; `first` comes first.
Variable previous(const Variable& x, int axis, double first) {
  const std::int64_t n = x.length(axis);
  if (n == 0) return x;
  Shape shape = x.shape();
  shape[axis] = 1;
  return concat({Array::full(shape, first, x.dtype()), split_axis(x, {n - 1}, axis)[0]}, axis);
}

class Cumsum final : public FunctionNode {
 public:
  explicit Cumsum(int axis, bool backwards = false) : axis_(axis), backwards_(backwards) {}

 private:
  std::string_view name() const override { return "cumsum"; }
  std::string label() const override { return "Cumsum"; }
  Attributes attributes() const override { return {{"axis", axis_}, {"reverse", backwards_}}; }
  Array forward(const Inputs& x) override { return array::cumsum(x[0], axis_, backwards_); }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<Cumsum>({gy}, axis_, !backwards_)};
  }

  int axis_;
  bool backwards_;
};

// z_i = a_i z_(i-1) + b_i, or its adjoint w_i = b_i + a_(i+1) w_(i+1): array::recurrence.
class Recurrence final : public FunctionNode {
 public:
  Recurrence(int axis, bool adjoint) : axis_(axis), adjoint_(adjoint) {}

 private:
  std::string_view name() const override { return "recurrence"; }
  std::string label() const override { return "Recurrence"; }
  Attributes attributes() const override { return {{"axis", axis_}, {"reverse", adjoint_}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    retain_outputs({0});
    return array::recurrence(x[0], x[1], axis_, adjoint_);
  }
  Grads backward(const Variable& gz) override {
    const Variable gb = autograd::apply<Recurrence>({retained_input(0), gz}, axis_, !adjoint_),
                   z = retained_output(0);
    return when_needed(
        [&] { return adjoint_ ? previous(gb, axis_, 0) * z : gb * previous(z, axis_, 0); },
        [&] { return gb; });
  }

  int axis_;
  bool adjoint_;
};

// dy_i / dx_j is y_(j-1) x_(j+1) ... x_i, for i >= j: no division, so zeros do no harm.
class Cumprod final : public FunctionNode {
 public:
  explicit Cumprod(int axis) : axis_(axis) {}

 private:
  std::string_view name() const override { return "cumprod"; }
  std::string label() const override { return "Cumprod"; }
  Attributes attributes() const override { return {{"axis", axis_}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    retain_outputs({0});
    return array::cumprod(x[0], axis_);
  }
  Grads backward(const Variable& gy) override {
    const Variable after = autograd::apply<Recurrence>({retained_input(0), gy}, axis_, true);
    return {previous(retained_output(0), axis_, 1) * after};
  }

  int axis_;
};

class Prod final : public FunctionNode {
 public:
  Prod(const Axes& axes, bool keepdims) : axes_(axes), keepdims_(keepdims) {}

 private:
  std::string_view name() const override { return "prod"; }
  std::string label() const override { return "Prod"; }
  Attributes attributes() const override { return {{"axis", axes_}, {"keepdims", keepdims_}}; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    const Shape shape = reduced_shape(x[0].shape(), axes_.flags("prod", x[0].ndim()), keepdims_);
    const Rows rows(axes_, x[0].shape());
    if (rows.length == 0) return Array::full(shape, 1, x[0].dtype());
    const Array products =
        array::cumprod(x[0].transpose(rows.order).reshape({rows.count, rows.length}), 1);
    return products.select(1, rows.length - 1).reshape(shape);
  }
  // The product of all others is that of those before times that of those after.
  Grads backward(const Variable& gy) override {
    const Rows rows(axes_, input_shape(0));
    const Variable x = reshape(transpose(retained_input(0), rows.order), {rows.count, rows.length});
    if (x.size() == 0) return {retained_input(0) * 0};
    Array end = Array::zeros(x.shape(), x.dtype());
    end.slice(1, rows.length - 1, 1).fill(1);
    const Variable others =
        previous(cumprod(x, 1), 1, 1) * autograd::apply<Recurrence>({x, end}, 1, true);
    const Variable gx = others * reshape(gy, {rows.count, 1});
    return {transpose(reshape(gx, rows.ordered), rows.back)};
  }

  // The array as rows, over which the product goes: the other axes, then the reduced ones.
  struct Rows {
    Rows(const Axes& axes, const Shape& shape) {
      const Axes::Flags reduced = axes.flags("prod", shape.ndim());
      std::vector<int> to, from(static_cast<std::size_t>(shape.ndim()));
      for (const bool in_row : {false, true})
        for (int i = 0; i < shape.ndim(); ++i) {
          if (reduced[i] != in_row) continue;
          from[static_cast<std::size_t>(i)] = static_cast<int>(to.size());
          to.push_back(i);
          ordered.push_back(shape[i]);
          (in_row ? length : count) *= shape[i];
        }
      order = Axes(to);
      back = Axes(from);
    }
    Axes order = {}, back = {};
    Shape ordered;
    std::int64_t count = 1, length = 1;
  };

  Axes axes_;
  bool keepdims_;
};

// x and an axis of it, or the flattened x.
struct Along {
  Along(std::string_view op, const Variable& given, std::optional<int> along)
      : x(along ? given : flatten(given)), axis(normalize_axis(op, along.value_or(0), x.ndim())) {
    Check(op, {{"x", given}}).floats();
  }
  Variable x;
  int axis;
};

}  // namespace

Variable cumsum(const Variable& x, std::optional<int> axis) {
  const Along along("cumsum", x, axis);
  return apply<Cumsum>({along.x}, along.axis);
}

Variable cumprod(const Variable& x, std::optional<int> axis) {
  const Along along("cumprod", x, axis);
  return apply<Cumprod>({along.x}, along.axis);
}

Variable prod(const Variable& x, const Axes& axes, bool keepdims) {
  Check("prod", {{"x", x}}).floats();
  return apply<Prod>({x}, axes, keepdims);
}

}  // namespace autograd::inline functions
