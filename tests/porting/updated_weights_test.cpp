// Gradients through weights that were updated since forward, as Chainer computes them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "autograd/autograd.h"

namespace updated_weights {
namespace {

namespace F = autograd;
using F::Array, F::Shape, F::Variable;
using V = const Variable&;

// Numbers without a pattern, none of which is 0.
Array ramp(const Shape& shape, double from) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < shape.elements(); ++i)
    values.push_back(from + .37 * static_cast<double>(i * i % 7));
  return Array::from(values, shape);
}
Array zeros(const Shape& shape) { return Array::zeros(shape, F::Dtype::float64); }

struct Row {
  std::string name;
  Shape x, W;
  Variable (*f)(V x, V W);
  double gx, gW;
};

// What Chainer 7.8.1 gives, in float64: y = f(x, W) of ramps from 0.6 and 0.3, then W.array *= 1.5,
// y.grad is a ramp from 1, y.backward(); gx and gW are sum(x.grad * ramp from 0.2), and W's.
std::vector<Row> rows() {
  return {
      {"linear", {2, 3}, {4, 3}, [](V x, V W) { return F::linear(x, W); }, 64.663989, 53.281696},
      {"matmul", {2, 3}, {3, 4}, [](V x, V W) { return F::matmul(x, W); }, 64.71738, 54.30297},
      {"mul", {2, 3}, {2, 3}, [](V x, V W) { return x * W; }, 28.2264525, 22.593105},
      {"div", {2, 3}, {2, 3}, [](V x, V W) { return x / W; }, 6.43928132314515, -5.57501249854057},
      {"pow",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::pow(x, W); },
       82.5063956269322,
       23.6606606156101},
      {"convolution_2d",
       {1, 2, 4, 4},
       {3, 2, 3, 3},
       [](V x, V W) { return F::convolution_2d(x, W, {}, 1, 1); },
       1497.822399,
       1288.661676},
      {"deconvolution_2d",
       {1, 2, 3, 3},
       {2, 3, 3, 3},
       [](V x, V W) { return F::deconvolution_2d(x, W, {}, 2, 1); },
       708.6350865,
       615.233651},
      {"depthwise_convolution_2d",
       {1, 2, 4, 4},
       {2, 2, 3, 3},
       [](V x, V W) { return F::depthwise_convolution_2d(x, W); },
       224.339751,
       290.292751},
      {"local_convolution_2d",
       {1, 1, 3, 3},
       {2, 2, 2, 1, 2, 2},
       [](V x, V W) { return F::local_convolution_2d(x, W); },
       70.407405,
       62.06283},
      {"batch_normalization",
       {4, 3},
       {3},
       [](V x, V W) { return F::batch_normalization(x, W, zeros({3})); },
       0.000772111242377776,
       4.36696569009569},
      {"layer_normalization",
       {4, 3},
       {3},
       [](V x, V W) { return F::layer_normalization(x, W, zeros({3})); },
       0.00111158550582457,
       9.10997363913561},
      {"group_normalization",
       {2, 4, 2},
       {4},
       [](V x, V W) { return F::group_normalization(x, 2, W, zeros({4})); },
       0.000635312169650071,
       11.8441420293956},
      {"fixed_batch_normalization",
       {4, 3},
       {3},
       [](V x, V W) {
         return F::fixed_batch_normalization(x, W, zeros({3}), zeros({3}), zeros({3}) + 1);
       },
       36.0259362424389,
       29.1228497729584},
      {"prelu", {2, 3}, {3}, [](V x, V W) { return F::prelu(x - 1, W); }, 12.4788045, -0.103427},
      {"swish",
       {2, 3},
       {3},
       [](V x, V W) { return F::swish(x, W); },
       12.2650043710325,
       0.736926053607256},
      {"scale", {2, 3}, {3}, [](V x, V W) { return F::scale(x, W); }, 25.5031785, 20.005029},
      {"einsum",
       {2, 3},
       {3, 4},
       [](V x, V W) {
         return F::einsum("ij,jk->ik", {x, W});
       },
       64.71738,
       54.30297},
      {"tensordot",
       {2, 3},
       {3, 4},
       [](V x, V W) { return F::tensordot(x, W, 1); },
       64.71738,
       54.30297},
      {"linear of a transpose",
       {2, 3},
       {3, 4},
       [](V x, V W) { return F::linear(x, F::transpose(W)); },
       64.71738,
       54.30297},
      {"lstm",
       {2, 1},
       {4, 1},
       [](V x, V W) { return F::lstm(x, F::linear(x, W)).h; },
       0.709265058778963,
       0.496271174543245},
      {"embed_id squared",
       {2, 3},
       {2, 3},
       [](V x, V W) {
         return F::square(F::embed_id(Array::of({0, 1}), W)) * x;
       },
       30.30831945,
       71.9072199},
      {"exp",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::exp(W) * x; },
       60.4632779473829,
       116.821477292187},
      {"log",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::log(W) * x; },
       4.37957514631845,
       10.3217177302769},
      {"sqrt",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::sqrt(W) * x; },
       15.2020630673847,
       9.21691294274735},
      {"square",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::square(W) * x; },
       30.30831945,
       107.86082985},
      {"tanh",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::tanh(W) * x; },
       10.9316565469559,
       4.20314485789753},
      {"sigmoid",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::sigmoid(W) * x; },
       10.1787333045372,
       3.18490591081721},
      {"softplus",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::softplus(W) * x; },
       21.5398441029664,
       20.4596899137153},
      {"softmax",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::softmax(W) * x; },
       5.80071910904788,
       1.74205860092197},
      {"normalize",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::normalize(W) * x; },
       8.83974587686076,
       0.0276793755124904},
      {"max", {2, 3}, {2, 3}, [](V x, V W) { return F::max(W, 1, true) * x; }, 22.401122, 0},
      {"maximum", {2, 3}, {2, 3}, [](V x, V W) { return F::maximum(x, W); }, 0.2, 12.3849},
      {"gaussian",
       {2, 3},
       {2, 3},
       [](V x, V W) {
         return F::gaussian(x, W, {.eps = zeros({2, 3}) + 1});
       },
       12.5849,
       20.1709060117995},
      {"gaussian_kl_divergence",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::gaussian_kl_divergence(x, W); },
       10.1809,
       10.3085662938624},
      {"gaussian_nll",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::gaussian_nll(x, x * 2, W); },
       2.4408231775613,
       1.01880771453058},
      {"bernoulli_nll",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::bernoulli_nll(x, W); },
       -12.56685,
       -4.94558177807495},
      {"mean_squared_error",
       {2, 3},
       {2, 3},
       [](V x, V W) { return F::mean_squared_error(x, W); },
       -0.795316666666666,
       0.795316666666666},
      {"convolution_1d",
       {1, 2, 4},
       {3, 2, 3},
       [](V x, V W) { return F::convolution_1d(x, W, {}, 1, 1); },
       143.679138,
       124.455442},
      {"convolution_3d",
       {1, 2, 3, 3, 3},
       {2, 2, 2, 2, 2},
       [](V x, V W) { return F::convolution_3d(x, W, {}, 1, 1); },
       2153.905332,
       1854.135718},
      {"deconvolution_1d",
       {1, 2, 3},
       {2, 3, 3},
       [](V x, V W) { return F::deconvolution_1d(x, W, {}, 2, 1); },
       98.6659635,
       83.664149},
      {"deconvolution_3d",
       {1, 2, 2, 2, 2},
       {2, 2, 2, 2, 2},
       [](V x, V W) { return F::deconvolution_3d(x, W, {}, 2, 0); },
       603.712857,
       529.095718},
      {"grouped convolution",
       {1, 4, 4, 4},
       {4, 2, 3, 3},
       [](V x, V W) { return F::convolution_2d(x, W, {}, {.stride = 1, .pad = 1, .groups = 2}); },
       2019.79026,
       1731.49102},
      {"dilated convolution",
       {1, 2, 6, 6},
       {3, 2, 3, 3},
       [](V x, V W) { return F::dilated_convolution_2d(x, W, {}, 1, 1, 2); },
       1438.578702,
       1253.139678},
      {"gru-like",
       {2, 3},
       {3, 3},
       [](V x, V W) {
         return F::linear_interpolate(F::sigmoid(F::linear(x, W)), x, F::tanh(F::linear(x, W)));
       },
       12.9625942614371,
       0.860229382703693},
  };
}

// Where this library, or Chainer, computes by several functions of which one keeps what another
// computed: that is of before the update. Layers are not among them but LocalConvolution2D.
const std::vector<std::string> kMadeOtherwise = {"pow", "local_convolution_2d", "normalize",
                                                 "gaussian_kl_divergence", "gaussian_nll"};

TEST(UpdatedWeights, GiveChainersGradients) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.name);
    const Variable x(ramp(row.x, .6)), W(ramp(row.W, .3));
    Variable y = row.f(x, W);
    Array weights = W.array();
    weights *= 1.5;
    y.set_grad(ramp(y.shape(), 1));
    y.backward({.allow_updates = true});
    const auto is_near = [](V of, double expected) {
      const double sum = F::sum(of.grad_var() * ramp(of.shape(), .2)).item();
      return std::abs(sum - expected) < 1e-12 * std::max(1., std::abs(expected));
    };
    EXPECT_EQ(is_near(x, row.gx) && is_near(W, row.gW),
              std::ranges::find(kMadeOtherwise, row.name) == kMadeOtherwise.end());
  }
}

}  // namespace
}  // namespace updated_weights
