#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "autograd/functions/functions.h"
#include "autograd/functions/math/scan.h"
#include "autograd/functions/math/special.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"

// Whether what a function gives or leaves behind shares memory with anything else.
namespace autograd {
namespace {

using Call = std::function<Variables(const Variables&)>;
using V = const Variables&;

// A function and the shapes of its inputs. Outputs that are views of inputs say so in the header.
struct Row {
  std::string name;
  std::vector<Shape> shapes;
  Call f;
  bool is_view = false;
};

template <class F>
Call one(F f) {
  return [f](V x) { return Variables{f(x)}; };
}
Call unary(Variable (*f)(const Variable&)) {
  return [f](V x) { return Variables{f(x[0])}; };
}
Call binary(Variable (*f)(const Variable&, const Variable&)) {
  return [f](V x) { return Variables{f(x[0], x[1])}; };
}

const Array kLabels = Array::of<std::int32_t>({0, 2});
const Array kOneOrNot = Array::of<std::int32_t>({0, 1});
const Array kBits = Array::of<std::int32_t>({0, 1, 1, 0, 0, 1}, Shape{2, 3});
const Shape kS{2, 3};

std::vector<Row> rows() {
  std::vector<Row> all;
  const auto add = [&](const char* name, std::vector<Shape> shapes, Call f, bool is_view = false) {
    all.push_back({name, std::move(shapes), std::move(f), is_view});
  };
  const auto view = [&](const char* name, std::vector<Shape> shapes, Call f) {
    add(name, std::move(shapes), std::move(f), true);
  };
  const std::pair<const char*, Variable (*)(const Variable&)> unaries[] = {
      {"sigmoid", sigmoid},
      {"tanh", tanh},
      {"relu", relu},
      {"hard_sigmoid", hard_sigmoid},
      {"relu6", relu6},
      {"absolute", absolute},
      {"square", square},
      {"sign", sign},
      {"floor", floor},
      {"ceil", ceil},
      {"fix", fix},
      {"exp", exp},
      {"expm1", expm1},
      {"log", log},
      {"log1p", log1p},
      {"log2", log2},
      {"log10", log10},
      {"sqrt", sqrt},
      {"rsqrt", rsqrt},
      {"sinh", sinh},
      {"cosh", cosh},
      {"erf", erf},
      {"erfc", erfc},
      {"sin", sin},
      {"cos", cos},
      {"tan", tan},
      {"arcsin", arcsin},
      {"arccos", arccos},
      {"arctan", arctan},
      {"arctanh", arctanh},
      {"lgamma", lgamma},
      {"digamma", digamma},
      {"erfinv", erfinv},
      {"erfcinv", erfcinv},
      {"erfcx", erfcx},
      {"ndtr", ndtr},
      {"log_ndtr", log_ndtr},
      {"ndtri", ndtri},
      {"xlogx", xlogx},
      {"copy", copy},
      {"batch_l2_norm_squared", batch_l2_norm_squared},
      {"decov", [](const Variable& x) { return decov(x); }},
      {"negative", [](const Variable& x) { return -x; }},
      {"softplus", [](const Variable& x) { return softplus(x); }},
      {"leaky_relu", [](const Variable& x) { return leaky_relu(x); }},
      {"elu", [](const Variable& x) { return elu(x); }},
      {"selu", [](const Variable& x) { return selu(x); }},
      {"clipped_relu", [](const Variable& x) { return clipped_relu(x); }},
      {"rrelu", [](const Variable& x) { return rrelu(x); }},
      {"crelu", [](const Variable& x) { return crelu(x); }},
      {"maxout", [](const Variable& x) { return maxout(x, 3); }},
      {"maxout of 1", [](const Variable& x) { return maxout(x, 1); }},
      {"softmax", [](const Variable& x) { return softmax(x); }},
      {"log_softmax", [](const Variable& x) { return log_softmax(x); }},
      {"x + 1", [](const Variable& x) { return x + 1; }},
      {"x + 0", [](const Variable& x) { return x + 0; }},
      {"1 - x", [](const Variable& x) { return 1 - x; }},
      {"2 x", [](const Variable& x) { return 2 * x; }},
      {"1 x", [](const Variable& x) { return 1 * x; }},
      {"1 / x", [](const Variable& x) { return 1 / x; }},
      {"x / 1", [](const Variable& x) { return x / 1; }},
      {"x + x", [](const Variable& x) { return x + x; }},
      {"x + x + x", [](const Variable& x) { return x + x + x; }},
      {"x^1", [](const Variable& x) { return pow(x, 1); }},
      {"x^2", [](const Variable& x) { return pow(x, 2); }},
      {"2^x", [](const Variable& x) { return pow(2, x); }},
      {"x // 2", [](const Variable& x) { return floordiv(x, 2); }},
      {"clip", [](const Variable& x) { return clip(x, 0, 1); }},
      {"maximum of 0", [](const Variable& x) { return maximum(x, 0); }},
      {"minimum of 0", [](const Variable& x) { return minimum(x, 0); }},
      {"polygamma", [](const Variable& x) { return polygamma(1, x); }},
      {"sum", [](const Variable& x) { return sum(x); }},
      {"sum along 0", [](const Variable& x) { return sum(x, 0); }},
      {"sum kept", [](const Variable& x) { return sum(x, 1, true); }},
      {"mean", [](const Variable& x) { return mean(x); }},
      {"mean along 1", [](const Variable& x) { return mean(x, 1); }},
      {"average", [](const Variable& x) { return average(x, 0); }},
      {"max", [](const Variable& x) { return max(x); }},
      {"min along 1", [](const Variable& x) { return min(x, 1); }},
      {"logsumexp", [](const Variable& x) { return logsumexp(x, 1); }},
      {"prod", [](const Variable& x) { return prod(x, 1); }},
      {"cumsum", [](const Variable& x) { return cumsum(x, 1); }},
      {"cumsum of all", [](const Variable& x) { return cumsum(x); }},
      {"cumprod", [](const Variable& x) { return cumprod(x, 1); }},
      {"diagonal", [](const Variable& x) { return diagonal(x); }},
      {"as_strided",
       [](const Variable& x) {
         return as_strided(x, {2, 2}, {3, 1});
       }},
      {"normalize", [](const Variable& x) { return normalize(x); }},
      {"tile", [](const Variable& x) { return tile(x, 2); }},
      {"tile of 1", [](const Variable& x) { return tile(x, 1); }},
      {"repeat", [](const Variable& x) { return repeat(x, 2, 0); }},
      {"repeat of 1", [](const Variable& x) { return repeat(x, 1, 0); }},
      {"pad", [](const Variable& x) { return pad(x, 1); }},
      {"pad of 0", [](const Variable& x) { return pad(x, 0); }},
      {"pad edge", [](const Variable& x) { return pad(x, 1, PadMode::edge); }},
      {"pad edge of 0", [](const Variable& x) { return pad(x, 0, PadMode::edge); }},
      {"concat of one", [](const Variable& x) { return concat({x}); }},
      {"stack of one", [](const Variable& x) { return stack({x}); }},
      {"concat of one twice", [](const Variable& x) { return concat({x, x}); }},
      {"dropout", [](const Variable& x) { return dropout(x); }},
      {"dropout of 0", [](const Variable& x) { return dropout(x, 0); }},
      {"permutate", [](const Variable& x) { return permutate(x, Array::of({1, 0})); }},
      {"positions", [](const Variable& x) { return get_item(x, Array::of({1, 0})); }},
      {"a mask", [](const Variable& x) { return get_item(x, Array::of({true, false})); }},
      {"select_item", [](const Variable& x) { return select_item(x, kLabels); }},
      {"softmax_cross_entropy",
       [](const Variable& x) { return softmax_cross_entropy(x, kLabels); }},
      {"sigmoid_cross_entropy", [](const Variable& x) { return sigmoid_cross_entropy(x, kBits); }},
      {"hinge", [](const Variable& x) { return hinge(x, kLabels); }},
  };
  for (const auto& [name, f] : unaries) add(name, {kS}, unary(f));
  const std::pair<const char*, Variable (*)(const Variable&)> of_one[] = {
      {"sum of one along 0", [](const Variable& x) { return sum(x, 0); }},
      {"sum of one kept", [](const Variable& x) { return sum(x, 0, true); }},
      {"mean of one", [](const Variable& x) { return mean(x, 0); }},
      {"max of one", [](const Variable& x) { return max(x, 0); }},
      {"prod of one", [](const Variable& x) { return prod(x, 0); }},
      {"logsumexp of one", [](const Variable& x) { return logsumexp(x, 0); }},
      {"average of one", [](const Variable& x) { return average(x, 0); }},
      {"sum_to fewer axes", [](const Variable& x) { return sum_to(x, {3}); }},
  };
  for (const auto& [name, f] : of_one) add(name, {{1, 3}}, unary(f));
  const std::pair<const char*, Variable (*)(const Variable&)> views[] = {
      {"identity", identity},
      {"add of one", [](const Variable& x) { return autograd::add(Variables{x}); }},
      {"einsum of one", [](const Variable& x) { return einsum("ij->ji", x); }},
      {"flatten", flatten},
      {"reshape",
       [](const Variable& x) {
         return reshape(x, {3, 2});
       }},
      {"reshape to itself",
       [](const Variable& x) {
         return reshape(x, {2, 3});
       }},
      {"expand_dims", [](const Variable& x) { return expand_dims(x, 1); }},
      {"squeeze", [](const Variable& x) { return squeeze(expand_dims(x, 1), 1); }},
      {"transpose", [](const Variable& x) { return transpose(x); }},
      {"swapaxes", [](const Variable& x) { return swapaxes(x, 0, 1); }},
      {"moveaxis", [](const Variable& x) { return moveaxis(x, 0, 1); }},
      {"rollaxis", [](const Variable& x) { return rollaxis(x, 1); }},
      {"cast to itself", [](const Variable& x) { return cast(x, Dtype::float32); }},
      {"broadcast_to",
       [](const Variable& x) {
         return broadcast_to(x, {2, 2, 3});
       }},
      {"broadcast_to itself",
       [](const Variable& x) {
         return broadcast_to(x, {2, 3});
       }},
      {"sum_to itself",
       [](const Variable& x) {
         return sum_to(x, {2, 3});
       }},
      {"get_item",
       [](const Variable& x) {
         return get_item(x, {Slice(0, 1), 1});
       }},
      {"get_item of all", [](const Variable& x) { return get_item(x, ellipsis); }},
      {"flip", [](const Variable& x) { return flip(x, 1); }},
  };
  for (const auto& [name, f] : views) view(name, {kS}, unary(f));
  view("broadcast", {{3}, {2, 3}}, [](V x) { return broadcast({x[0], x[1]}); });
  view("split_axis", {{2, 4}}, [](V x) { return split_axis(x[0], 2, 1); });
  view("split_axis into one", {{2, 4}}, [](V x) { return split_axis(x[0], 1, 1); });
  view("separate", {kS}, [](V x) { return separate(x[0]); });

  add("cast", {kS}, [](V x) { return Variables{cast(x[0], Dtype::float64)}; });
  const std::pair<const char*, Variable (*)(const Variable&, const Variable&)> binaries[] = {
      {"a + b", operator+ },
       {"a - b", operator- },
        {"a b", operator* },
         {
             "a / b",
             operator/ },
             {"a^b", pow},
             {"maximum", maximum},
             {"minimum", minimum},
             {"arctan2", arctan2},
             {"fmod", fmod},
             {"floordiv", floordiv},
             {"squared_error", squared_error},
             {"absolute_error", absolute_error},
             {"mean_squared_error",
              [](const Variable& a, const Variable& b) { return mean_squared_error(a, b); }},
             {"mean_absolute_error",
              [](const Variable& a, const Variable& b) { return mean_absolute_error(a, b); }},
             {"huber_loss",
              [](const Variable& a, const Variable& b) { return huber_loss(a, b, 1); }},
             {"bernoulli_nll",
              [](const Variable& a, const Variable& b) { return bernoulli_nll(a, b); }},
             {"gaussian_kl_divergence",
              [](const Variable& a, const Variable& b) { return gaussian_kl_divergence(a, b); }},
             {"gaussian", [](const Variable& a, const Variable& b) { return gaussian(a, b); }},
             {"cross_covariance",
              [](const Variable& a, const Variable& b) { return cross_covariance(a, b); }},
             {"contrastive",
              [](const Variable& a, const Variable& b) { return contrastive(a, b, kOneOrNot); }},
             {"zoneout", [](const Variable& a, const Variable& b) { return zoneout(a, b); }},
             {"add",
              [](const Variable& a, const Variable& b) {
                return autograd::add({a, b});
              }},
             {"add of three",
              [](const Variable& a, const Variable& b) {
                return autograd::add({a, b, a});
              }},
             {"concat",
              [](const Variable& a, const Variable& b) {
                return concat({a, b});
              }},
             {"concat along 0",
              [](const Variable& a, const Variable& b) {
                return concat({a, b}, 0);
              }},
             {"stack",
              [](const Variable& a, const Variable& b) {
                return stack({a, b});
              }},
             {"hstack", [](const Variable& a, const Variable& b) { return hstack({a, b}); }},
             {"vstack", [](const Variable& a, const Variable& b) { return vstack({a, b}); }},
             {"dstack", [](const Variable& a, const Variable& b) { return dstack({a, b}); }},
             {"pad_sequence",
              [](const Variable& a, const Variable& b) { return pad_sequence({a, b}); }},
             {"where", [](const Variable& a,
                          const Variable& b) { return where(kBits.astype(Dtype::bool_), a, b); }},
             {"scatter_add",
              [](const Variable& a, const Variable& b) { return scatter_add(a, ellipsis, b); }},
             {"einsum",
              [](const Variable& a, const Variable& b) { return einsum("ij,ij->ij", a, b); }},
             {"tensordot", [](const Variable& a, const Variable& b) { return tensordot(a, b); }},
             {"matmul",
              [](const Variable& a, const Variable& b) { return matmul(a, b, false, true); }},
             {"matmul of transposes",
              [](const Variable& a, const Variable& b) { return matmul(a, b, true); }},
             {"linear", [](const Variable& a, const Variable& b) { return linear(a, b); }},
             {"identity + identity",
              [](const Variable& a, const Variable& b) { return identity(a) + identity(b); }},
             {"transposes meet",
              [](const Variable& a, const Variable& b) { return transpose(a) + transpose(b); }},
             {"parts of a sum",
              [](const Variable& a, const Variable& b) { return sum(a) + sum(b); }},
        };
  for (const auto& [name, f] : binaries) add(name, {kS, kS}, binary(f));
  add("a row is added", {kS, {3}}, [](V x) { return Variables{x[0] + x[1]}; });
  add("a row is multiplied", {kS, {3}}, [](V x) { return Variables{x[0] * x[1]}; });
  add("bias", {kS, {3}}, [](V x) { return Variables{bias(x[0], x[1])}; });
  add("scale", {kS, {3}}, [](V x) { return Variables{scale(x[0], x[1])}; });
  add("prelu", {kS, {3}}, [](V x) { return Variables{prelu(x[0], x[1])}; });
  add("swish", {kS, {3}}, [](V x) { return Variables{swish(x[0], x[1])}; });
  add("linear_interpolate", {kS, kS, kS},
      [](V x) { return Variables{linear_interpolate(x[0], x[1], x[2])}; });
  add("gaussian_nll", {kS, kS, kS}, [](V x) { return Variables{gaussian_nll(x[0], x[1], x[2])}; });
  add("triplet", {kS, kS, kS}, [](V x) { return Variables{triplet(x[0], x[1], x[2])}; });
  add("weighted average", {kS, kS},
      [](V x) { return Variables{average(x[0], std::nullopt, x[1])}; });
  add("linear with a bias", {kS, {4, 3}, {4}},
      [](V x) { return Variables{linear(x[0], x[1], x[2])}; });
  add("linear of one row", {{1, 3}, {4, 3}, {4}},
      [](V x) { return Variables{linear(x[0], x[1], x[2])}; });
  add("bilinear", {kS, {2, 4}, {3, 4, 2}, {3, 2}, {4, 2}, {2}},
      [](V x) { return Variables{bilinear(x[0], x[1], x[2], x[3], x[4], x[5])}; });
  add("embed_id", {{4, 3}}, [](V x) { return Variables{embed_id(kLabels, x[0])}; });
  add("inv", {{1, 1}}, [](V x) { return Variables{inv(x[0])}; });
  add("batch_inv", {{2, 1, 1}}, [](V x) { return Variables{batch_inv(x[0])}; });
  add("det", {{1, 1}}, [](V x) { return Variables{det(x[0])}; });
  add("batch_det", {{2, 1, 1}}, [](V x) { return Variables{batch_det(x[0])}; });
  add("batch_matmul", {{2, 2, 3}, {2, 3, 2}},
      [](V x) { return Variables{batch_matmul(x[0], x[1])}; });
  add("transpose_sequence", {kS, {1, 3}}, [](V x) { return transpose_sequence({x[0], x[1]}); });
  add("lstm", {kS, {2, 12}}, [](V x) {
    const auto [c, h] = lstm(x[0], x[1]);
    return Variables{c, h};
  });
  add("lstm of fewer rows", {kS, {1, 12}}, [](V x) {
    const auto [c, h] = lstm(x[0], x[1]);
    return Variables{c, h};
  });
  add("slstm", {kS, kS, {2, 12}, {2, 12}}, [](V x) {
    const auto [c, h] = slstm(x[0], x[1], x[2], x[3]);
    return Variables{c, h};
  });

  const Shape images{1, 2, 4, 4};
  const std::pair<const char*, Variable (*)(const Variable&)> of_images[] = {
      {"max_pooling_2d", [](const Variable& x) { return max_pooling_2d(x, 2); }},
      {"max_pooling_2d of 1", [](const Variable& x) { return max_pooling_2d(x, 1); }},
      {"average_pooling_2d", [](const Variable& x) { return average_pooling_2d(x, 2); }},
      {"average_pooling_2d of 1", [](const Variable& x) { return average_pooling_2d(x, 1); }},
      {"unpooling_2d", [](const Variable& x) { return unpooling_2d(x, 2); }},
      {"unpooling_2d of 1", [](const Variable& x) { return unpooling_2d(x, 1); }},
      {"spatial_pyramid_pooling_2d",
       [](const Variable& x) { return spatial_pyramid_pooling_2d(x, 2); }},
      {"max_pooling_nd", [](const Variable& x) { return max_pooling_nd(x, 2); }},
      {"average_pooling_nd", [](const Variable& x) { return average_pooling_nd(x, 1); }},
      {"unpooling_nd", [](const Variable& x) { return unpooling_nd(x, 1); }},
      {"im2col", [](const Variable& x) { return im2col(x, 2); }},
      {"im2col of 1", [](const Variable& x) { return im2col(x, 1); }},
      {"space2depth", [](const Variable& x) { return space2depth(x, 2); }},
      {"depth2space",
       [](const Variable& x) {
         return depth2space(concat({x, x}), 2);
       }},
      {"resize_images", [](const Variable& x) { return resize_images(x, 3); }},
      {"resize_images to its size", [](const Variable& x) { return resize_images(x, 4); }},
      {"local_response_normalization",
       [](const Variable& x) { return local_response_normalization(x); }},
  };
  for (const auto& [name, f] : of_images) add(name, {images}, unary(f));
  add("convolution_2d", {images, {3, 2, 2, 2}, {3}},
      [](V x) { return Variables{convolution_2d(x[0], x[1], x[2])}; });
  add("deconvolution_2d", {images, {2, 3, 2, 2}, {3}},
      [](V x) { return Variables{deconvolution_2d(x[0], x[1], x[2])}; });
  add("depthwise_convolution_2d", {images, {1, 2, 2, 2}, {2}},
      [](V x) { return Variables{depthwise_convolution_2d(x[0], x[1], x[2])}; });
  add("convolution_nd", {images, {3, 2, 2, 2}, {3}},
      [](V x) { return Variables{convolution_nd(x[0], x[1], x[2])}; });
  add("local_convolution_2d", {images, {1, 3, 3, 2, 2, 2}, {1, 3, 3}},
      [](V x) { return Variables{local_convolution_2d(x[0], x[1], x[2])}; });
  add("batch_normalization", {kS, {3}, {3}},
      [](V x) { return Variables{batch_normalization(x[0], x[1], x[2])}; });
  add("fixed_batch_normalization", {kS, {3}, {3}, {3}, {3}},
      [](V x) { return Variables{fixed_batch_normalization(x[0], x[1], x[2], x[3], x[4])}; });
  add("layer_normalization", {kS, {3}, {3}},
      [](V x) { return Variables{layer_normalization(x[0], x[1], x[2])}; });
  add("group_normalization", {images, {2}, {2}},
      [](V x) { return Variables{group_normalization(x[0], 1, x[1], x[2])}; });
  add("simplified_dropconnect", {kS, {4, 3}, {4}},
      [](V x) { return Variables{simplified_dropconnect(x[0], x[1], x[2])}; });
  return all;
}

// Numbers in (0, 1), where every function above is defined.
Variables inputs_of(const Row& row) {
  Variables xs;
  double number = 0.37;
  for (const Shape& shape : row.shapes) {
    Array a = Array::empty(shape, Dtype::float32);
    float* p = a.mutable_data<float>();
    for (std::int64_t i = 0; i < a.size(); ++i) {
      number += 0.61803398875;
      number -= static_cast<double>(static_cast<int>(number));
      p[i] = static_cast<float>(0.1 + 0.8 * number);
    }
    xs.push_back(Variable(a));
  }
  return xs;
}

// Arrays, and what they held at first.
struct Watched {
  std::vector<std::pair<std::string, Array>> arrays;
  std::vector<std::vector<double>> held;

