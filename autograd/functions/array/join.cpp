#include "autograd/functions/array/join.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/concat.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

class Concat final : public FunctionNode {
 public:
  explicit Concat(int axis) : axis_(axis) {}

 private:
  std::string_view name() const override { return "concat"; }
  std::string label() const override { return "Concat"; }
  Attributes attributes() const override { return {{"axis", axis_}}; }
  Array forward(const Inputs& xs) override {
    Arrays arrays;
    for (std::size_t i = 0; i < xs.size(); ++i) arrays.push_back(xs[i]);
    return array::concat(arrays, axis_);
  }
  Grads backward(const Variable& gy) override {
    std::vector<std::int64_t> borders;
    std::int64_t end = 0;
    for (std::size_t i = 0; i + 1 < inputs().size(); ++i)
      borders.push_back(end += input_shape(static_cast<int>(i))[axis_]);
    return split_axis(gy, Sections(borders), axis_);
  }

  int axis_;
};

// The gradients of several outputs, zeros for those that got none.
Variables filled_up(const Variables& gys, const std::vector<Shape>& shapes, Dtype dtype) {
  Variables all = gys;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!all[i]) all[i] = as_variable(Array::zeros({}, dtype).broadcast_to(shapes[i]));
  return all;
}

class SplitAxis final : public FunctionNode {
 public:
  SplitAxis(std::vector<std::int64_t> borders, int axis)
      : borders_(std::move(borders)), axis_(axis) {}

 private:
  std::string_view name() const override { return "split_axis"; }
  std::string label() const override { return "SplitAxis"; }
  Attributes attributes() const override {
    const Attributes::Integers indices(borders_.begin() + 1, borders_.end() - 1);
    return {{"indices_or_sections", indices}, {"axis", axis_}};
  }
  Outputs forward_all(const Inputs& x) override {
    Arrays ys;
    for (std::size_t i = 0; i + 1 < borders_.size(); ++i)
      ys.push_back(x[0].slice(axis_, borders_[i], borders_[i + 1] - borders_[i]));
    return ys;
  }
  Grads backward_all(const Variables& gys) override {
    std::vector<Shape> shapes(gys.size(), input_shape(0));
    for (std::size_t i = 0; i < gys.size(); ++i) shapes[i][axis_] = borders_[i + 1] - borders_[i];
    return {concat(filled_up(gys, shapes, input_dtype(0)), axis_)};
  }

  std::vector<std::int64_t> borders_;
  int axis_;
};

class Separate final : public FunctionNode {
 public:
  explicit Separate(int axis) : axis_(axis) {}

 private:
  std::string_view name() const override { return "separate"; }
  std::string label() const override { return "Separate"; }
  Attributes attributes() const override { return {{"axis", axis_}}; }
  Outputs forward_all(const Inputs& x) override {
    Arrays ys;
    for (std::int64_t i = 0; i < x[0].length(axis_); ++i) ys.push_back(x[0].select(axis_, i));
    return ys;
  }
  Grads backward_all(const Variables& gys) override {
    Shape shape = input_shape(0);
    shape.erase(axis_);
    return {stack(filled_up(gys, std::vector<Shape>(gys.size(), shape), input_dtype(0)), axis_)};
  }

  int axis_;
};

class PadSequence final : public FunctionNode {
 public:
  PadSequence(std::int64_t length, double padding) : length_(length), padding_(padding) {}

 private:
  std::string_view name() const override { return "pad_sequence"; }
  std::string label() const override { return "PadSequence"; }
  Attributes attributes() const override { return {{"length", length_}, {"padding", padding_}}; }
  Array forward(const Inputs& xs) override {
    Shape shape = xs[0].shape();
    shape[0] = length_;
    shape.insert(0, static_cast<std::int64_t>(xs.size()));
    Array y = Array::full(shape, padding_, xs[0].dtype());
    for (std::size_t i = 0; i < xs.size(); ++i)
      y.select(0, static_cast<std::int64_t>(i)).slice(0, 0, xs[i].length(0)).assign(xs[i]);
    return y;
  }
  Grads backward(const Variable& gy) override {
    Grads gxs;
    for (int i = 0; i < static_cast<int>(inputs().size()); ++i)
      gxs.push_back(needs_grad(i) ? get_item(gy, {i, Slice(0, input_shape(i)[0])}) : Variable());
    return gxs;
  }

  std::int64_t length_;
  double padding_;
};

class TransposeSequence final : public FunctionNode {
  std::string_view name() const override { return "transpose_sequence"; }
  std::string label() const override { return "TransposeSequence"; }
  Outputs forward_all(const Inputs& xs) override {
    Arrays ys;
    for (std::int64_t step = 0; step < xs[0].length(0); ++step) {
      std::int64_t count = 0;
      while (count < static_cast<std::int64_t>(xs.size()) &&
             xs[static_cast<std::size_t>(count)].length(0) > step)
        ++count;
      Shape shape = xs[0].shape();
      shape[0] = count;
      Array y = Array::empty(shape, xs[0].dtype());
      for (std::int64_t i = 0; i < count; ++i)
        y.select(0, i).assign(xs[static_cast<std::size_t>(i)].select(0, step));
      ys.push_back(y);
    }
    return ys;
  }
  Grads backward_all(const Variables& gys) override {
    std::vector<Shape> shapes;
    for (std::size_t step = 0; step < gys.size(); ++step) {
      Shape shape = input_shape(0);
      shape[0] = std::count_if(inputs().begin(), inputs().end(), [&](const auto& node) {
        return node->shape()[0] > static_cast<std::int64_t>(step);
      });
      shapes.push_back(shape);
    }
    Grads gxs = transpose_sequence(filled_up(gys, shapes, input_dtype(0)));
    // Sequences of length 0 at the end took no part.
    while (gxs.size() < inputs().size())
      gxs.push_back(
          as_variable(Array::zeros(input_shape(static_cast<int>(gxs.size())), input_dtype(0))));
    return gxs;
  }
};

