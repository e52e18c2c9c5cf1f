#include <algorithm>

#include "autograd/functions/array/images.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/pad.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/array/spatial_transformer.h"
#include "autograd/functions/math/reduction.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;
namespace {

std::vector<std::int64_t> longs(const Value& v) {
  const std::vector<int> integers = v.integers();
  return {integers.begin(), integers.end()};
}

// Nested lists of numbers as an array.
void flatten(const Value& v, std::vector<std::int64_t>& numbers) {
  if (!v.is(Value::Kind::list))
    return numbers.push_back(v.is(Value::Kind::boolean) ? v.flag() : v.integer());
  for (const Value& item : v.items()) flatten(item, numbers);
}
Array array_of(const Value& v, F::Dtype dtype) {
  Shape shape;
  for (const Value* level = &v; level->is(Value::Kind::list); level = &level->items().at(0))
    shape.push_back(static_cast<std::int64_t>(level->items().size()));
  std::vector<std::int64_t> numbers;
  flatten(v, numbers);
  return Array::from(std::span<const std::int64_t>(numbers), shape).astype(dtype);
}

F::Index index(const Value& v) {
  if (v.is(Value::Kind::null)) return F::newaxis;
  if (v.is(Value::Kind::number)) return v.integer();
  if (v.has("ellipsis")) return F::ellipsis;
  if (v.has("index")) return array_of(v["index"], F::Dtype::int64);
  if (v.has("mask")) return array_of(v["mask"], F::Dtype::bool_);
  const auto bound = [&](std::size_t i) {
    const Value& b = v["slice"].items().at(i);
    return b.is(Value::Kind::null) ? std::optional<std::int64_t>() : b.integer();
  };
  return F::Slice(bound(0), bound(1), bound(2).value_or(1));
}

// A tuple holds an index for each axis; a list of integers is an index array. JSON does not tell
// them apart.
F::Indices indices(const Call& c) {
  const Value& slices = c.kwargs["slices"];
  if (!slices.is(Value::Kind::list)) return F::Indices({index(slices)});
  const Expression call = parse_python(c.text);
  const Expression* written = call.argument(1, "slices");
  if (written && written->kind == Expression::Kind::list && written->text == "]")
    return F::Indices({array_of(slices, F::Dtype::int64)});
  std::vector<F::Index> items;
  for (const Value& item : slices.items()) items.push_back(index(item));
  return F::Indices(std::move(items));
}

// A number, a pair, or a pair for each axis; where there is one number instead of two, it is both.
template <class T>
F::PerBorder<T> per_border(const Value& v) {
  const auto number = [](const Value& n) { return static_cast<T>(n.number()); };
  const auto pair = [&](const Value& list) {
    return std::pair(number(list.items().front()), number(list.items().back()));
  };
  if (v.is(Value::Kind::number)) return number(v);
  std::vector<std::pair<T, T>> pairs;
  if (v.items().at(0).is(Value::Kind::number))
    pairs.push_back(pair(v));
  else
    for (const Value& item : v.items()) pairs.push_back(pair(item));
  return F::PerBorder<T>(std::move(pairs));
}

F::PadMode pad_mode(const std::string& name) {
  using enum F::PadMode;
  for (const auto& [mode, text] : {std::pair{constant, "constant"},
                                   {edge, "edge"},
                                   {linear_ramp, "linear_ramp"},
                                   {maximum, "maximum"},
                                   {mean, "mean"},
                                   {median, "median"},
                                   {minimum, "minimum"},
                                   {reflect, "reflect"},
                                   {symmetric, "symmetric"},
                                   {wrap, "wrap"}})
    if (name == text) return mode;
  throw NotBuilt{"pad with mode=" + name};
}

void add_shapes(Table& t) {
  t.add("broadcast_to",
        [](const Call& c) { return F::broadcast_to(c.x(0), c.kwargs.shape("shape")); });
  t.add("broadcast", [](const Call& c) { return F::broadcast(c.xs()); });
  t.add("reshape", [](const Call& c) { return F::reshape(c.x(0), c.kwargs.shape("shape")); });
  t.unary("flatten", F::flatten);
  t.add("expand_dims",
        [](const Call& c) { return F::expand_dims(c.x(0), c.kwargs["axis"].integer()); });
  t.add("squeeze", [](const Call& c) { return F::squeeze(c.x(0), c.kwargs.axes()); });
  t.add("transpose", [](const Call& c) { return F::transpose(c.x(0), c.kwargs.axes("axes")); });
  t.add("swapaxes", [](const Call& c) {
    return F::swapaxes(c.x(0), c.kwargs["axis1"].integer(), c.kwargs["axis2"].integer());
  });
  t.add("moveaxis", [](const Call& c) {
    return F::moveaxis(c.x(0), c.kwargs.axes("source"), c.kwargs.axes("destination"));
  });
  t.add("rollaxis", [](const Call& c) {
    return F::rollaxis(c.x(0), c.kwargs["axis"].integer(), c.kwargs.integer("start", 0));
  });
  t.add("tile", [](const Call& c) { return F::tile(c.x(0), c.kwargs.shape("reps")); });
  t.add("as_strided", [](const Call& c) {
    return F::as_strided(c.x(0), c.kwargs.shape("shape"), c.kwargs.shape("strides"),
                         c.kwargs.integer("storage_offset", 0));
  });
  t.add("copy", [](const Call& c) {
    if (c.kwargs["dst"].integer(-1) != -1) throw NotBuilt{"copy to a device"};
    return F::copy(c.x(0));
  });
  t.add("cast", [](const Call& c) { return F::cast(c.x(0), c.output_dtypes.at(0)); });
}

void add_joins(Table& t) {
  t.add("concat", [](const Call& c) { return F::concat(c.xs(), c.kwargs.integer("axis", 1)); });
  t.add("stack", [](const Call& c) { return F::stack(c.xs(), c.kwargs.integer("axis", 0)); });
  t.add("hstack", [](const Call& c) { return F::hstack(c.xs()); });
  t.add("vstack", [](const Call& c) { return F::vstack(c.xs()); });
  t.add("dstack", [](const Call& c) { return F::dstack(c.xs()); });
  t.add("split_axis", [](const Call& c) {
    const Value& given = c.kwargs["indices_or_sections"];
    const Value& where = given.is(Value::Kind::map) ? given["index"] : given;
    c.kwargs["force_tuple"];  // they always are
    const F::Sections sections =
        where.is(Value::Kind::number) ? F::Sections(where.integer()) : F::Sections(longs(where));
    return F::split_axis(c.x(0), sections, c.kwargs["axis"].integer());
  });
  t.add("separate", [](const Call& c) { return F::separate(c.x(0), c.kwargs.integer("axis", 0)); });
  t.add("pad_sequence", [](const Call& c) {
    const Value& length = c.kwargs["length"];
    return F::pad_sequence(
        c.xs(), length.is(Value::Kind::null) ? std::optional<std::int64_t>() : length.integer(),
        c.kwargs.number("padding", 0));
  });
  t.add("transpose_sequence", [](const Call& c) { return F::transpose_sequence(c.xs()); });
}

void add_indexing(Table& t) {
  t.add("where", [](const Call& c) { return F::where(c.array(0), c.x(1), c.x(2)); });
  t.add("get_item", [](const Call& c) { return F::get_item(c.x(0), indices(c)); });
  t.add("scatter_add", [](const Call& c) { return F::scatter_add(c.x(0), indices(c), c.x(1)); });
  t.add("select_item", [](const Call& c) { return F::select_item(c.x(0), c.array(1)); });
  t.add("flip", [](const Call& c) { return F::flip(c.x(0), c.kwargs["axis"].integer()); });
  t.unary("fliplr", F::fliplr);
  t.unary("flipud", F::flipud);
  t.add("repeat", [](const Call& c) {
    const Value &repeats = c.kwargs["repeats"], &axis = c.kwargs["axis"];
    const std::optional<int> along =
        axis.is(Value::Kind::null) ? std::optional<int>() : axis.integer();
    return repeats.is(Value::Kind::number) ? F::repeat(c.x(0), repeats.integer(), along)
                                           : F::repeat(c.x(0), longs(repeats), along);
  });
  t.add("permutate", [](const Call& c) {
    return F::permutate(c.x(0), c.array(1), c.kwargs.integer("axis", 0), c.kwargs.flag("inv"));
  });
  t.add("diagonal", [](const Call& c) {
    return F::diagonal(c.x(0), c.kwargs.integer("offset", 0), c.kwargs.integer("axis1", 0),
                       c.kwargs.integer("axis2", 1));
  });
  t.add("pad", [](const Call& c) {
    const std::string type = c.kwargs.text("reflect_type", "even");
    if (type != "even" && type != "odd") throw NotBuilt{"pad with reflect_type=" + type};
    F::PadOptions options{.reflect_type =
                              type == "odd" ? F::ReflectType::odd : F::ReflectType::even};
    if (const Value& v = c.kwargs["constant_values"]; !v.is(Value::Kind::null))
      options.constant_values = per_border<double>(v);
    if (const Value& v = c.kwargs["end_values"]; !v.is(Value::Kind::null))
      options.end_values = per_border<double>(v);
    if (const Value& v = c.kwargs["stat_length"]; !v.is(Value::Kind::null))
      options.stat_length = per_border<std::int64_t>(v);
    return F::pad(c.x(0), per_border<std::int64_t>(c.kwargs["pad_width"]),
                  pad_mode(c.kwargs["mode"].text()), options);
  });
}

// A number, or one for the height and one for the width.
void add_images(Table& t) {
  t.add("im2col", [](const Call& c) {
    return F::im2col(c.x(0), c.kwargs.height_width("ksize").value(),
                     {.stride = c.kwargs.height_width("stride").value_or(1),
                      .pad = c.kwargs.height_width("pad").value_or(0),
                      .cover_all = c.kwargs.flag("cover_all"),
                      .dilate = c.kwargs.height_width("dilate").value_or(1)});
  });
  t.add("space2depth",
        [](const Call& c) { return F::space2depth(c.x(0), c.kwargs["r"].integer()); });
  t.add("depth2space",
        [](const Call& c) { return F::depth2space(c.x(0), c.kwargs["r"].integer()); });
  t.add("spatial_transformer_grid", [](const Call& c) {
    return F::spatial_transformer_grid(c.x(0), c.kwargs.height_width("output_shape").value());
  });
  t.add("spatial_transformer_sampler", [](const Call& c) {
    const auto shape = c.kwargs.height_width("output_shape");  // then x1 is theta
    return F::spatial_transformer_sampler(
        c.x(0), shape ? F::spatial_transformer_grid(c.x(1), *shape) : c.x(1));
  });
  t.add("resize_images", [](const Call& c) {
    const std::string mode = c.kwargs.text("mode", "bilinear");
    if (mode != "bilinear" && mode != "nearest") throw NotBuilt{c.function + " with mode=" + mode};
    return F::resize_images(c.x(0), c.kwargs.height_width("output_shape").value(),
                            {.mode = mode == "nearest" ? F::Resize::nearest : F::Resize::bilinear,
                             .align_corners = c.kwargs.flag("align_corners", true)});
  });
}

}  // namespace

void add_array(Table& t) {
  add_shapes(t);
  add_joins(t);
  add_indexing(t);
  add_images(t);
}

}  // namespace golden
