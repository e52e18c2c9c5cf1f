#include "autograd/functions/array/indexing.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

using KeptIndices = Kept<Indices>;

// As Python writes them between the brackets; an array is described, not listed.
std::string text(const KeptIndices& indices) {
  struct Writer {
    std::string operator()(std::int64_t i) const { return fmt::format("{}", i); }
    std::string operator()(const Slice& s) const {
      const auto end = [](std::optional<std::int64_t> i) {
        return i ? fmt::format("{}", *i) : std::string();
      };
      return end(s.start) + ":" + end(s.stop) + (s.step == 1 ? "" : fmt::format(":{}", s.step));
    }
    std::string operator()(Ellipsis) const { return "..."; }
    std::string operator()(NewAxis) const { return "None"; }
    std::string operator()(const Array& a) const { return describe(a); }
  };
  std::string all;
  for (const Index& index : indices.now().items())
    all += (all.empty() ? "" : ", ") + std::visit(Writer(), index.item());
  return all;
}

Variable picked(const Variable& x, KeptIndices indices, const FunctionName& named);

// The adjoint of get_item.
class GetItemGrad final : public FunctionNode {
 public:
  GetItemGrad(const Shape& shape, KeptIndices indices, const FunctionName& named)
      : shape_(shape), indices_(std::move(indices)), named_(named) {}

 private:
  std::string_view name() const override { return named_.name; }
  std::string label() const override { return fmt::format("{}Grad", named_.label); }
  Attributes attributes() const override {
    return {{"shape", shape_}, {"indices", text(indices_)}};
  }
  Array forward(const Inputs& gy) override {
    return array::scatter(shape_, indices_.get(named_.name), gy[0], named_.name);
  }
  Grads backward(const Variable& ggx) override { return {picked(ggx, indices_, named_)}; }

  Shape shape_;
  KeptIndices indices_;
  FunctionName named_;
};

class GetItem final : public FunctionNode {
 public:
  GetItem(KeptIndices indices, const FunctionName& named)
      : indices_(std::move(indices)), named_(named) {}

 private:
  std::string_view name() const override { return named_.name; }
  std::string label() const override { return std::string(named_.label); }
  Attributes attributes() const override { return {{"indices", text(indices_)}}; }
  Array forward(const Inputs& x) override {
    return array::get_item(x[0], indices_.get(named_.name), named_.name);
  }
  Grads backward(const Variable& gy) override {
    return {autograd::apply<GetItemGrad>({gy}, input_shape(0), indices_, named_)};
  }

  KeptIndices indices_;
  FunctionName named_;
};

Variable picked(const Variable& x, KeptIndices indices, const FunctionName& named) {
  return apply<GetItem>({x}, std::move(indices), named);
}
Variable picked(const Variable& x, const Indices& indices, const FunctionName& named) {
  return picked(x, KeptIndices("indices", indices), named);
}

// `index` for one axis, everything of those before it.
Indices along(int axis, const Index& index) {
  std::vector<Index> items(static_cast<std::size_t>(axis), Slice());
  items.push_back(index);
  return Indices(items);
}

void require_positions(std::string_view op, std::string_view name, const Array& a) {
  if (a.dtype() != Dtype::int32 && a.dtype() != Dtype::int64)
    Check(op, {{name, a}}).fail(fmt::format("{} must be int32 or int64", name));
}

}  // namespace

Variable get_item(const Variable& x, const Indices& indices, const FunctionName& named) {
  return picked(x, indices, named);
}

Variable scatter_add(const Variable& a, const Indices& indices, const Variable& b) {
  Check("scatter_add", {{"a", a}, {"b", b}}).same_dtype();
  const Shape target = array::get_item(a.array(), indices, "scatter_add").shape();
  if (target != b.shape())
    Check("scatter_add", {{"a", a}, {"b", b}})
        .fail(fmt::format("b must have the shape of a[indices], {}", to_string(target)));
  return a + apply<GetItemGrad>({b}, a.shape(), KeptIndices("indices", indices),
                                FunctionName{"scatter_add", "ScatterAdd"});
}

Variable select_item(const Variable& x, ArrayLike given) {
  const Array& t = given.array();
  Check("select_item", {{"x", x}, {"t", t}})
      .that(t.dtype() == Dtype::int32 || t.dtype() == Dtype::int64, "t must be int32 or int64")
      .that(x.ndim() == 2 && t.ndim() == 1 && x.length(0) == t.length(0),
            "x must be (n, classes) and t (n)");
  return picked(x, {Array::arange(t.size()), t}, {"select_item", "SelectItem"});
}

Variable flip(const Variable& x, int axis) {
  return picked(x, along(normalize_axis("flip", axis, x.ndim()), Slice({}, {}, -1)),
                {"flip", "Flip"});
}

Variable fliplr(const Variable& x) {
  Check("fliplr", {{"x", x}}).that(x.ndim() >= 2, "x must have at least 2 axes");
  return picked(x, along(1, Slice({}, {}, -1)), {"fliplr", "FlipLR"});
}

Variable flipud(const Variable& x) {
  Check("flipud", {{"x", x}}).that(x.ndim() >= 1, "x must have at least 1 axis");
  return picked(x, along(0, Slice({}, {}, -1)), {"flipud", "FlipUD"});
}

