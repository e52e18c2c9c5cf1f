#include "autograd/functions/array/manipulation.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/check.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

// Reshape, and what is one under another name.
class Reshape final : public FunctionNode {
 public:
  explicit Reshape(const Shape& shape, std::string_view name = "reshape",
                   std::string_view label = "Reshape")
      : shape_(shape), name_(name), label_(label) {}

 private:
  std::string_view name() const override { return name_; }
  std::string label() const override { return std::string(label_); }
  Attributes attributes() const override { return {{"shape", shape_}}; }
  Array forward(const Inputs& x) override { return x[0].reshape(shape_); }
  Grads backward(const Variable& gy) override { return {reshape(gy, input_shape(0))}; }

  Shape shape_;
  std::string_view name_, label_;
};

// Transpose, and what is one under another name.
class Transpose final : public FunctionNode {
 public:
  explicit Transpose(const Axes& axes, std::string_view name = "transpose",
                     std::string_view label = "Transpose")
      : axes_(axes), name_(name), label_(label) {}

 private:
  std::string_view name() const override { return name_; }
  std::string label() const override { return std::string(label_); }
  Attributes attributes() const override { return {{"axes", axes_}}; }
  Array forward(const Inputs& x) override { return x[0].transpose(axes_); }
  Grads backward(const Variable& gy) override {
    if (axes_.all()) return {transpose(gy)};
    std::vector<int> inverse(static_cast<std::size_t>(axes_.size()));
    int to = 0;
    for (int from : axes_)
      inverse[static_cast<std::size_t>(normalize_axis("transpose", from, axes_.size()))] = to++;
    return {transpose(gy, Axes(inverse))};
  }

  Axes axes_;
  std::string_view name_, label_;
};

// The axes of an array in their order, to be rearranged.
std::vector<int> axes_of(const Variable& x) {
  std::vector<int> axes;
  for (int i = 0; i < x.ndim(); ++i) axes.push_back(i);
  return axes;
}

class Tile final : public FunctionNode {
 public:
  // Both have as many axes.
  Tile(const Shape& shape, const Shape& reps) : shape_(shape), reps_(reps) {}

 private:
  std::string_view name() const override { return "tile"; }
  std::string label() const override { return "Tile"; }
  Attributes attributes() const override { return {{"reps", reps_}}; }
  // One axis at a time: (before, 1, rest) to (before, reps, rest).
  Array forward(const Inputs& x) override {
    Array y = x[0].reshape(shape_);
    Shape shape = shape_;
    for (int i = 0; i < shape.ndim(); ++i) {
      if (reps_[i] == 1) continue;
      const std::int64_t before = shape.slice(0, i).elements(),
                         rest = shape.slice(i, shape.ndim()).elements();
      shape[i] *= reps_[i];
      y = y.reshape({before, 1, rest}).broadcast_to({before, reps_[i], rest}).reshape(shape);
    }
    if (may_share_memory(y, x[0])) y = y.copy();
    return y;
  }
  Grads backward(const Variable& gy) override {
    Variable g = gy;
    Shape shape = gy.shape();
    for (int i = 0; i < shape.ndim(); ++i) {
      if (reps_[i] == 1) continue;
      shape[i] = shape_[i];
      const std::int64_t before = shape.slice(0, i).elements(),
                         rest = shape.slice(i, shape.ndim()).elements();
      g = sum(reshape(g, {before, reps_[i], rest}), 1);
    }
    return {reshape(g, input_shape(0))};
  }

  Shape shape_, reps_;
};

class Cast final : public FunctionNode {
 public:
  explicit Cast(Dtype dtype) : dtype_(dtype) {}

 private:
  std::string_view name() const override { return "cast"; }
  std::string label() const override { return "Cast"; }
  Attributes attributes() const override { return {{"dtype", autograd::name(dtype_)}}; }
  Array forward(const Inputs& x) override { return x[0].astype(dtype_); }
  Grads backward(const Variable& gy) override { return {cast(gy, input_dtype(0))}; }

  Dtype dtype_;
};

class Copy final : public FunctionNode {
  std::string_view name() const override { return "copy"; }
  std::string label() const override { return "Copy"; }
  Array forward(const Inputs& x) override { return x[0].copy(); }
  Grads backward(const Variable& gy) override { return {gy}; }
};

