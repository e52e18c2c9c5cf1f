// How each function is written in ONNX's operators.
#ifdef CHAINETTE_ONNX

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

#include "nn/exporters/onnx.h"
#include "nn/exporters/onnx_graph.h"

namespace nn::exporters {

using autograd::Dtype;
using autograd::Shape;
using Integers = OnnxGraph::Integers;
using autograd::Array;

namespace {

using Convert = std::function<Names(OnnxGraph&, const OnnxCall&)>;

Integers lengths(const Shape& shape) { return {shape.begin(), shape.end()}; }

std::string reshape(OnnxGraph& g, const std::string& x, const Integers& shape) {
  return g.node("Reshape", {x, g.integers(shape)});
}

// ---- elementwise

// One operator, whose operands are the inputs.
Convert same(std::string_view op) {
  return [op](OnnxGraph& g, const OnnxCall& c) { return Names{g.node(op, c.inputs)}; };
}

// An operator of two operands, of which one may be a number, the attribute "value". The label says
// which one stands first: "2 - _" or "_ * 2".
Convert arithmetic(std::string_view op) {
  return [op](OnnxGraph& g, const OnnxCall& c) {
    if (c.inputs.size() == 2) return Names{g.node(op, c.inputs)};
    const std::string value = g.number(c.number("value"), c.dtype());
    return Names{!c.function.label().starts_with('_') ? g.node(op, {value, c.inputs[0]})
                                                      : g.node(op, {c.inputs[0], value})};
  };
}

// An operator with one attribute, which is a number of the function.
Convert with_number(std::string_view op, std::string_view theirs, std::string_view ours) {
  return [=](OnnxGraph& g, const OnnxCall& c) {
    return Names{g.node(op, c.inputs, {{theirs, static_cast<float>(c.number(ours))}})};
  };
}

// f(x) op number.
Convert then(std::string_view f, std::string_view op, double number) {
  return [=](OnnxGraph& g, const OnnxCall& c) {
    return Names{g.node(op, {g.node(f, c.inputs), g.number(number, c.dtype())})};
  };
}

std::string clipped(OnnxGraph& g, const OnnxCall& c, double low, double high) {
  return g.node("Clip", {c.inputs[0], g.number(low, c.dtype()), g.number(high, c.dtype())});
}

// The second input, whose axes belong to those after the first axis of x. ONNX aligns shapes at the
// end.
std::string after_first_axis(OnnxGraph& g, const OnnxCall& c) {
  Integers shape = lengths(c.x[1].shape());
  const int missing = c.x[0].ndim() - 1 - c.x[1].ndim();
  shape.insert(shape.end(), static_cast<std::size_t>(std::max(missing, 0)), 1);
  return reshape(g, c.inputs[1], shape);
}

Names prelu(OnnxGraph& g, const OnnxCall& c) {
  return {g.node("PRelu", {c.inputs[0], after_first_axis(g, c)})};
}

Names softplus(OnnxGraph& g, const OnnxCall& c) {
  const double beta = c.number("beta");
  if (beta == 1) return {g.node("Softplus", c.inputs)};
  const std::string scale = g.number(beta, c.dtype());
  return {g.node("Div", {g.node("Softplus", {g.node("Mul", {c.inputs[0], scale})}), scale})};
}

Names swish(OnnxGraph& g, const OnnxCall& c) {
  const std::string scaled = g.node("Mul", {c.inputs[0], after_first_axis(g, c)});
  return {g.node("Mul", {c.inputs[0], g.node("Sigmoid", {scaled})})};
}

// ---- shapes

Names to_shape_of_output(OnnxGraph& g, const OnnxCall& c) {
  return {reshape(g, c.inputs[0], lengths(c.y[0].shape()))};
}

Names transpose(OnnxGraph& g, const OnnxCall& c) {
  if (!c.has("axes")) return {g.node("Transpose", c.inputs)};
  Integers axes = c.integers("axes");
  for (auto& axis : axes)
    if (axis < 0) axis += static_cast<std::int64_t>(axes.size());
  return {g.node("Transpose", c.inputs, {{"perm", axes}})};
}

Names concat(OnnxGraph& g, const OnnxCall& c) {
  return {g.node("Concat", c.inputs, {{"axis", c.integer("axis")}})};
}

Names split_axis(OnnxGraph& g, const OnnxCall& c) {
  const std::int64_t axis = c.integer("axis");
  Integers sizes;
  for (const Array& y : c.y) sizes.push_back(y.shape()[static_cast<int>(axis)]);
  return g.nodes("Split", {c.inputs[0], g.integers(sizes)}, c.y.size(), {{"axis", axis}});
}

Names separate(OnnxGraph& g, const OnnxCall& c) {
  const std::int64_t axis = c.integer("axis");
  const Integers ones(c.y.size(), 1);
  Names parts = g.nodes("Split", {c.inputs[0], g.integers(ones)}, c.y.size(), {{"axis", axis}});
  for (std::string& part : parts) part = g.node("Squeeze", {part, g.integers({axis})});
  return parts;
}

// The indices are a text such as "1:3, ..., None, 2".
Names get_item(OnnxGraph& g, const OnnxCall& c) {
  struct Part {
    Integers numbers;
    std::vector<bool> given;
    bool is_slice;
  };
  const std::string text = c.attributes.get<std::string>("indices");
  if (text.find('(') != std::string::npos || text.find('[') != std::string::npos)
    c.fail("an array of positions is no part of the graph");
  std::vector<std::string> items;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(", ", at), text.size());
    if (end > at) items.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  const auto used =
      std::ranges::count_if(items, [](const auto& i) { return i != "None" && i != "..."; });
  Integers starts, ends, steps, axes;
  std::int64_t axis = 0;
  for (const std::string& item : items) {
    if (item == "None") continue;
    if (item == "...") {
      axis += c.x[0].ndim() - used;
      continue;
    }
    const std::int64_t n = c.shape()[static_cast<int>(axis)];
    if (item.find(':') == std::string::npos) {
      std::int64_t at = std::stoll(item);
      if (at < 0) at += n;
      starts.push_back(at), ends.push_back(at + 1), steps.push_back(1);
    } else {
      std::vector<std::optional<std::int64_t>> numbers;
      for (std::size_t at = 0; at <= item.size();) {
        const std::size_t end = std::min(item.find(':', at), item.size());
        numbers.push_back(end > at ? std::optional(std::stoll(item.substr(at, end - at)))
                                   : std::nullopt);
        at = end + 1;
      }
      numbers.resize(3);
      const std::int64_t step = numbers[2].value_or(1);
      constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
      starts.push_back(numbers[0].value_or(step > 0 ? 0 : kAll));
      ends.push_back(numbers[1].value_or(step > 0 ? kAll : -kAll));
      steps.push_back(step);
    }
    axes.push_back(axis++);
  }
  std::string y = c.inputs[0];
  if (!axes.empty())
    y = g.node("Slice",
               {y, g.integers(starts), g.integers(ends), g.integers(axes), g.integers(steps)});
  return {reshape(g, y, lengths(c.y[0].shape()))};
}

Names tile(OnnxGraph& g, const OnnxCall& c) {
  Integers reps = c.integers("reps"), shape = lengths(c.shape());
  const std::size_t axes = std::max(reps.size(), shape.size());
  reps.insert(reps.begin(), axes - reps.size(), 1);
  shape.insert(shape.begin(), axes - shape.size(), 1);
  return {g.node("Tile", {reshape(g, c.inputs[0], shape), g.integers(reps)})};
}

Names pad(OnnxGraph& g, const OnnxCall& c) {
  const Integers& widths = c.integers("pad_width");  // before, after, before, after, ...
  Integers pads;
  for (std::size_t i = 0; i < widths.size(); i += 2) pads.push_back(widths[i]);
  for (std::size_t i = 1; i < widths.size(); i += 2) pads.push_back(widths[i]);
  const std::string mode = c.attributes.get<std::string>("mode");
  if (mode != "constant" && mode != "edge" && mode != "reflect")
    c.fail(fmt::format("ONNX does not pad in the mode {}", mode));
  Names inputs{c.inputs[0], g.integers(pads)};
  if (mode == "constant") inputs.push_back(g.number(c.number("constant_values"), c.dtype()));
  return {g.node("Pad", inputs, {{"mode", mode}})};
}

Names broadcast_to(OnnxGraph& g, const OnnxCall& c) {
  return {g.node("Expand", {c.inputs[0], g.integers(lengths(c.y[0].shape()))})};
}

// ---- sums and other reductions

Integers axes_of(const OnnxCall& c) {
  Integers axes;
  if (c.has("axis")) {
    axes = c.integers("axis");
  } else {
    axes.resize(static_cast<std::size_t>(c.x[0].ndim()));
    std::iota(axes.begin(), axes.end(), 0);
  }
  return axes;
}

Convert reduction(std::string_view op) {
  return [op](OnnxGraph& g, const OnnxCall& c) {
    const Integers axes = axes_of(c);
    if (axes.empty()) return Names{c.inputs[0]};  // no axis is reduced
    const std::int64_t keepdims = c.integer("keepdims");
    if (op == "ReduceSum")  // its axes are an input since opset 13
      return Names{g.node(op, {c.inputs[0], g.integers(axes)}, {{"keepdims", keepdims}})};
    return Names{g.node(op, {c.inputs[0]}, {{"axes", axes}, {"keepdims", keepdims}})};
  };
}

Names sum_to(OnnxGraph& g, const OnnxCall& c) {
  const Shape &from = c.shape(), &to = c.y[0].shape();
  const int lead = from.ndim() - to.ndim();
  Integers axes;
  for (int i = 0; i < from.ndim(); ++i)
    if (i < lead || (to[i - lead] == 1 && from[i] != 1)) axes.push_back(i);
  const std::string sums =
      axes.empty() ? c.inputs[0]
                   : g.node("ReduceSum", {c.inputs[0], g.integers(axes)}, {{"keepdims", 1}});
  return {reshape(g, sums, lengths(to))};
}

Names cumsum(OnnxGraph& g, const OnnxCall& c) {
  return {g.node("CumSum",
                 {c.inputs[0], g.constant(Array::scalar<std::int64_t>(c.integer("axis")))},
                 {{"reverse", c.integer("reverse")}})};
}

Convert along_axis(std::string_view op) {
  return [op](OnnxGraph& g, const OnnxCall& c) {
    return Names{g.node(op, c.inputs, {{"axis", c.integer("axis")}})};
  };
}

// ---- products

Names linear(OnnxGraph& g, const OnnxCall& c) {
  return {g.node("Gemm", c.inputs, {{"transB", std::int64_t{1}}})};
}

Names matmul(OnnxGraph& g, const OnnxCall& c) {
  const auto operand = [&](std::size_t i, std::string_view flag) {
    const int axes = c.x[i].ndim();
    if (!c.integer(flag) || axes < 2) return c.inputs[i];
    Integers perm(static_cast<std::size_t>(axes));
    std::iota(perm.begin(), perm.end(), 0);
    std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
    return g.node("Transpose", {c.inputs[i]}, {{"perm", perm}});
  };
  const std::string a = operand(0, "transa"), b = operand(1, "transb");
  return {g.node("MatMul", {a, b})};
}

// ---- windows

// The padding behind the input with which windows of this size reach an output of that length.
std::int64_t pad_behind(std::int64_t in, std::int64_t out, std::int64_t size, std::int64_t stride,
                        std::int64_t pad) {
  return std::max(pad, (out - 1) * stride + size - in - pad);
}

// {before the rows, before the columns, behind the rows, behind the columns}
Integers pads_of(const OnnxCall& c, const Integers& ksize, const Integers& dilate, const Shape& in,
                 const Shape& out) {
  const Integers &stride = c.integers("stride"), &pad = c.integers("pad");
  Integers pads(pad);
  for (std::size_t i = 0; i < 2; ++i) {
    const int axis = static_cast<int>(i) + 2;
    pads.push_back(
        pad_behind(in[axis], out[axis], (ksize[i] - 1) * dilate[i] + 1, stride[i], pad[i]));
  }
  return pads;
}

Names convolution(OnnxGraph& g, const OnnxCall& c) {
  const Shape& W = c.x[1].shape();
  const Integers ksize{W[2], W[3]}, dilate = c.integers("dilate");
  return {g.node("Conv", c.inputs,
                 {{"kernel_shape", ksize},
                  {"strides", c.integers("stride")},
                  {"dilations", dilate},
                  {"group", c.integer("groups")},
                  {"pads", pads_of(c, ksize, dilate, c.shape(), c.y[0].shape())}})};
}

Names deconvolution(OnnxGraph& g, const OnnxCall& c) {
  const Shape &W = c.x[1].shape(), &in = c.shape(), &out = c.y[0].shape();
  const Integers ksize{W[2], W[3]}, dilate = c.integers("dilate"), stride = c.integers("stride"),
                                    pad = c.integers("pad");
  Integers pads(pad), more;
  for (std::size_t i = 0; i < 2; ++i) {
    const int axis = static_cast<int>(i) + 2;
    const std::int64_t full = (in[axis] - 1) * stride[i] + (ksize[i] - 1) * dilate[i] + 1;
    // What is cut off behind, or, where it would be negative, added.
    const std::int64_t cut = full - pad[i] - out[axis];
    pads.push_back(std::max<std::int64_t>(cut, 0));
    more.push_back(std::max<std::int64_t>(-cut, 0));
  }
  return {g.node("ConvTranspose", c.inputs,
                 {{"kernel_shape", ksize},
                  {"strides", stride},
                  {"dilations", dilate},
                  {"group", c.integer("groups")},
                  {"pads", pads},
                  {"output_padding", more}})};
}

Names max_pooling(OnnxGraph& g, const OnnxCall& c) {
  const Integers ksize = c.integers("ksize");
  return {g.node("MaxPool", {c.inputs[0]},
                 {{"kernel_shape", ksize},
                  {"strides", c.integers("stride")},
                  {"pads", pads_of(c, ksize, {1, 1}, c.shape(), c.y[0].shape())}})};
}

Names average_pooling(OnnxGraph& g, const OnnxCall& c) {
  const Integers ksize = c.integers("ksize");
  return {g.node("AveragePool", {c.inputs[0]},
                 {{"kernel_shape", ksize},
                  {"strides", c.integers("stride")},
                  {"pads", pads_of(c, ksize, {1, 1}, c.shape(), c.y[0].shape())},
                  {"count_include_pad", std::int64_t{1}}})};
}

// Windows that do not overlap: every element fills its window.
Names unpooling(OnnxGraph& g, const OnnxCall& c) {
  const Integers &ksize = c.integers("ksize"), &stride = c.integers("stride"),
                 &pad = c.integers("pad");
  if (ksize != stride || pad != Integers{0, 0})
    c.fail("its windows must not overlap and must have no padding");
  const std::string scales = g.constant(
      Array::of<float>({1, 1, static_cast<float>(ksize[0]), static_cast<float>(ksize[1])}));
  const std::string y = g.node("Resize", {c.inputs[0], "", scales},
                               {{"mode", std::string("nearest")},
                                {"coordinate_transformation_mode", std::string("asymmetric")},
                                {"nearest_mode", std::string("floor")}});
  const Shape& out = c.y[0].shape();
  if (out[2] > c.shape()[2] * ksize[0] || out[3] > c.shape()[3] * ksize[1])
    c.fail("its outsize must not be greater than its windows");
  return {
      g.node("Slice", {y, g.integers({0, 0}), g.integers({out[2], out[3]}), g.integers({2, 3})})};
}

// ---- normalization

Names fixed_batch_normalization(OnnxGraph& g, const OnnxCall& c) {
  const Integers& axis = c.integers("axis");
  const int ndim = c.x[0].ndim();
  Integers others(static_cast<std::size_t>(ndim));
  std::iota(others.begin(), others.end(), 0);
  if (ndim >= 2) others.erase(others.begin() + 1);
  if (ndim >= 2 && axis == others && c.x[1].ndim() == 1)
    return {
        g.node("BatchNormalization", c.inputs, {{"epsilon", static_cast<float>(c.number("eps"))}})};
  Integers shape = lengths(c.shape());
  for (const auto i : axis) shape[static_cast<std::size_t>(i)] = 1;
  Names at;
  for (std::size_t i = 1; i < c.inputs.size(); ++i)
    at.push_back(reshape(g, c.inputs[i], shape));  // gamma, beta, mean, var
  const std::string std =
      g.node("Sqrt", {g.node("Add", {at[3], g.number(c.number("eps"), c.dtype())})});
  const std::string z = g.node("Div", {g.node("Sub", {c.inputs[0], at[2]}), std});
  return {g.node("Add", {g.node("Mul", {z, at[0]}), at[1]})};
}

Names layer_normalization(OnnxGraph& g, const OnnxCall& c) {
  const OnnxGraph::NodeAttributes rows{{"axes", Integers{1}}, {"keepdims", std::int64_t{1}}};
  const std::string centred =
      g.node("Sub", {c.inputs[0], g.node("ReduceMean", {c.inputs[0]}, rows)});
  const std::string var = g.node("ReduceMean", {g.node("Mul", {centred, centred})}, rows);
  const std::string std =
      g.node("Sqrt", {g.node("Add", {var, g.number(c.number("eps"), c.dtype())})});
  const std::string z = g.node("Div", {centred, std});
  return {g.node("Add", {g.node("Mul", {z, c.inputs[1]}), c.inputs[2]})};
}

// By the name of the function.
const std::map<std::string_view, Convert>& conversions() {
  constexpr double kLn2 = 0.69314718055994530942, kLn10 = 2.30258509299404568402;
  static const std::map<std::string_view, Convert> all{
      {"absolute", same("Abs")},
      {"add", arithmetic("Add")},
      {"arccos", same("Acos")},
      {"arcsin", same("Asin")},
      {"arctan", same("Atan")},
      {"arctanh", same("Atanh")},
      {"average_pooling_2d", average_pooling},
      {"broadcast_to", broadcast_to},
      {"cast",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{g.node("Cast", c.inputs, {{"to", std::int64_t{onnx_type(c.y[0].dtype())}}})};
       }},
      {"clip",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{clipped(g, c, c.number("x_min"), c.number("x_max"))};
       }},
      {"clipped_relu",
       [](OnnxGraph& g, const OnnxCall& c) { return Names{clipped(g, c, 0, c.number("z"))}; }},
      {"concat", concat},
      {"convolution_2d", convolution},
      {"copy", same("Identity")},
      {"cos", same("Cos")},
      {"cosh", same("Cosh")},
      {"cumsum", cumsum},
      {"deconvolution_2d", deconvolution},
      {"div", arithmetic("Div")},
      {"elu", with_number("Elu", "alpha", "alpha")},
      {"erf", same("Erf")},
      {"erfc",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{g.node("Sub", {g.number(1, c.dtype()), g.node("Erf", c.inputs)})};
       }},
      {"exp", same("Exp")},
      {"expm1", then("Exp", "Sub", 1)},
      {"fixed_batch_normalization", fixed_batch_normalization},
      {"get_item", get_item},
      {"hard_sigmoid",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{g.node("HardSigmoid", c.inputs, {{"alpha", 0.2f}, {"beta", 0.5f}})};
       }},
      {"identity", same("Identity")},
      {"layer_normalization", layer_normalization},
      {"leaky_relu", with_number("LeakyRelu", "alpha", "slope")},
      {"linear", linear},
      {"log", same("Log")},
      {"log10", then("Log", "Div", kLn10)},
      {"log1p",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{g.node("Log", {g.node("Add", {c.inputs[0], g.number(1, c.dtype())})})};
       }},
      {"log2", then("Log", "Div", kLn2)},
      {"log_softmax", along_axis("LogSoftmax")},
      {"logsumexp", reduction("ReduceLogSumExp")},
      {"matmul", matmul},
      {"max", reduction("ReduceMax")},
      {"max_pooling_2d", max_pooling},
      {"maximum", arithmetic("Max")},
      {"mean", reduction("ReduceMean")},
      {"min", reduction("ReduceMin")},
      {"minimum", arithmetic("Min")},
      {"mul", arithmetic("Mul")},
      {"neg", same("Neg")},
      {"pad", pad},
      {"pow", arithmetic("Pow")},
      {"prelu", prelu},
      {"prod", reduction("ReduceProd")},
      {"relu", same("Relu")},
      {"reshape", to_shape_of_output},
      {"rsqrt",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{g.node("Reciprocal", {g.node("Sqrt", c.inputs)})};
       }},
      {"separate", separate},
      {"sigmoid", same("Sigmoid")},
      {"sin", same("Sin")},
      {"sinh", same("Sinh")},
      {"softmax", along_axis("Softmax")},
      {"softplus", softplus},
      {"split_axis", split_axis},
      {"sqrt", same("Sqrt")},
      {"square",
       [](OnnxGraph& g, const OnnxCall& c) {
         return Names{g.node("Mul", {c.inputs[0], c.inputs[0]})};
       }},
      {"squared_error",
       [](OnnxGraph& g, const OnnxCall& c) {
         const std::string d = g.node("Sub", c.inputs);
         return Names{g.node("Mul", {d, d})};
       }},
      {"sub", arithmetic("Sub")},
      {"sum", reduction("ReduceSum")},
      {"sum_to", sum_to},
      {"swish", swish},
      {"tan", same("Tan")},
      {"tanh", same("Tanh")},
      {"tile", tile},
      {"transpose", transpose},
      {"unpooling_2d", unpooling}};
  return all;
}

}  // namespace

Names convert(OnnxGraph& graph, const OnnxCall& call) {
  const auto found = conversions().find(call.function.name());
  if (found != conversions().end()) return found->second(graph, call);
  // The functions that only rearrange, under their many names: flip, expand_dims, squeeze, swapaxes.
  if (call.has("indices") && !call.has("shape")) return get_item(graph, call);
  const std::string label = call.function.label();
  if (label == "Transpose" || call.has("axes")) return transpose(graph, call);
  if (call.has("shape") && call.x.size() == 1 && call.x[0].size() == call.y[0].size())
    return to_shape_of_output(graph, call);
  if (call.function.name() == "where") call.fail("its condition is an array outside the graph");
  call.fail("no operator is known for it");
}

std::vector<std::string> onnx_functions() {
  std::vector<std::string> names;
  for (const auto& [name, conversion] : conversions()) names.emplace_back(name);
  return names;
}

}  // namespace nn::exporters

#endif
