// The lines of docs/porting_from_chainer.md that say how Chainer's lines are spelled, in its order:
// each must stand here, where it is compiled and run.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/autograd.h"  // arrays, variables, functions
#include "nn/nn.h"              // links, optimizers, training
#include "tests/folder.h"
#include "tests/porting/guide.h"

namespace F = autograd;
namespace L = nn;
using F::Array, F::Variable;

namespace {

constexpr auto kSource = "tests/porting/guide_spellings_test.cpp";

Array ones(const F::Shape& shape) { return Array::ones(shape, F::Dtype::float32); }
void expect_shape(const Variable& x, const F::Shape& shape) { EXPECT_EQ(x.shape(), shape); }

TEST(GuideSideBySide, Variables) {
  const Array a = ones({2, 3});
  {
    Variable x(a);
    const Variable y = F::tanh(x);
    Variable loss = F::sum(y);
    EXPECT_EQ(x.array().shape(), x.shape());
    loss.backward({.retain_grad = true});
    EXPECT_TRUE(x.grad());
    EXPECT_TRUE(y.grad());
    x.cleargrad(), loss.unchain_backward();
    EXPECT_FALSE(loss.creator());
  }
  Variable x(a, {.name = "x"});
  EXPECT_EQ(x.name(), "x");
  Variable loss = F::sum(x);
  loss.backward();
  x.cleargrad();
  const Variable y = F::sum(x * x * x);
  auto gx = F::grad({y}, {x}, {.create_graph = true})[0];
  EXPECT_EQ(F::sum(gx).item(), 18);
  EXPECT_TRUE(gx.creator());
  {
    auto scope = F::no_backprop_mode();
    EXPECT_FALSE(F::tanh(x).creator());
  }
  auto scope = F::using_config(&F::Config::train, false);
  EXPECT_TRUE(F::dropout(x).is(x));
}

TEST(GuideSideBySide, Functions) {
  {
    const Variable x(ones({2, 2})), a = x, b = x;
    const std::vector<Variable> results = {F::tanh(x), x + 1, 2 / x, -x, F::pow(x, 2)};
    for (const Variable& y : results) expect_shape(y, {2, 2});
    expect_shape(F::matmul(a, b), {2, 2});
    expect_shape(F::floordiv(a, b), {2, 2});
    expect_shape(F::sum(x), {});
    expect_shape(F::sum(x, 1), {2});
  }
  {
    const Variable x(ones({2, 3, 4}));
    expect_shape(F::sum(x, {0, 2}, true), {1, 3, 1});
    expect_shape(F::sum(x, F::None, true), {1, 1, 1});
    expect_shape(F::sum(x, {}), {2, 3, 4});
  }
  {
    const Variable x(ones({2, 28, 28}));
    expect_shape(F::reshape(x, {-1, 784}), {2, 784});
  }
  const Variable x(ones({2, 3})), y = x, mu = x, ln_var = x;
  const Array e = ones({2, 3});
  expect_shape(F::gaussian(mu, ln_var), {2, 3});
  expect_shape(F::gaussian(mu, ln_var, {.eps = e}), {2, 3});
  expect_shape(F::bernoulli_nll(x, y, F::Reduce::no), {2, 3});
}

TEST(GuideSideBySide, Layers) {
  {
    nn::Parameter W(nn::initializers::Normal(0.1), F::Shape{3, 4});
    EXPECT_EQ(W.size(), 12);
  }
  std::vector<L::Linear> linear = {L::Linear(784, 100), L::Linear(nn::None, 10, {.nobias = true}),
                                   L::Linear(10)};
  EXPECT_FALSE(linear[1].b);
  std::vector<L::Convolution2D> layers = {L::Convolution2D(3, 8, 3, 1, 1),
                                          L::Convolution2D(nn::None, 8, {3, 2}, {.stride = 2})};
  std::vector<L::BatchNormalization> norms = {L::BatchNormalization(16, {.use_gamma = false}),
                                              L::BatchNormalization(nn::None, {.axis = {0, 2, 3}})};
  {
    const Variable x(ones({1, 3, 8, 8})), W(ones({2, 3, 3, 3})), b(ones({2}));
    expect_shape(layers[1](x), {1, 8, 3, 4});
    expect_shape(F::convolution_2d(x, W, b, {.stride = 2, .pad = {1, 0}}), {1, 2, 4, 3});
    expect_shape(F::max_pooling_2d(x, 2), {1, 3, 4, 4});
    expect_shape(F::average_pooling_2d(x, 3, {.stride = 2, .pad = 1}), {1, 3, 4, 4});
    expect_shape(F::average_pooling_nd(x, 3, {.pad = 1, .pad_value = F::None}), {1, 3, 3, 3});
    expect_shape(F::unpooling_2d(x, 2, {.cover_all = false}), {1, 3, 16, 16});
    L::BatchNormalization& bn = norms[1];
    bn.start_finetuning();
    bn(x, true);
    EXPECT_EQ(bn.N, 1);
  }
  {
    const Array x = ones({1, 1, 3, 3});
    expect_shape(F::unpooling_2d(x, 2, {.outsize = {{5, 5}}}), {1, 1, 5, 5});
    auto [y, idx] = F::max_pooling_2d_with_indices(x, 2);
    expect_shape(F::upsampling_2d(y, idx, 2), {1, 1, 3, 3});
  }
  {
    const Variable x(ones({1, 1, 4, 4, 4})), W(ones({1, 1, 2, 2, 2})), b;
    expect_shape(F::convolution_3d(x, W, b, {.stride = {2, 1, 1}}), {1, 1, 2, 3, 3});
  }
  {
    const Array x = ones({1, 1, 4});
    expect_shape(F::max_pooling_1d(x, 2), {1, 1, 2});
  }
}

TEST(GuideSideBySide, RecurrentLayers) {
  {
    const Variable c_prev(ones({2, 3})), x(ones({2, 12}));
    auto [c, h] = F::lstm(c_prev, x);
    expect_shape(h, {2, 3});
  }
  std::vector<L::NStepLSTM> deep = {L::NStepLSTM(2, 3, 5, 0.5)};
  {
    L::LSTM rnn(nn::None, 100);
    rnn(ones({2, 3}));
    rnn.reset_state();
    EXPECT_FALSE(rnn.h);
  }
  {
    const F::Arrays xs = {ones({4, 3}), ones({2, 3})};
    L::NStepLSTM& rnn = deep[0];
    auto [hy, cy, ys] = rnn({}, {}, xs);
    expect_shape(ys[0], {4, 5});
  }
  const Variable hx(ones({2, 2, 5})), cx = hx;
  const F::Weights ws = deep[0].ws(), bs = deep[0].bs();
  {
    const std::vector<Variable> xs(3, Variable(ones({2, 3})));
    auto [hy, cy, ys] = F::n_step_lstm(2, 0.5, hx, cx, ws, bs, xs);
    expect_shape(hy, {2, 2, 5});
  }
}

TEST(GuideSideBySide, Training) {
  L::Linear model(3, 2);
  int count = 0;
  for (auto& [path, p] : model.namedparams()) count += path == "/W" || p.size() == 2;
  EXPECT_EQ(count, 2);
  model.cleargrads(), model.count_params();
  nn::optimizers::Adam opt({.alpha = 1e-4});
  const Array x = ones({4, 3}), t = ones({4, 2});
  const auto lossfun = [&](const Variable& in, const Variable& target) {
    return F::mean_squared_error(model(in), target);
  };
  opt.setup(model);
  opt.add_hook(nn::optimizer_hooks::WeightDecay(1e-4));
  opt.update(lossfun, x, t);
  EXPECT_EQ(opt.t, 1);
}

TEST(GuideSideBySide, NumPy) {
  Array a = Array::ones({2, 3}, F::Dtype::float32);
  EXPECT_EQ(F::sum(Array::zeros_like(a)).item(), 0);
  std::vector<Array> parts = {a[1], a[{F::Slice(), 1}], a[a > 0]};
  EXPECT_EQ(parts[1].shape(), F::Shape{2});
  const Array b = Array::ones_like(a);
  const Variable x(ones({2, 3}));
  parts = {a + b, a *= 2, a == 1};
  a[1].fill(5);
  expect_shape((a > 0) * x, {2, 3});
  const Array mask = a > 2;
  parts = {F::array::mean(a, 1), F::array::std(a), F::array::sum(mask), F::array::isnan(a)};
  EXPECT_EQ(parts[2].item(), 3);
  parts = {F::array::uniform(-1, 1, {2, 3}), F::array::randint(0, 9, {5})};
  L::Linear model(3, 2);
  const std::ostringstream out;
  std::streambuf* const screen = std::cout.rdbuf(out.rdbuf());
  std::cout << a << x << model;
  std::cout.rdbuf(screen);
  EXPECT_NE(out.str().find("variable("), std::string::npos);
}

TEST(GuideSideBySide, Files) {
  const Folder folder;
  const std::string here = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  L::Linear model(3, 2);
  nn::serializers::save_npz("model.npz", model);
  nn::serializers::load_npz("model.npz", model);
  using nn::serializers::load_hdf5;
  nn::serializers::save_hdf5("model.h5", model);
  load_hdf5("model.h5", model);
  const Variable x(Array::ones({1, 3}, F::Dtype::float32));
  try {
    nn::exporters::export_onnx("model.onnx",
                               [&](const F::Variables& in) { return F::Variables{model(in[0])}; },
                               {x}, {.model = &model});
  } catch (const F::Error& error) {  // of a build without libonnx
    EXPECT_NE(std::string(error.what()).find("built without"), std::string::npos);
  }
  std::filesystem::current_path(here);
}

class MLP : public nn::Chain {
 public:
  MLP(int n_units, int n_out) : l1(784, n_units), l2(n_units, n_out) {}