  void add(const std::string& name, const Array& a) {
    arrays.emplace_back(name, a);
    held.push_back(a.to_vector<double>());
  }
  // Writes into the array `from`, and names the first other one that changed.
  std::string changed_by(std::size_t from) {
    Array a = arrays[from].second;
    const Array before = a.copy();
    a.fill(7777);
    std::string changed;
    for (std::size_t i = 0; i < arrays.size() && changed.empty(); ++i) {
      const std::vector<double> now = arrays[i].second.to_vector<double>();
      for (std::size_t k = 0; i != from && k < now.size(); ++k)
        if (now[k] == 7777 && held[i][k] != 7777) changed = arrays[i].first;
    }
    a.assign(before);
    return changed;
  }
};

bool is_writable(Array a) {
  try {
    a.mutable_raw();
  } catch (const Error&) {
    return false;
  }
  return true;
}

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Aliasing : public testing::TestWithParam<Row> {};

TEST_P(Aliasing, OutputsHaveTheirOwnMemoryUnlessTheyAreViews) {
  const Row& row = GetParam();
  const Variables xs = inputs_of(row), ys = row.f(xs);
  Watched all;
  for (std::size_t i = 0; i < xs.size(); ++i) all.add("input " + std::to_string(i), xs[i].array());
  for (std::size_t i = 0; i < ys.size(); ++i) {
    if (row.is_view) {
      EXPECT_EQ(ys[i].array().storage(), xs[i < xs.size() ? i : 0].array().storage());
      continue;
    }
    EXPECT_TRUE(is_writable(ys[i].array()));
    all.add("output " + std::to_string(i), ys[i].array());
  }
  for (std::size_t i = 0; i < all.arrays.size(); ++i)
    EXPECT_EQ(all.changed_by(i), "") << "after a write into " << all.arrays[i].first;
}

// Every array is dense, fills its block, and changes alone.
void expect_apart(Watched& all, std::size_t gradients) {
  for (std::size_t i = 0; i < gradients; ++i) {
    const auto& [name, a] = all.arrays[i];
    EXPECT_TRUE(a.is_contiguous()) << name;
    EXPECT_EQ(a.storage()->bytes(), static_cast<std::size_t>(a.size()) * item_size(a.dtype()))
        << name;
    EXPECT_EQ(all.changed_by(i), "") << "after a write into " << name;
  }
}

Array seed_of(const Variable& y) { return Array::full(y.shape(), 0.5, y.dtype()); }

TEST_P(Aliasing, GradientsHaveTheirOwnMemory) {
  const Row& row = GetParam();
  for (const bool with_graph : {false, true})
    for (std::size_t output = 0;; ++output) {
      Variables xs = inputs_of(row);
      Variables ys = row.f(xs);
      if (output == ys.size()) break;
      Variable& y = ys[output];
      if (y.creator() == nullptr) continue;  // no gradient flows
      const Array seed = seed_of(y);
      const Variable middle = y.is(xs[0]) ? Variable() : y;
      y.set_grad(seed);
      y.backward({.retain_grad = true, .enable_double_backprop = with_graph});
      Watched all;
      for (const Variable& x : xs)
        if (x.grad()) all.add("an input's gradient", x.grad());
      all.add("the output's gradient", y.grad());
      const std::size_t gradients = all.arrays.size();
      all.add("the seed", seed);
      for (const Variable& x : xs) all.add("an input", x.array());
      expect_apart(all, gradients);
    }
}

TEST_P(Aliasing, GradHandsOutMemoryOfItsOwn) {
  const Row& row = GetParam();
  const Variables xs = inputs_of(row);
  Variables ys, seeds;
  for (const Variable& y : row.f(xs))
    if (y.creator() != nullptr) {
      ys.push_back(y);
      seeds.push_back(Variable(seed_of(y), {.requires_grad = false}));
    }
  if (ys.empty()) return;
  Variables twice = xs;  // the same gradient asked for again
  twice.insert(twice.end(), xs.begin(), xs.end());
  twice.insert(twice.end(), ys.begin(), ys.end());
  for (const bool with_graph : {false, true}) {
    Watched all;
    for (const Variable& g :
         grad(ys, twice, {.create_graph = with_graph, .grad_outputs = seeds, .retain_graph = true}))
      if (g) all.add("a gradient", g.array());
    const std::size_t gradients = all.arrays.size();
    for (const Variable& s : seeds) all.add("a seed", s.array());
    expect_apart(all, gradients);
  }
}

INSTANTIATE_TEST_SUITE_P(Functions, Aliasing, testing::ValuesIn(rows()), [](const auto& param) {
  std::string name = std::to_string(param.index) + "_";
  for (const char c : param.param.name)
    name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

Variable filled_with_ones(const Shape& shape) {
  return Variable(Array::full(shape, 1, Dtype::float32));
}
std::vector<double> numbers_in(const Array& a) { return a.to_vector<double>(); }
using Numbers = std::vector<double>;

TEST(Gradient, CanBeWrittenToWhereverItCameFrom) {
  const Variable x = filled_with_ones({3});
  sum(x).backward();
  Array g = x.grad();
  EXPECT_EQ(g.storage()->bytes(), 3 * sizeof(float));
  g.mutable_data<float>()[0] = 0;
  EXPECT_EQ(numbers_in(x.grad()), (Numbers{0, 1, 1}));
}

TEST(Gradient, OfVariablesInBetweenIsTheirOwn) {
  const Variable x = filled_with_ones({2});
  const Variable y = x + 1;
  const Variable z = y + 1;
  const Variable loss = sum(z);
  loss.backward({.retain_grad = true});
  Array(y.grad()).fill(5);
  EXPECT_EQ(numbers_in(x.grad()), (Numbers{1, 1}));
  EXPECT_EQ(numbers_in(z.grad()), (Numbers{1, 1}));
  EXPECT_EQ(numbers_in(loss.grad()), (Numbers{1}));
}

TEST(Gradient, ThatIsGivenIsCopiedUnlessItIsMovedHere) {
  Variable x = filled_with_ones({2});
  Array g = Array::of<float>({1, 2});
  x.set_grad(g);
  g.fill(9);
  EXPECT_EQ(numbers_in(x.grad()), (Numbers{1, 2}));
  const void* place = g.raw();
  x.set_grad(std::move(g));
  EXPECT_EQ(x.grad().raw(), place);
  x.set_grad(Array::scalar(3.f).broadcast_to({2}));
  Array(x.grad()).mutable_data<float>()[0] = 4;
  EXPECT_EQ(numbers_in(x.grad()), (Numbers{4, 3}));
  const Variable wide = broadcast_to(Variable(Array::scalar(3.f)), {2});
  x.set_grad_var(wide);
  Array(x.grad()).mutable_data<float>()[0] = 4;
  EXPECT_EQ(numbers_in(x.grad()), (Numbers{4, 3}));
  EXPECT_EQ(x.grad_var().creator(), wide.creator());
  EXPECT_THROW(x.set_grad(Array::of<float>({1, 2, 3})), Error);
  EXPECT_EQ(numbers_in(x.grad()), (Numbers{4, 3}));
}

// Copied gradients keep their place in the graph.
TEST(Gradient, StaysDifferentiable) {
  const Variable a = Variable(Array::of<double>({1, 2})), b = Variable(Array::of<double>({3, 4}));
  const Variable s = a + b;
  const Variable y = sum(s * s * s);
  y.backward({.enable_double_backprop = true});
  const Variable ga = a.grad_var(), gb = b.grad_var();
  EXPECT_NE(ga.array().storage(), gb.array().storage());
  for (const Variable& g : {ga, gb}) {
    ASSERT_NE(g.creator(), nullptr);
    EXPECT_EQ(numbers_in(grad({sum(g)}, {a}, {.retain_graph = true})[0].array()),
              (Numbers{24, 36}));
  }
  const Variable gg = grad({sum(a)}, {a}, {.create_graph = true})[0];
  EXPECT_EQ(numbers_in(gg.array()), (Numbers{1, 1}));
}

TEST(Gradient, OfAVariableThatTheUserGivesIsAnother) {
  const Variable x = filled_with_ones({2}), g = filled_with_ones({2});
  const Variable gx = grad({x + 1}, {x}, {.create_graph = true, .grad_outputs = {g}})[0];
  EXPECT_NE(gx.array().storage(), g.array().storage());
  EXPECT_EQ(numbers_in(grad({sum(gx * 3)}, {g})[0].array()), (Numbers{3, 3}));
}

// A reference into what a temporary holds would outlive it.
TEST(Variable, GivesTemporariesPartsByValue) {
  const auto make = [] { return filled_with_ones({2}) + 1; };
  static_assert(!std::is_reference_v<decltype(make().array())>);
  static_assert(!std::is_reference_v<decltype(make().data())>);
  static_assert(!std::is_reference_v<decltype(make().shape())>);
  static_assert(!std::is_reference_v<decltype(make().array().shape())>);
  static_assert(!std::is_reference_v<decltype(make().grad_var())>);
  static_assert(!std::is_reference_v<decltype(make().name())>);
  static_assert(!std::is_reference_v<decltype(make().node())>);
  static_assert(!std::is_reference_v<decltype(Array().shape())>);
  static_assert(!std::is_reference_v<decltype(Array().strides())>);
  static_assert(!std::is_reference_v<decltype(Array().storage())>);
  const Array& a = make().array();
  const Shape& shape = make().shape();
  const Variable other = make() * 5;
  EXPECT_EQ(numbers_in(a), (Numbers{2, 2}));
  EXPECT_EQ(shape, Shape{2});
}

}  // namespace
}  // namespace autograd