class Identity final : public FunctionNode {
  std::string_view name() const override { return "identity"; }
  std::string label() const override { return "Identity"; }
  Array forward(const Inputs& x) override { return x[0]; }
  Grads backward(const Variable& gy) override { return {gy}; }
};

}  // namespace

Variable reshape(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : apply<Reshape>({x}, shape);
}

Variable flatten(const Variable& x) { return reshape(x, {x.size()}); }

Variable expand_dims(const Variable& x, int axis) {
  Shape shape = x.shape();
  shape.insert(normalize_axis("expand_dims", axis, x.ndim() + 1), 1);
  return apply<Reshape>({x}, shape, "expand_dims", "ExpandDims");
}

Variable squeeze(const Variable& x, const Axes& axes) {
  const Axes::Flags named = axes.flags("squeeze", x.ndim());
  Shape shape;
  for (int i = 0; i < x.ndim(); ++i) {
    if (named[i] && x.length(i) == 1) continue;
    if (named[i] && !axes.all())
      Check("squeeze", {{"x", x}}).fail(fmt::format("axis {} must have length 1", i));
    shape.push_back(x.length(i));
  }
  return apply<Reshape>({x}, shape, "squeeze", "Squeeze");
}

Variable transpose(const Variable& x, const Axes& axes) { return apply<Transpose>({x}, axes); }

Variable swapaxes(const Variable& x, int axis1, int axis2) {
  std::vector<int> order = axes_of(x);
  std::swap(order[static_cast<std::size_t>(normalize_axis("swapaxes", axis1, x.ndim()))],
            order[static_cast<std::size_t>(normalize_axis("swapaxes", axis2, x.ndim()))]);
  return apply<Transpose>({x}, Axes(order), "swapaxes", "Swapaxes");
}

Variable moveaxis(const Variable& x, const Axes& source, const Axes& destination) {
  if (source.all() || destination.all())
    throw Error("moveaxis: source and destination must list axes, but one of them is None");
  if (source.size() != destination.size())
    throw Error(fmt::format(
        "moveaxis: source and destination must list equally many axes, but they list {} and {}",
        destination.size(), source.size()));
  const int n = x.ndim();
  std::vector<int> order(static_cast<std::size_t>(n), -1), others;
  const Axes::Flags moved = source.flags("moveaxis", n);
  destination.flags("moveaxis", n);
  for (int i = 0; i < source.size(); ++i)
    order[static_cast<std::size_t>(normalize_axis("moveaxis", destination.begin()[i], n))] =
        normalize_axis("moveaxis", source.begin()[i], n);
  int next = 0;
  for (int& from : order) {
    if (from >= 0) continue;
    while (moved[next]) ++next;
    from = next++;
  }
  return apply<Transpose>({x}, Axes(order), "moveaxis", "Moveaxis");
}

Variable rollaxis(const Variable& x, int axis, int start) {
  const int from = normalize_axis("rollaxis", axis, x.ndim());
  int to = start == x.ndim() ? start : normalize_axis("rollaxis", start, x.ndim());
  if (from < to) --to;
  std::vector<int> order = axes_of(x);
  order.erase(order.begin() + from);
  order.insert(order.begin() + to, from);
  return apply<Transpose>({x}, Axes(order), "rollaxis", "Rollaxis");
}

Variables broadcast(const VariableList& xs) {
  Shape shape;
  for (const Variable& x : xs) shape = broadcast_shapes(shape, x.shape());
  Variables ys;
  for (const Variable& x : xs) ys.push_back(broadcast_to(x, shape));
  return ys;
}

Variable tile(const Variable& x, const Shape& reps) {
  for (std::int64_t n : reps)
    if (n < 0)
      throw Error(fmt::format("tile: reps must not be negative, but they are {}", to_string(reps)));
  Shape shape = x.shape(), all = reps;
  while (shape.ndim() < all.ndim()) shape.insert(0, 1);
  while (all.ndim() < shape.ndim()) all.insert(0, 1);
  for (int i = 0; i < shape.ndim(); ++i) length_product("tile", shape[i], all[i]);
  return apply<Tile>({x}, shape, all);
}

Variable cast(const Variable& x, Dtype dtype) {
  if (x.dtype() == dtype) return x;
  if (!is_float(dtype) || !is_float(x.dtype())) return as_variable(x.array().astype(dtype));
  return apply<Cast>({x}, dtype);
}

Variable copy(const Variable& x) { return apply<Copy>({x}); }
Variable identity(const Variable& x) { return apply<Identity>({x}); }

}  // namespace autograd::inline functions