  Variable operator()(const Variable& x) { return l2(F::relu(l1(x))); }

  void list(nn::Members& members) override { members("l1", l1)("l2", l2); }

  L::Linear l1, l2;
};

TEST(GuideSideBySide, TheTrainingLoop) {
  const Folder folder;
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  const nn::datasets::TupleDataset train(ones({200, 784}), Array::zeros({200}, F::Dtype::int32)),
      test = train;
  MLP net(5, 2);
  L::Classifier model(net);
  nn::optimizers::SGD optimizer;
  optimizer.setup(model);
  namespace training = nn::training;
  namespace extensions = nn::training::extensions;
  nn::iterators::SerialIterator train_iter(train, 100);
  nn::iterators::SerialIterator test_iter(test, 100, {.repeat = false, .shuffle = false});
  training::StandardUpdater updater(train_iter, optimizer, model);
  training::Trainer trainer(updater, {20, "epoch"}, "result");
  trainer.extend(extensions::Evaluator(test_iter, model));
  trainer.extend(extensions::snapshot());
  trainer.extend(extensions::LogReport());
  trainer.extend(extensions::PrintReport({"epoch", "main/loss", "validation/main/loss"}));
  trainer.extend(extensions::PlotReport({"main/loss", "validation/main/loss"}, "epoch",
                                        {.filename = "loss.png"}));
  trainer.extend(extensions::ProgressBar());
  trainer.run();
  EXPECT_EQ(optimizer.t, 40);
  EXPECT_TRUE(std::filesystem::exists("result/loss.png"));
  EXPECT_TRUE(std::filesystem::exists("result/snapshot_iter_40"));
  std::filesystem::current_path(before);
  nn::report({{"loss", Variable(ones({}))}}, model);
}

TEST(GuideArguments, OfFunctions) {
  {
    const Variable x(ones({1, 3, 4, 4})), W(ones({2, 3, 3, 3})), V(ones({3, 2, 3, 3}));
    const Variable b(ones({2}));
    expect_shape(F::max_pooling_2d(x, 2, 2), {1, 3, 2, 2});
    expect_shape(F::average_pooling_2d(x, 3, {2, 1}, 1), {1, 3, 2, 4});
    expect_shape(F::convolution_2d(x, W, {}, 1, 1), {1, 2, 4, 4});
    expect_shape(F::deconvolution_2d(x, V, b, 2, 1), {1, 2, 7, 7});
    expect_shape(F::unpooling_2d(x, 2, 2, 0), {1, 3, 7, 7});
    expect_shape(F::leaky_relu(x, 0.1), {1, 3, 4, 4});
    expect_shape(F::clip(x, 0, 1), {1, 3, 4, 4});
  }
  {
    const Variable a(ones({2, 2})), b = a, c = a, x = a;
    expect_shape(F::concat({a, b}, 1), {2, 4});
    EXPECT_EQ(F::split_axis(x, 2, 1).size(), 2U);
    expect_shape(F::add(a, b, c), {2, 2});
    const Variable y = a;
    const Array t = Array::zeros({2}, F::Dtype::int32);
    expect_shape(F::softmax_cross_entropy(y, t, false), {});
    expect_shape(F::pad(x, 1, F::PadMode::constant), {4, 4});
    expect_shape(F::hinge(y, t, F::Norm::L2), {});
  }
}

TEST(GuideArguments, OfLinksAndOptimizers) {
  EXPECT_FALSE(L::Convolution2D(3, 8, 3, {2, 1}, 1, true).b);
  EXPECT_EQ(L::Deconvolution2D(8, 4, 4, 2, 1).pad, 1);
  EXPECT_EQ(L::BatchNormalization(16, 0.95).decay, 0.95);
  EXPECT_FALSE(L::Linear(nn::None, 10, true).b);
  EXPECT_EQ(nn::optimizers::SGD(0.1).lr, 0.1);
  EXPECT_EQ(nn::optimizers::Adam(1e-3, 0.5).beta1, 0.5);
  const nn::datasets::TupleDataset test(ones({200, 3}));
  EXPECT_FALSE(nn::iterators::SerialIterator(test, 100, false, false).repeat());
  const std::function<void()> where_mnist_is = [] { nn::datasets::get_mnist(false, 3); };
  EXPECT_TRUE(where_mnist_is);
}

TEST(GuideArguments, OfFiles) {
  const Folder folder;
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  L::Linear model(3, 2), other(3, 2);
  struct Snapshot : nn::Link {
    L::Linear* link = nullptr;
    void list(nn::Members& m) override { m("updater/model:main", *link); }
  } snapshot;
  snapshot.link = &other;
  nn::serializers::save_npz("s", snapshot);
  nn::serializers::load_npz("s", model, "updater/model:main/");
  EXPECT_TRUE(array_equal(model.W.array(), other.W.array()));
  std::filesystem::current_path(before);
}

TEST(GuideSequencesRegionsAndSparseMatrices, Mathematics) {
  {
    const Variable re(ones({2, 4})), im(ones({2, 4}));
    const auto [y, i] = F::fft({re, im});
    expect_shape(y, {2, 4});
    expect_shape(i, {2, 4});
    expect_shape(F::ifft({re, im}).real, {2, 4});
  }
  {
    const Variable a(ones({2, 3})), b(ones({3, 4})), x(ones({2, 3}));
    expect_shape(F::einsum({{a, {0, 1}}, {b, {1, 2}}}, {{0, 2}}), {2, 4});
    expect_shape(F::pad(x, 1, F::PadMode::reflect, {.reflect_type = F::ReflectType::odd}), {4, 5});
    expect_shape(F::pad(x, 1, F::PadMode::constant, {.constant_values = {{1, 2}, {3, 4}}}), {4, 5});
    expect_shape(F::pad(x, 2, F::PadMode::mean, {.stat_length = 1}), {6, 7});
    expect_shape(F::pad(x, 2, F::PadMode::linear_ramp, {.end_values = 5}), {6, 7});
    const Array n = Array::of({0, 1, 2});
    expect_shape(F::polygamma(n, x), {2, 3});
    expect_shape(F::zeta(2.5, x), {2, 3});
    expect_shape(F::gumbel_softmax(x, 0.5), {2, 3});
    L::Linear l(3, 2);
    Variable y;
    y = F::forget([&](const Variable& v) { return F::tanh(l(v)); }, x);
    expect_shape(y, {2, 2});
  }
  {
    const Array p = ones({5}), a = ones({3, 4}), data = ones({1});
    const Array row = Array::of({0}), col = Array::of({3});
    F::WalkerAlias sampler(p);
    EXPECT_EQ((sampler.sample({2, 3}).shape()), (F::Shape{2, 3}));
    const F::CooMatrix m = F::to_coo(a);
    const F::CooMatrix n(data, row, col, {3, 4});
    const Variable x(ones({3, 2}));
    expect_shape(F::sparse_matmul(m, x, true), {4, 2});
    EXPECT_TRUE(array_equal(m.to_dense(), a));
    EXPECT_EQ(n.to_dense().shape(), a.shape());
  }
}

TEST(GuideSequencesRegionsAndSparseMatrices, LossesAndScores) {
  const Array y = ones({2, 3}), t = Array::zeros({2}, F::Dtype::int32);
  {
    const auto [p, r, f, n] = F::classification_summary(y, t, {.label_num = 10});
    expect_shape(p, {10});
    EXPECT_TRUE(r && f && n);
  }
  {
    const auto [p, n] = F::precision(y, t);
    expect_shape(p, {1});
    expect_shape(n, {1});
  }
  {
    const Variable cost(ones({3, 3}));
    const F::Arrays xs{y, y}, ys{t, t};
    expect_shape(F::crf1d(cost, xs, ys), {});
    const auto [score, path] = F::argmax_crf1d(cost, xs);
    expect_shape(score, {2});
    EXPECT_EQ(path.size(), 2u);
  }
  {
    const Variable x(ones({2, 3})), W(ones({5, 3}));
    F::WalkerAlias sampler(ones({5}));
    const auto draw = [&](const F::Shape& s) { return sampler.sample(s); };
    expect_shape(F::negative_sampling(
                     x, t, W, [&](const F::Shape& s) { return sampler.sample(s); }, 5),
                 {});
    const auto [loss, k] = F::negative_sampling_with_samples(x, t, W, draw, 5);
    EXPECT_EQ(k.shape(), (F::Shape{2, 6}));
    expect_shape(loss, {});
  }
}

TEST(GuideSequencesRegionsAndSparseMatrices, Layers) {
  {
    const Array y = ones({2, 3}), t = Array::ones({2, 1}, F::Dtype::int32);
    const F::Arrays xs{y, y, y};
    const Array n = Array::of({3, 2});
    expect_shape(F::connectionist_temporal_classification(xs, t, 0, {.input_length = n}), {});
  }
  {
    const Variable c1(ones({2, 3})), c2(ones({2, 3})), x(ones({2, 15}));
    const auto [c, h] = F::tree_lstm(c1, c2, x);
    expect_shape(c, {2, 3});
    expect_shape(h, {2, 3});
  }
  {
    const Variable x(ones({1, 2, 4, 5})), theta(ones({1, 2, 3}));
    const Array rois = ones({1, 4}), regions = Array::zeros({1, 5}, F::Dtype::float32);
    const Array ids = Array::zeros({1}, F::Dtype::int32);
    expect_shape(F::roi_average_align_2d(x, rois, ids, 7, 1 / 16., {2, F::None}), {1, 2, 7, 7});
    expect_shape(F::roi_pooling_2d(x, regions, 7, 7, 0.5), {1, 2, 7, 7});
    expect_shape(F::roi_max_pooling_2d(x, rois, ids, {7, 5}, 0.5), {1, 2, 7, 5});
    expect_shape(F::spatial_transformer_sampler(x, F::spatial_transformer_grid(theta, {5, 6})),
                 {1, 2, 5, 6});
  }
  {
    const Variable x(ones({4, 2})), g(ones({2})), b(ones({2}));
    const Array m = ones({2}), v = ones({2});
    expect_shape(F::batch_renormalization(x, g, b, 3, 5, m, v), {4, 2});
    expect_shape(F::decorrelated_batch_normalization(x, {.groups = 2}), {4, 2});
  }
}

TEST(GuideFunctionsAsValues, StandWhereAFunctionIsWanted) {
  for (const bool deep : {false, true}) {
    std::function<Variable(const Variable&)> activation = deep ? F::elu : F::leaky_relu;
    nn::Sequential net(L::Linear(2, 3), F::leaky_relu, F::dropout, L::Linear(3, 2), activation);
    L::Classifier model(net, F::mean_squared_error);
    model.accfun = F::r2_score;
    L::Classifier other(L::Linear(2, 2),
                        {.lossfun = F::sigmoid_cross_entropy, .accfun = F::binary_accuracy});
    const Array in = ones({4, 2});
    expect_shape(model(in, in), {});
    expect_shape(other(in, Array::zeros({4, 2}, F::Dtype::int32)), {});
    EXPECT_EQ(net.repeat(2)(in).shape(), (F::Shape{4, 2}));
    EXPECT_EQ(net.get<L::Linear>(0).W.shape(), (F::Shape{3, 2}));
    net.append(L::Linear(2, 2));
    net.append([](const Variable& x) { return F::dropout(x, 0.2); });
    net.append([](const Variable& x) { return F::sum(x); });
    EXPECT_EQ(net.size(), 8U);
    expect_shape(net(in), {});
  }
}

TEST(GuideFunctionsAsValues, AClassifierWithLabelsAtAnotherPlace) {
  L::Linear net(2, 3);
  L::Classifier model(net, {.label_key = 0}), named(net, {.label_key = "t"});
  const Array x = ones({4, 2}), t = Array::zeros({4}, F::Dtype::int32);
  const double loss = model(t, x).item();
  EXPECT_EQ(named(nn::Named{{"x", x}, {"t", t}}).item(), loss);
}

class Hooked : public nn::Chain {
 public:
  Variable operator()(const Variable& x) {
    return hooked([&] { return l2(F::relu(l1(x))); }, x);
  }
  void list(nn::Members& members) override { members("l1", l1)("l2", l2); }