void require_some(std::string_view op, const VariableList& xs) {
  if (xs.empty())
    throw Error(fmt::format("{}: at least one array must be given, but there is none", op));
}

// Unless all arrays have one dtype and, but for one axis, one shape.
void require_alike(std::string_view op, const VariableList& xs, int but_for) {
  for (std::size_t i = 1; i < xs.size(); ++i) {
    Shape a = xs[0].shape(), b = xs[i].shape();
    if (but_for >= 0 && a.ndim() == b.ndim()) a[but_for] = b[but_for] = 0;
    if (a == b && xs[0].dtype() == xs[i].dtype()) continue;
    const std::string other = fmt::format("x{}", i);
    Check(op, {{"x0", xs[0]}, {other, xs[i]}})
        .same_dtype()
        .fail(
            but_for >= 0
                ? fmt::format("all arrays must have the same shape, except along axis {}", but_for)
                : std::string("all arrays must have one shape"));
  }
}

template <class F>
Variables each(const VariableList& xs, const F& f) {
  Variables ys;
  for (const Variable& x : xs) ys.push_back(f(x));
  return ys;
}

}  // namespace

Variable ConcatFunction::operator()(const VariableList& xs, int axis) const {
  require_some("concat", xs);
  axis = normalize_axis("concat", axis, xs[0].ndim());
  require_alike("concat", xs, axis);
  return apply_all<Concat>(xs, axis)[0];
}

Variable StackFunction::operator()(const VariableList& xs, int axis) const {
  require_some("stack", xs);
  axis = normalize_axis("stack", axis, xs[0].ndim() + 1);
  require_alike("stack", xs, -1);
  return concat(each(xs, [&](const Variable& x) { return expand_dims(x, axis); }), axis);
}

Variable hstack(const VariableList& xs) {
  require_some("hstack", xs);
  if (xs[0].ndim() == 0) return concat(each(xs, flatten), 0);
  return concat(xs, xs[0].ndim() == 1 ? 0 : 1);
}

Variable vstack(const VariableList& xs) {
  require_some("vstack", xs);
  return concat(each(xs,
                     [](const Variable& x) {
                       return x.ndim() <= 1 ? reshape(x, {1, x.size()}) : x;
                     }),
                0);
}

Variable dstack(const VariableList& xs) {
  require_some("dstack", xs);
  const auto with_depth = [](const Variable& x) {
    if (x.ndim() <= 1) return reshape(x, {1, x.size(), 1});
    return x.ndim() == 2 ? expand_dims(x, 2) : x;
  };
  return concat(each(xs, with_depth), 2);
}

std::vector<std::int64_t> Sections::borders(const Variable& x, int axis) const {
  const std::int64_t length = x.length(axis);
  std::vector<std::int64_t> borders{0};
  if (parts_) {
    // Of nothing, parts could be made without end.
    constexpr std::int64_t kMostOfNothing = 1 << 16;
    if (*parts_ < 1 || length % *parts_ != 0 || *parts_ > std::max(length, kMostOfNothing))
      Check("split_axis", {{"x", x}})
          .fail(fmt::format("the length of axis {} must be divisible into {} equal parts", axis,
                            *parts_));
    for (std::int64_t i = 1; i <= *parts_; ++i) borders.push_back(i * (length / *parts_));
    return borders;
  }
  for (std::int64_t i : indices_) {
    const std::int64_t at = i < 0 ? i + length : i;
    if (at < borders.back() || at > length)
      Check("split_axis", {{"x", x}})
          .fail(fmt::format("the indices must lie within axis {} and not decrease, unlike [{}]",
                            axis, fmt::join(indices_, ", ")));
    borders.push_back(at);
  }
  borders.push_back(length);
  return borders;
}

Variables split_axis(const Variable& x, const Sections& indices_or_sections, int axis) {
  axis = normalize_axis("split_axis", axis, x.ndim());
  return apply_all<SplitAxis>({x}, indices_or_sections.borders(x, axis), axis);
}

Variables separate(const Variable& x, int axis) {
  return apply_all<Separate>({x}, normalize_axis("separate", axis, x.ndim()));
}

Variable pad_sequence(const VariableList& xs, std::optional<std::int64_t> length, double padding) {
  require_some("pad_sequence", xs);
  Check("pad_sequence", {{"x0", xs[0]}})
      .that(xs[0].ndim() > 0, "a sequence must have at least 1 axis");
  require_alike("pad_sequence", xs, 0);
  std::int64_t longest = 0;
  for (const Variable& x : xs) longest = std::max(longest, x.length(0));
  if (length && *length < longest)
    throw Error(fmt::format(
        "pad_sequence: no sequence may be longer than length = {}, but one has {} elements",
        *length, longest));
  return apply_all<PadSequence>(xs, length.value_or(longest), padding)[0];
}

Variables transpose_sequence(const VariableList& xs) {
  if (xs.empty()) return {};
  Check("transpose_sequence", {{"x0", xs[0]}})
      .that(xs[0].ndim() > 0, "a sequence must have at least 1 axis");
  require_alike("transpose_sequence", xs, 0);
  for (std::size_t i = 1; i < xs.size(); ++i)
    if (xs[i].length(0) > xs[i - 1].length(0))
      throw Error(
          fmt::format("transpose_sequence: sequences must not grow longer, but x{} has {} elements "
                      "and x{} has {}",
                      i - 1, xs[i - 1].length(0), i, xs[i].length(0)));
  return apply_all<TransposeSequence>(xs);
}

}  // namespace autograd::inline functions
