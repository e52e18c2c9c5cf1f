// Arguments by position mean what they mean in Chainer: each call beside the same one by names. And
// a function's name where a function is wanted.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autograd/autograd.h"

namespace autograd {
namespace {

void expect_same(const Variable& a, const Variable& b) {
  EXPECT_TRUE(array_equal(a.array(), b.array())) << a << "\n" << b;
}
Variable squares(const Shape& shape) {
  Array a = Array::empty(shape, Dtype::float32);
  for (std::int64_t i = 0; i < a.size(); ++i)
    a.mutable_data<float>()[i] = static_cast<float>(i * i % 17) - 8;
  return Variable(a);
}

const Variable nothing;

TEST(PositionalArguments, Convolutions) {
  const Variable x = squares({2, 3, 6, 5}), W = squares({4, 3, 3, 2}), b = squares({4});
  expect_same(convolution_2d(x, W, b, 2, 1), convolution_2d(x, W, b, {.stride = 2, .pad = 1}));
  expect_same(convolution_2d(x, W, {}, 1, 1), convolution_2d(x, W, nothing, {.pad = 1}));
  expect_same(convolution_2d(x, W, b, 2, 0, true),
              convolution_2d(x, W, b, {.stride = 2, .cover_all = true}));
  // Chainer's tuple (2, 1) is a stride along two axes, not a stride and a pad.
  expect_same(convolution_2d(x, W, b, {2, 1}), convolution_2d(x, W, b, {.stride = {2, 1}}));
  expect_same(convolution_2d(x, W, b, {2, 1}, {0, 1}),
              convolution_2d(x, W, b, {.stride = {2, 1}, .pad = {0, 1}}));
  expect_same(dilated_convolution_2d(x, W, b, 2, 1, 2),
              dilated_convolution_2d(x, W, b, {.stride = 2, .pad = 1, .dilate = 2}));
  const Variable V = squares({3, 4, 3, 2});
  expect_same(deconvolution_2d(x, V, b, 2, 1), deconvolution_2d(x, V, b, {.stride = 2, .pad = 1}));
  expect_same(deconvolution_2d(x, V, b, {2, 1}), deconvolution_2d(x, V, b, {.stride = {2, 1}}));
  expect_same(deconvolution_2d(x, V, b, 2, 0, {{14, 10}}),
              deconvolution_2d(x, V, b, {.stride = 2, .outsize = {{14, 10}}}));
  const Variable depth = squares({2, 3, 2, 2});
  expect_same(depthwise_convolution_2d(x, depth, {}, {2, 1}, 1),
              depthwise_convolution_2d(x, depth, nothing, {.stride = {2, 1}, .pad = 1}));
  expect_same(convolution_nd(x, W, b, {2, 1}, 1),
              convolution_nd(x, W, b, {.stride = {2, 1}, .pad = 1}));
  expect_same(deconvolution_nd(x, V, b, {2, 1}, 1),
              deconvolution_nd(x, V, b, {.stride = {2, 1}, .pad = 1}));
  const Variable s = squares({2, 3, 7}), U = squares({4, 3, 3}), T = squares({3, 4, 3});
  expect_same(convolution_1d(s, U, b, 2, 1, true),
              convolution_1d(s, U, b, {.stride = 2, .pad = 1, .cover_all = true}));
  expect_same(deconvolution_1d(s, T, b, 2, 1), deconvolution_1d(s, T, b, {.stride = 2, .pad = 1}));
  const Variable volume = squares({1, 1, 4, 3, 4}), cube = squares({1, 1, 2, 2, 2});
  expect_same(convolution_3d(volume, cube, {}, 2, 1),
              convolution_3d(volume, cube, nothing, {.stride = 2, .pad = 1}));
  expect_same(deconvolution_3d(volume, cube, {}, {2, 1, 2}),
              deconvolution_3d(volume, cube, nothing, {.stride = {2, 1, 2}}));
  expect_same(im2col(x, 3, {2, 1}, 1, true, 2),
              im2col(x, 3, {.stride = {2, 1}, .pad = 1, .cover_all = true, .dilate = 2}));
}

TEST(PositionalArguments, ABiasMayBeLeftOut) {
  const Variable x = squares({2, 3, 6, 5}), W = squares({4, 3, 3, 2}), V = squares({3, 4, 3, 2});
  expect_same(convolution_2d(x, W, {.stride = 2}), convolution_2d(x, W, nothing, {.stride = 2}));
  expect_same(convolution_2d(x, W, {}), convolution_2d(x, W));
  expect_same(deconvolution_2d(x, V, {.pad = 1}), deconvolution_2d(x, V, nothing, {.pad = 1}));
  expect_same(dilated_convolution_2d(x, W, {.dilate = 2}),
              dilated_convolution_2d(x, W, nothing, {.dilate = 2}));
  expect_same(depthwise_convolution_2d(x, squares({2, 3, 2, 2}), {.stride = 2}),
              depthwise_convolution_2d(x, squares({2, 3, 2, 2}), nothing, {.stride = 2}));
  expect_same(convolution_nd(x, W, {.stride = 2}), convolution_nd(x, W, nothing, {.stride = 2}));
  expect_same(deconvolution_nd(x, V, {.pad = 1}), deconvolution_nd(x, V, nothing, {.pad = 1}));
}

TEST(PositionalArguments, Pooling) {
  const Variable x = squares({2, 3, 6, 5});
  expect_same(max_pooling_2d(x, 3, 2), max_pooling_2d(x, 3, {.stride = 2}));
  expect_same(max_pooling_2d(x, 3, 2, 1, false),
              max_pooling_2d(x, 3, {.stride = 2, .pad = 1, .cover_all = false}));
  expect_same(max_pooling_2d(x, 3, {2, 1}), max_pooling_2d(x, 3, {.stride = {{2, 1}}}));
  expect_same(max_pooling_2d(x, 3, {}), max_pooling_2d(x, 3));
  expect_same(average_pooling_2d(x, 3, 2, 1), average_pooling_2d(x, 3, {.stride = 2, .pad = 1}));
  expect_same(average_pooling_2d(x, 3, {2, 1}), average_pooling_2d(x, 3, {.stride = {{2, 1}}}));
  expect_same(unpooling_2d(x, 3, 2, 1), unpooling_2d(x, 3, {.stride = 2, .pad = 1}));
  expect_same(unpooling_2d(x, 2, 2, 0, {{11, 9}}, true),
              unpooling_2d(x, 2, {.stride = 2, .outsize = {{11, 9}}}));
  const auto [y, indices] = max_pooling_2d_with_indices(x, 2, {.cover_all = false});
  expect_same(upsampling_2d(y, indices, 2, 2, 0, {{6, 4}}, false),
              upsampling_2d(y, indices, 2, {.outsize = {{6, 4}}, .cover_all = false}));
  expect_same(max_pooling_nd(x, 3, {2, 1}, 1),
              max_pooling_nd(x, 3, {.stride = {{2, 1}}, .pad = 1}));
  expect_same(average_pooling_nd(x, 3, 2, 1, std::nullopt),
              average_pooling_nd(x, 3, {.stride = 2, .pad = 1, .pad_value = {}}));
  expect_same(unpooling_nd(x, 3, {2, 1}), unpooling_nd(x, 3, {.stride = {{2, 1}}}));
  const Variable s = squares({2, 3, 7}), volume = squares({1, 1, 4, 4, 4});
  expect_same(max_pooling_1d(s, 3, 2, 1), max_pooling_1d(s, 3, {.stride = 2, .pad = 1}));
  expect_same(average_pooling_1d(s, 3, 2), average_pooling_1d(s, 3, {.stride = 2}));
  expect_same(unpooling_1d(s, 3, 2), unpooling_1d(s, 3, {.stride = 2}));
  expect_same(max_pooling_3d(volume, 3, 2), max_pooling_3d(volume, 3, {.stride = 2}));
  expect_same(average_pooling_3d(volume, 3, 2), average_pooling_3d(volume, 3, {.stride = 2}));
  expect_same(unpooling_3d(volume, 2, 1), unpooling_3d(volume, 2, {.stride = 1}));
}

TEST(PositionalArguments, OtherFunctions) {
  const Variable x = squares({2, 6});
  expect_same(local_response_normalization(x, 3, 1, 0.1, 0.5),
              local_response_normalization(x, {.n = 3, .k = 1, .alpha = 0.1, .beta = 0.5}));
  const Array t = Array::of<std::int32_t>({1, -1}), w = Array::of<float>({1, 2, 3, 4, 5, 6}),
              labels = Array::of<std::int32_t>({1, 2});
  expect_same(softmax_cross_entropy(x, t, false),
              softmax_cross_entropy(x, t, {.normalize = false}));
  expect_same(softmax_cross_entropy(x, labels, true, true, w, 1, Reduce::no),
              softmax_cross_entropy(x, labels,
                                    {.class_weight = w, .ignore_label = 1, .reduce = Reduce::no}));
  random::seed(0);
  const Variable W = squares({3, 6}), y = simplified_dropconnect(x, W, {}, 0.2);
  random::seed(0);
  expect_same(y, simplified_dropconnect(x, W, {}, {.ratio = 0.2}));
  expect_same(add(x, x, x), add({x, x, x}));
  EXPECT_EQ(broadcast(x, squares({1}))[1].shape(), x.shape());
}

using Unary = std::function<Variable(const Variable&)>;

TEST(FunctionObjects, StandWhereAFunctionIsWanted) {
  const Variable x = squares({2, 6});
  const std::map<std::string, std::pair<Unary, Variable>> cases = {
      {"softplus", {softplus, softplus(x)}},
      {"leaky_relu", {leaky_relu, leaky_relu(x, 0.2)}},
      {"elu", {elu, elu(x, 1)}},
      {"clipped_relu", {clipped_relu, clipped_relu(x, 20)}},
      {"selu", {selu, selu(x)}},
      {"crelu", {crelu, crelu(x, 1)}},
      {"softmax", {softmax, softmax(x, 1)}},
      {"log_softmax", {log_softmax, log_softmax(x, 1)}},
      {"local_response_normalization",
       {local_response_normalization, local_response_normalization(x)}},
      {"logsumexp", {logsumexp, logsumexp(x)}},
      {"relu", {relu, relu(x)}},
  };
  for (const auto& [name, pair] : cases) {
    SCOPED_TRACE(name);
    expect_same(pair.first(x), pair.second);
  }
  const auto testing = using_config(&Config::train, false);
  expect_same(Unary(dropout)(x), x);
  expect_same(Unary(rrelu)(x), rrelu(x));
}

TEST(FunctionObjects, AreChosen) {
  const Variable x = squares({2, 6});
  for (const bool deep : {false, true}) {
    const Unary of_two_objects = deep ? elu : leaky_relu;
    expect_same(of_two_objects(x), deep ? elu(x) : leaky_relu(x));
    const Unary of_a_function = deep ? relu : leaky_relu;
    expect_same(of_a_function(x), deep ? relu(x) : leaky_relu(x));
  }
  Variable (*pointer)(const Variable&) = softplus;
  expect_same(pointer(x), softplus(x));
  const auto copied = selu;
  expect_same(copied(x), selu(x));
}

TEST(FunctionObjects, AreLosses) {
  const Variable x = squares({2, 6}), z = squares({2, 6});
  const Array t = Array::of<std::int32_t>({1, 2}), bits = Array::zeros({2, 6}, Dtype::int32);
  using WithLabels = std::function<Variable(const Variable&, const Array&)>;
  using OfTwo = std::function<Variable(const Variable&, const Variable&)>;
  expect_same(WithLabels(softmax_cross_entropy)(x, t), softmax_cross_entropy(x, t));
  expect_same(WithLabels(sigmoid_cross_entropy)(x, bits), sigmoid_cross_entropy(x, bits));
  expect_same(WithLabels(hinge)(x, t), hinge(x, t));
  expect_same(WithLabels(accuracy)(x, t), accuracy(x, t));
  expect_same(WithLabels(mean_squared_error)(x, z.array()), mean_squared_error(x, z));
  expect_same(OfTwo(mean_squared_error)(x, z), mean_squared_error(x, z));
  expect_same(OfTwo(mean_absolute_error)(x, z), mean_absolute_error(x, z));
  expect_same(OfTwo(gaussian_kl_divergence)(x, z), gaussian_kl_divergence(x, z));
  expect_same(OfTwo(bernoulli_nll)(z, x), bernoulli_nll(z, x));
  expect_same(OfTwo(cross_covariance)(x, z), cross_covariance(x, z));
  expect_same(OfTwo(r2_score)(x, z), r2_score(x, z));
  expect_same(Unary(decov)(x), decov(x));
  using OfThree = std::function<Variable(const Variable&, const Variable&, const Variable&)>;
  expect_same(OfThree(triplet)(x, z, x), triplet(x, z, x));
  expect_same(OfThree(gaussian_nll)(x, z, 0.1 * x), gaussian_nll(x, z, 0.1 * x));
  const std::function<Variable(const Variables&)> join = concat;
  expect_same(join({x, z}), concat({x, z}));
}

}  // namespace
}  // namespace autograd