  L::Linear l1{4, 3}, l2{3, 2};
};

TEST(GuideLinkHooks, AreAddedAndWatched) {
  using nn::link_hooks::SpectralNormalization;
  Hooked model;
  const Array x = ones({2, 4});
  // clang-format off: as a line of the guide
  L::Linear l(4, 3);
  l.add_hook(nn::link_hooks::SpectralNormalization());
  // clang-format on
  l.delete_hook("SpectralNormalization");
  l.add_hook(SpectralNormalization({.n_power_iteration = 2, .use_gamma = true}));
  expect_shape(l(x), {2, 3});
  // clang-format off
  nn::link_hooks::TimerHook timer; { auto scope = timer.watch(); model(x); }
  // clang-format on
  EXPECT_EQ(timer.call_history.size(), 3U);
  std::stringstream text;
  auto* const before = std::cout.rdbuf(text.rdbuf());
  std::cout << timer.report();
  std::cout.rdbuf(before);
  EXPECT_NE(text.str().find("Hooked"), std::string::npos);
}

TEST(GuideSideBySide, LinksMadeOfOthers) {
  expect_shape(L::InceptionBN(3, 2, 2, 3, 2, 2, L::PoolType::max, 2)(ones({1, 3, 4, 4})),
               {1, 9, 4, 4});
  expect_shape(L::Inception(192, 64, 96, 128, 16, 32, 32)(ones({1, 192, 4, 4})), {1, 256, 4, 4});
  expect_shape(L::MLPConvolution2D(3, {16, 8}, 3, {.activation = F::tanh})(ones({1, 3, 4, 4})),
               {1, 8, 2, 2});
  const Array x = ones({2, 3}), t = Array::zeros({2}, F::Dtype::int32);
  const Array W = ones({2, 3}), b = ones({2});
  expect_shape(L::BinaryHierarchicalSoftmax(3, {{0, 1}, 2})(x, t), {});
  expect_shape(L::BinaryHierarchicalSoftmax(
                   3, L::BinaryHierarchicalSoftmax::create_huffman_tree({{0, 8}, {1, 5}}))(x, t),
               {});
  expect_shape(L::Linear::from_params(W, b)(x), {2, 2});
  {
    const F::Variables xs{Variable(ones({2, 3}))}, ys{F::as_variable(t)};
    L::CRF1d crf(3);
    expect_shape(crf(xs, ys, F::Reduce::mean, true), {});
  }
  expect_shape(L::NegativeSampling(3, {5, 4, 3}, 2)(x, t), {});
  expect_shape(L::BlackOut(3, {5, 4, 3}, 2)(x, t), {});
  expect_shape(L::BatchRenormalization(3, {.rmax = 3, .dmax = 5})(x), {2, 3});
  expect_shape(L::DecorrelatedBatchNormalization(4, {.groups = 2})(ones({5, 4})), {5, 4});
  const Variable c1(ones({2, 2})), h1(ones({2, 2}));
  auto [c, h] = L::NaryTreeLSTM(3, 2)(c1, Variable(), h1, Variable(), x);
  expect_shape(h, {2, 2});
  expect_shape(L::DeformableConvolution2D(3, 2, 3, {.pad = 1})(ones({1, 3, 4, 4})), {1, 2, 4, 4});
  expect_shape(L::EmbedID::from_params(W)(t), {2, 3});
}

TEST(GuideDistributions, OfManyKinds) {
  // clang-format off: as a line of the guide
  namespace D = nn::distributions;
  // clang-format on
  const Array lam = ones({2}), loc = ones({2}), L = Array::of<float>({1, 0, 0, 1}, F::Shape{2, 2});
  const auto p = D::MultivariateNormal(loc, L);
  const auto q = D::MultivariateNormal(ones({2}) * 2, L);
  EXPECT_NEAR(D::kl_divergence(p, q).item(), 1, 1e-6);
  expect_shape(q.mean(), {2});
  EXPECT_GT(q.entropy().item(), 0);
  EXPECT_EQ(q.support(), "real");
  EXPECT_EQ(q.params().size(), 2u);
  const std::vector<double> alpha{1, 2};
  const std::vector<std::uint32_t> words{1, 2};
  EXPECT_GE(F::random::poisson(3), 0);
  EXPECT_EQ(F::random::dirichlet(alpha).size(), 2u);
  F::random::Generator generator = F::random::seeded(words);
  EXPECT_NE(generator.state().key[0], 0u);
  expect_shape(D::Poisson(lam).sample(3), {3, 2});
}

TEST(GuideData, SlicesTextsAndTables) {
  using F::Slice;
  const Array x = ones({200, 3}), t = Array::arange(200);
  const nn::datasets::TupleDataset dataset(x, t);
  const std::vector<std::int64_t> indices{3, 1};
  std::vector<bool> mask(200);
  mask[7] = true;
  EXPECT_EQ(dataset[Slice(1, 10, 2)].size(), 5u);
  EXPECT_EQ(dataset[indices].size(), 2u);
  EXPECT_EQ(dataset[mask].size(), 1u);

  EXPECT_EQ(nn::datasets::TabularDataset::from_data({{"x", x}, {"t", t}})
                .slice(Slice(0, 100), {{"t"}})
                .size(),
            100);
  const auto a = nn::datasets::TabularDataset::from_data({{"x", x}}),
             b = nn::datasets::TabularDataset::from_data({{"t", t}});
  EXPECT_EQ(a.join(b).size(), 200);
  EXPECT_EQ(a.asdict().size(), 200);

  const Folder folder;
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  folder.write("train.en", "a\nb\n");
  folder.write("train.fr", "c\nd\n");
  EXPECT_EQ(nn::datasets::TextDataset({"train.en", "train.fr"}).size(), 2);
  std::filesystem::current_path(here);
  // These look for files, which are not here.
  [[maybe_unused]] const auto others = [] {
    using nn::datasets::get_svhn, nn::datasets::get_ptb_words;
    nn::datasets::get_fashion_mnist();
    get_svhn();
    get_ptb_words();
  };
  EXPECT_EQ(F::get_device("@numpy"), F::get_device(-1));
  EXPECT_FALSE(F::is_debug());
}

TEST(GuideVision, ModelsForImages) {
  [[maybe_unused]] const auto whole = [] {
    L::VGG16Layers model;
    static_cast<void>(L::ResNet50Layers(nn::None));
    static_cast<void>(L::GoogLeNet("my.npz"));
  };
  const Array image = Array::zeros({30, 20, 3}, F::Dtype::uint8);
  [[maybe_unused]] const auto calls = [&](auto& model, const Array& x) {
    model.extract({image}, {"pool5"}).at("pool5");
    model(x, {"fc6", "prob"});
    model.predict({image}, false);
  };
  EXPECT_EQ(L::VGG16Layers::prepare(image, nn::None).shape(), (F::Shape{3, 30, 20}));
}

TEST(GuideFunctionsAsValues, ListsOfLinks) {
  nn::ChainList layers(L::Linear(2, 3), L::Linear(3, 2));
  layers.add_link(L::Linear(2, 2));
  EXPECT_EQ(layers[1].out_size, 2);
  Variable h(ones({1, 2}));
  for (auto& layer : layers) h = layer(h);
  expect_shape(h, {1, 2});
}

TEST(GuideInitializers, AreNumbersArraysAndCallables) {
  namespace I = nn::initializers;
  const Array array = ones({3, 2});
  std::vector<L::Linear> layers = {
      L::Linear(2, 3, {.initialW = 0.1, .initial_bias = 1}),
      L::Linear(2, 3, {.initialW = array}),
      L::Linear(2, 3, {.initialW = I::HeNormal(0.5)}),
      L::Linear(2, 3, {.initialW = [](Array& a) { a.fill(0.5); }}),
      L::Linear(2, 3, {.initialW = I::GlorotUniform()}),
  };
  EXPECT_EQ(layers[0].b.array().to_vector<float>(), (std::vector<float>{1, 1, 1}));
  EXPECT_TRUE(array_equal(layers[1].W.array(), array));
  EXPECT_EQ(F::sum(layers[3].W).item(), 3);
  std::vector<nn::Parameter> parameters = {nn::Parameter(I::Normal(0.1), F::Shape{2, 3}),
                                           nn::Parameter(array)};
  EXPECT_TRUE(parameters[1].is_initialized());
  EXPECT_TRUE(array_equal(parameters[1].array(), array));
  const std::vector<nn::Initializer> initializers = {
      I::Orthogonal({.mode = I::OrthogonalMode::projection}), I::UpsamplingDeconvFilter(),
      I::Normal(0.1).with_dtype(F::Dtype::float64)};
  EXPECT_EQ(initializers[0]({2, 3}, F::Dtype::float32).shape(), (F::Shape{2, 3}));
  EXPECT_EQ(initializers[2].dtype(), F::Dtype::float64);
}

TEST(GuideFloat64, Models) {
  L::Linear model(3, 2);
  {
    auto scope = F::using_config(&F::Config::dtype, F::Dtype::float64);
    EXPECT_EQ(L::Linear(3, 2).W.dtype(), F::Dtype::float64);
  }
  F::config().dtype = F::Dtype::float64;
  EXPECT_EQ(L::Linear(3, 2).W.dtype(), F::Dtype::float64);
  F::config().dtype = F::Dtype::float32;
  nn::cast(model, F::Dtype::float64);
  const Array x = ones({4, 3});
  EXPECT_EQ(model(x.astype(F::Dtype::float64)).dtype(), F::Dtype::float64);
}

TEST(GuideConverters, OfUpdaterAndEvaluator) {
  namespace training = nn::training;
  namespace extensions = nn::training::extensions;
  const nn::datasets::TupleDataset data(Array::full({4, 3}, 255, F::Dtype::float32),
                                        Array::zeros({4}, F::Dtype::int32));
  L::Linear net(3, 2);
  L::Classifier model(net);
  nn::optimizers::SGD optimizer;
  optimizer.setup(model);
  nn::iterators::SerialIterator train_iter(data, 2), test_iter(data, 2, false, false);
  const auto converter = [](const nn::datasets::Batch& batch) {
    F::Arrays arrays = nn::datasets::concat_examples(batch).arrays();
    arrays[0] = arrays[0] / 255.;
    return arrays;
  };
  training::StandardUpdater updater(train_iter, optimizer, model, {.converter = converter});
  extensions::Evaluator evaluator(test_iter, model, {.converter = converter});
  const double of_ones = net(ones({1, 3}))[{0, 0}].item();
  updater.update();
  EXPECT_NE((net(ones({1, 3}))[{0, 0}].item()), of_ones);
  EXPECT_EQ(optimizer.t, 1);
  const std::vector<F::Arrays> batch = {{ones({2})}, {ones({2})}};
  EXPECT_EQ(nn::datasets::concat_examples(batch)[0].array().shape(), (F::Shape{2, 2}));
  EXPECT_EQ(nn::datasets::concat_examples(batch, 0)[0].array().shape(), (F::Shape{2, 2}));
}

struct Molecule {
  std::string formula;
};

TEST(GuideConverters, ExamplesAndArguments) {
  const Array xs = ones({4, 2}), ts = Array::arange(4, F::Dtype::int32);
  const nn::datasets::Batch named =
      nn::datasets::DictDataset({{"x", xs}, {"t", ts}}).get_examples(std::vector<std::int64_t>{3});
  const auto loss_func = [](const Array& x, const Array& t) {
    return Variable(x) * static_cast<double>(t.select(0, 0).item());
  };
  auto f = nn::keywords({"x", "t"}, loss_func);
  EXPECT_EQ((f(nn::datasets::concat_examples(named))[{0, 1}].item()), 3);

  const std::vector<std::string> texts = {"bag", "cab"};
  const auto ids_of = [](const std::string& text) {
    return Array::from(std::vector<std::int32_t>(text.begin(), text.end()));
  };
  const nn::datasets::AnyDataset ids = nn::datasets::TransformDataset(texts, ids_of);
  EXPECT_EQ(ids->get_example(1).array().shape(), (F::Shape{3}));
  auto it = nn::iterators::SerialIterator(texts, 2);
  EXPECT_EQ(it.next()->size(), 2u);

  const nn::datasets::Batch batch(std::vector<F::Arrays>{{xs, ts}});
  const Array x = batch[0][0].array(), t = batch[0][1].array();
  EXPECT_EQ(batch.size(), 1u);
  const nn::Arguments arrays = nn::Arguments{x, t};
  EXPECT_TRUE(arrays.are_arrays());
  const F::Arrays ys = {x, t};
  const nn::Arguments lists = nn::Named{{"xs", xs}, {"ys", ys}};
  EXPECT_EQ(lists["ys"].list().size(), 2u);
  EXPECT_FALSE(lists["xs"].is_list());

  const Molecule molecule{"CCO"};
  const nn::datasets::Batch molecules(
      std::vector<nn::datasets::Example>{nn::datasets::Example::of(molecule)});
  EXPECT_EQ(molecules.as<Molecule>()[0].formula, "CCO");
}

TEST(Guide, NamespacesOfFunctionsAndLinks) {
  namespace functions = autograd::functions;
  namespace links = nn::links;
  links::Linear l(2, 3);
  EXPECT_EQ(functions::tanh(l(ones({4, 2}))).shape(), (F::Shape{4, 3}));
  static_assert(std::is_same_v<links::Linear, L::Linear>);
}

TEST(GuideWhatToDrop, Zeros) { EXPECT_EQ(Array::zeros({2, 3}, F::Dtype::float32).size(), 6); }

TEST(Guide, IsCompiled) {
  guide::expect_compiled("Side by side", kSource, 90);
  guide::expect_compiled("Arguments", kSource, 20);
  guide::expect_compiled("Sequences, regions and sparse matrices", kSource, 30);
  guide::expect_compiled("Functions as arguments", kSource, 12);
  guide::expect_compiled("Initializers", kSource, 9);
  guide::expect_compiled("Link hooks", kSource, 8);
  guide::expect_compiled("Models for images", kSource, 7);
  guide::expect_compiled("Models in float64", kSource, 3);
  guide::expect_compiled("Converters", kSource, 8);
  guide::expect_compiled("Lines without a counterpart", kSource, 1);
}

}  // namespace