Variable repeat(const Variable& x, std::int64_t repeats, std::optional<int> axis) {
  return repeat(x, std::vector<std::int64_t>{repeats}, axis);
}

Variable repeat(const Variable& x0, const std::vector<std::int64_t>& repeats,
                std::optional<int> axis) {
  const Variable x = axis ? x0 : flatten(x0);
  const int a = normalize_axis("repeat", axis.value_or(0), x.ndim());
  const auto n = static_cast<std::size_t>(x.length(a));
  if (repeats.size() != 1 && repeats.size() != n)
    Check("repeat", {{"x", x0}})
        .fail(fmt::format("there must be 1 or {} repeats, not {}", n, repeats.size()));
  const auto times = [&](std::size_t i) { return repeats[repeats.size() == 1 ? 0 : i]; };
  std::int64_t length = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (times(i) < 0)
      throw Error(fmt::format("repeat: repeats must not be negative, but one is {}", times(i)));
    length = length_sum("repeat", length, times(i));
  }
  Array at = Array::empty({length}, Dtype::int64);
  std::int64_t* next = at.mutable_data<std::int64_t>();
  for (std::size_t i = 0; i < n; ++i)
    next = std::fill_n(next, times(i), static_cast<std::int64_t>(i));
  return picked(x, along(a, at), {"repeat", "Repeat"});
}

Variable permutate(const Variable& x, ArrayLike given, int axis, bool inv) {
  const Array& indices = given.array();
  require_positions("permutate", "indices", indices);
  axis = normalize_axis("permutate", axis, x.ndim());
  const std::vector<std::int64_t> at = indices.to_vector<std::int64_t>();
  std::vector<std::int64_t> inverse(at.size(), -1);
  bool fits = indices.ndim() == 1 && indices.size() == x.length(axis);
  for (std::size_t i = 0; fits && i < at.size(); ++i) {
    fits = at[i] >= 0 && at[i] < static_cast<std::int64_t>(at.size()) &&
           inverse[static_cast<std::size_t>(at[i])] < 0;
    if (fits) inverse[static_cast<std::size_t>(at[i])] = static_cast<std::int64_t>(i);
  }
  if (!fits)
    Check("permutate", {{"x", x}, {"indices", indices}})
        .fail(fmt::format("the indices must be a permutation of the elements of axis {}", axis));
  return picked(x, along(axis, inv ? Array::from<std::int64_t>(inverse) : indices),
                {"permutate", "Permutate"});
}

Variable diagonal(const Variable& x, int offset, int axis1, int axis2) {
  Check("diagonal", {{"x", x}}).that(x.ndim() >= 2, "x must have at least 2 axes");
  const int a = normalize_axis("diagonal", axis1, x.ndim()),
            b = normalize_axis("diagonal", axis2, x.ndim());
  if (a == b) Check("diagonal", {{"x", x}}).fail("axis1 and axis2 must differ");
  const std::int64_t column = std::max(offset, 0), row = column - offset;
  const std::int64_t count =
      std::max<std::int64_t>(0, std::min(x.length(a) - row, x.length(b) - column));
  std::vector<std::int64_t> rows, columns;
  for (std::int64_t i = 0; i < count; ++i) {
    rows.push_back(row + i);
    columns.push_back(column + i);
  }
  return picked(moveaxis(x, {a, b}, {-2, -1}),
                {ellipsis, Array::from<std::int64_t>(rows), Array::from<std::int64_t>(columns)},
                {"diagonal", "Diagonal"});
}

Variable as_strided(const Variable& x, const Shape& shape, const Shape& strides,
                    std::int64_t storage_offset) {
  if (shape.ndim() != strides.ndim())
    throw Error(fmt::format(
        "as_strided: the shape must have as many axes as the strides, but they are {} and {}",
        to_string(shape), to_string(strides)));
  std::int64_t low = storage_offset, high = storage_offset;
  bool fits = std::ranges::all_of(shape, [](std::int64_t length) { return length >= 0; });
  const bool empty = std::ranges::find(shape, 0) != shape.end();
  for (int i = 0; fits && !empty && i < shape.ndim(); ++i) {
    std::int64_t reach = 0, &end = strides[i] < 0 ? low : high;
    fits = !__builtin_mul_overflow(shape[i] - 1, strides[i], &reach) &&
           !__builtin_add_overflow(end, reach, &end);
  }
  if (!fits)
    throw Error(fmt::format(
        "as_strided: the elements must lie within x, but the shape is {} and the strides are {}",
        to_string(shape), to_string(strides)));
  if (!empty && (low < 0 || high >= x.size()))
    Check("as_strided", {{"x", x}})
        .fail(fmt::format("the elements {} to {} must lie within x", low, high));
  if (empty)
    return picked(flatten(x), Array::empty(shape, Dtype::int64), {"as_strided", "AsStrided"});
  return picked(flatten(x),
                Array::arange(x.size()).as_strided(shape, strides, storage_offset).copy(),
                {"as_strided", "AsStrided"});
}

}  // namespace autograd::inline functions
