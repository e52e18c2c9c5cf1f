#include "examples/cifar_vae/net.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "autograd/array/random.h"
#include "autograd/autograd.h"
#include "autograd/testing/gradient_check.h"
#include "nn/nn.h"
#include "tests/examples/program.h"
#include "tests/paths.h"

namespace cifar_vae {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Shape;
using nlohmann::json;

// What Chainer computes (record_chainer.py).
const json& recorded() {
  static const json all =
      json::parse(contents(source_path("tests/examples/cifar_vae/chainer_net.json")));
  return all;
}

Array images() {
  Array x = Array::empty({6, 3, 32, 32}, Dtype::float32);
  auto* p = x.mutable_data<float>();
  for (int i = 0; i < 6 * 3072; ++i) p[i] = static_cast<float>(37 * i % 256) / 255.f;
  return x;
}

struct Terms {
  double loss, reconstr, kl_penalty;
};
Terms terms_of(AvgELBOLoss& model, const Array& x, nn::Optimizer* optimizer) {
  nn::Reporter reporter;
  reporter.add_observer("main", model);
  nn::Observation seen;
  const auto scope = reporter.scope(seen);
  if (optimizer != nullptr)
    optimizer->update([&] { return model(x); });
  else
    model(x);
  return {seen.at("main/loss").item(), seen.at("main/reconstr").item(),
          seen.at("main/kl_penalty").item()};
}

AvgELBOLoss small_model(int k = 1) {
  const Encoder encoder(5, 8);
  const Decoder decoder(5, 4, 8);
  return AvgELBOLoss(encoder, decoder, Prior(5), 1, k);
}

// Sums of up to 432 float32 products in another order: a relative difference of up to sqrt(432) u =
// 1e-6 in a layer, of which eleven follow each other, and normalisation by a batch of 6 enlarges
// those of small variances; the KL divergence, 0.2 in all, is the more exposed one. A step of Adam,
// which divides by the gradient's size, moves weights whose gradient is nothing but rounding by
// 0.001 in either direction, which is why the later steps are only held to three digits.
TEST(CifarVae, ComputesWhatChainerDoes) {
  autograd::random::seed(0);
  AvgELBOLoss model = small_model();
  nn::optimizers::Adam optimizer;
  optimizer.setup(model);
  const json& steps = recorded().at("steps");
  for (std::size_t i = 0; i < 3; ++i) {
    const double tolerance = i == 0 ? 2e-5 : 1e-3;
    const Terms terms = terms_of(model, images(), &optimizer);
    const auto expected = [&](int term) { return steps[i][std::size_t(term)].get<double>(); };
    EXPECT_NEAR(terms.loss, expected(0), tolerance * expected(0)) << i;
    EXPECT_NEAR(terms.reconstr, expected(1), tolerance * expected(1)) << i;
    EXPECT_NEAR(terms.kl_penalty, expected(2), 50 * tolerance * expected(2)) << i;
  }
  const auto testing = F::using_config(&F::Config::train, false);
  const Terms terms = terms_of(model, images(), nullptr);
  const double expected = recorded().at("test")[1].get<double>();
  EXPECT_NEAR(terms.reconstr, expected, 1e-3 * expected);
}

TEST(CifarVae, HasChainersParametersUnderTheirNames) {
  AvgELBOLoss model = small_model();
  std::vector<std::string> names;
  for (const auto& p : model.namedparams()) names.push_back(p.path);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, recorded().at("parameters").get<std::vector<std::string>>());
}

TEST(CifarVae, FeatureVectorNormalizationAndMinibatchStdAreChainers) {
  const Array x = Array::arange(48).astype(Dtype::float32).reshape({2, 3, 2, 4});
  const auto check = [&](const Variable& y, const char* name) {
    const auto expected = recorded().at(name).get<std::vector<double>>();
    const std::vector<double> found = y.array().to_vector<double>();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], 1e-6 * std::max(1.0, std::abs(expected[i]))) << name;
  };
  check(feature_vector_normalization(x), "feature_vector_normalization");
  check(minibatch_std(x), "minibatch_std");
  EXPECT_EQ(minibatch_std(x).shape(), (Shape{2, 4, 2, 4}));
  const Array odd =
      autograd::array::rand({3, 2, 3, 1}, Dtype::float64, autograd::random::generator());
  EXPECT_NO_THROW(autograd::testing::check_backward(
      [](const Variable& v) { return feature_vector_normalization(v); }, {odd}));
  EXPECT_NO_THROW(
      autograd::testing::check_backward([](const Variable& v) { return minibatch_std(v); }, {odd}));
}

// He's scale, applied to the input: the weights themselves are drawn from N(0, 1).
TEST(CifarVae, EqualizedLayersScaleTheirInput) {
  autograd::random::seed(1);
  EqualizedConv2d conv(8, 16, 3, 1, 1);
  EXPECT_DOUBLE_EQ(conv.inv_c, std::sqrt(2. / 72));
  const Array x =
      autograd::array::rand({2, 8, 5, 5}, Dtype::float32, autograd::random::generator());
  const Variable expected =
      F::convolution_2d(x * conv.inv_c, conv.c.W, conv.c.b, {.stride = 1, .pad = 1});
  EXPECT_TRUE(autograd::array_equal(conv(x).array(), expected.array()));
  EqualizedLinear linear(8, 4);
  EXPECT_DOUBLE_EQ(linear.inv_c, 0.5);
  EXPECT_EQ(linear(x.select(3, 0).select(2, 0)).shape(), (Shape{2, 4}));
  double squares = 0;
  for (const double w : conv.c.W.array().to_vector<double>()) squares += w * w;
  EXPECT_NEAR(squares / 1152, 1, 6 * std::sqrt(2. / 1152));  // six standard errors
}

TEST(CifarVae, AveragesOverKDraws) {
  autograd::random::seed(0);
  AvgELBOLoss model = small_model(3);
  const Terms terms = terms_of(model, images(), nullptr);
  EXPECT_NEAR(terms.loss, terms.reconstr + terms.kl_penalty, 1e-3);
  EXPECT_NEAR(terms.reconstr, recorded().at("steps")[0][1].get<double>(), 50);
}

}  // namespace
}  // namespace cifar_vae
