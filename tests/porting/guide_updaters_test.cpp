// The lines of the section "Updaters" of docs/porting_from_chainer.md: each must stand here, where
// it is compiled and run. They train what Chainer trains, with Chainer's numbers.
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/porting/guide.h"

namespace {

namespace F = autograd;
namespace L = nn;
namespace training = nn::training;
namespace optimizers = nn::optimizers;
using F::Array, F::Arrays, F::Variable;

// chainer/examples/dcgan/net.py, made small.
Variable add_noise(const Variable& h, double sigma = 0.2) {
  return h + F::array::normal(0, sigma, h.shape());
}

const nn::Initializer w = nn::initializers::Normal(0.5);

struct Generator : nn::Chain {
  const int n_hidden = 3, ch = 4, bottom_width = 2;
  L::Linear l0{n_hidden, bottom_width* bottom_width* ch, {.initialW = w}};
  L::Deconvolution2D dc1{ch, ch / 2, 4, {.stride = 2, .pad = 1, .initialW = w}};
  L::Deconvolution2D dc2{ch / 2, 1, 3, {.stride = 1, .pad = 1, .initialW = w}};
  L::BatchNormalization bn0{bottom_width * bottom_width * ch}, bn1{ch / 2};

  Array make_hidden(std::int64_t batchsize) const {
    return F::array::uniform(-1, 1, {batchsize, n_hidden, 1, 1});
  }
  Variable operator()(const Variable& z) {
    Variable h = F::reshape(F::relu(bn0(l0(z))), {z.length(0), ch, bottom_width, bottom_width});
    h = F::relu(bn1(dc1(h)));
    return F::sigmoid(dc2(h));
  }
  void list(nn::Members& m) override {
    m("l0", l0)("dc1", dc1)("dc2", dc2)("bn0", bn0)("bn1", bn1);
  }
};

struct Discriminator : nn::Chain {
  const int ch = 4, bottom_width = 2;
  L::Convolution2D c0_0{1, ch / 2, 3, {.stride = 1, .pad = 1, .initialW = w}};
  L::Convolution2D c0_1{ch / 2, ch, 4, {.stride = 2, .pad = 1, .initialW = w}};
  L::Linear l4{bottom_width * bottom_width * ch, 1, {.initialW = w}};
  L::BatchNormalization bn0_1{ch, {.use_gamma = false}};

  Variable operator()(const Variable& x) {
    Variable h = add_noise(x);
    h = F::leaky_relu(add_noise(c0_0(h)));
    h = F::leaky_relu(add_noise(bn0_1(c0_1(h))));
    return l4(h);
  }
  void list(nn::Members& m) override { m("c0_0", c0_0)("c0_1", c0_1)("l4", l4)("bn0_1", bn0_1); }
};

class DCGANUpdater : public training::StandardUpdater {
 public:
  DCGANUpdater(Generator& g, Discriminator& d, nn::iterators::Iterator& iterator,
               nn::Optimizer& gen_optimizer, nn::Optimizer& dis_optimizer)
      : StandardUpdater({{"main", &iterator}}, {{"gen", &gen_optimizer}, {"dis", &dis_optimizer}}),
        gen(g),
        dis(d) {}

  static Variable loss_dis(Discriminator& dis, const Variable& y_fake, const Variable& y_real) {
    const double batchsize = y_fake.length(0);
    Variable L1 = F::sum(F::softplus(-y_real)) / batchsize;
    Variable L2 = F::sum(F::softplus(y_fake)) / batchsize;
    Variable loss = L1 + L2;
    nn::report({{"loss", loss}}, dis);
    return loss;
  }

  static Variable loss_gen(Generator& gen, const Variable& y_fake) {
    const double batchsize = y_fake.length(0);
    Variable loss = F::sum(F::softplus(-y_fake)) / batchsize;
    nn::report({{"loss", loss}}, gen);
    return loss;
  }

  void update_core() override {
    nn::Optimizer& gen_optimizer = get_optimizer("gen");
    nn::Optimizer& dis_optimizer = get_optimizer("dis");

    Arrays batch = next_batch().arrays();
    Variable x_real = Variable(batch[0]) / 255.;
    Variable y_real = dis(x_real);

    Variable z(gen.make_hidden(batch[0].length(0)));
    Variable x_fake = gen(z);
    Variable y_fake = dis(x_fake);

    dis_optimizer.update({.retain_graph = true}, loss_dis, dis, y_fake, y_real);
    gen_optimizer.update({.allow_updates = true}, loss_gen, gen, y_fake);
  }

  Generator& gen;
  Discriminator& dis;
};

double squares(nn::Link& link, const std::function<Array(const nn::Parameter&)>& of) {
  double sum = 0;
  for (const nn::Parameter& p : link.params())
    for (const double x : of(p).to_vector<double>()) sum += x * x;
  return sum;
}

// What Chainer 7.8.1 printed for five updates after numpy.random.seed(0): the losses of dis and
// gen, then the sums of squares of the parameters of dis and gen, and of their last gradients.
struct Run {
  std::vector<double> losses, squares;
};
// Both compute in float32 and add in another order: the losses of the first update differ by 1e-7,
// those of the fifth by up to 1e-5. Had the generator's gradient been computed with the weights
// that its forward pass saw, they would differ by 4e-4 from the second update on.
constexpr double kTolerance = 5e-5;

void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], kTolerance * expected[i]) << i;
}

void expect_chainers(nn::Optimizer& gen_optimizer, nn::Optimizer& dis_optimizer, bool decay,
                     const Run& expected) {
  F::random::seed(0);
  Generator gen;
  Discriminator dis;
  gen_optimizer.setup(gen);
  dis_optimizer.setup(dis);
  if (decay) {
    gen_optimizer.add_hook(nn::optimizer_hooks::WeightDecay(0.0001), "hook_dec");
    dis_optimizer.add_hook(nn::optimizer_hooks::WeightDecay(0.0001), "hook_dec");
  }
  std::vector<float> pixels;
  for (int i = 0; i < 6 * 16; ++i) pixels.push_back(static_cast<float>(i * i * 7 % 256));
  nn::datasets::TupleDataset data(Array::from(pixels, {{6, 1, 4, 4}}));
  nn::iterators::SerialIterator iterator(data, 3);
  DCGANUpdater updater(gen, dis, iterator, gen_optimizer, dis_optimizer);

  nn::Reporter reporter;
  reporter.add_observer("gen", gen);
  reporter.add_observer("dis", dis);
  std::vector<double> losses;
  for (int i = 0; i < 5; ++i) {
    nn::Observation observation;
    const auto scope = reporter.scope(observation);
    updater.update();
    losses.push_back(observation.at("dis/loss").item());
    losses.push_back(observation.at("gen/loss").item());
  }
  const auto values = [](const nn::Parameter& p) { return p.array(); };
  const auto grads = [](const nn::Parameter& p) { return p.grad(); };
  const std::vector<double> sums{squares(dis, values), squares(gen, values), squares(dis, grads),
                                 squares(gen, grads)};
  expect_near(losses, expected.losses);
  expect_near(sums, expected.squares);
}

TEST(PortingUpdaters, DcganHasChainersNumbersWithSgd) {
  optimizers::SGD gen_optimizer({.lr = 0.1}), dis_optimizer({.lr = 0.1});
  expect_chainers(gen_optimizer, dis_optimizer, false,
                  {{0.9334272146224976, 0.9046750068664551, 1.3120015859603882, 0.9754555225372314,
                    1.0657374858856201, 1.0204102993011475, 1.2777767181396484, 0.849696159362793,
                    1.4850149154663086, 0.4377771317958832},
                   {37.55154104299977, 68.07393718904935, 0.4650506413346658, 0.1785633042418939}});
}

TEST(PortingUpdaters, DcganHasChainersNumbersWithAdam) {
  optimizers::Adam gen_optimizer({.alpha = 0.02, .beta1 = 0.5}),
      dis_optimizer({.alpha = 0.02, .beta1 = 0.5});
  expect_chainers(
      gen_optimizer, dis_optimizer, true,
      {{0.9334272146224976, 0.9046750068664551, 1.3245173692703247, 0.9674274325370789,
        1.0421841144561768, 1.045013427734375, 1.3940060138702393, 0.7025911211967468,
        1.5491887331008911, 0.382144033908844},
       {37.90772400816437, 68.21592302636276, 0.40650544440855385, 0.1288751524283995}});
}

// chainer/examples/ptb/train_ptb.py, made small.
struct RNNForLM : nn::Polymorphic<RNNForLM> {
  RNNForLM(int n_vocab, int n_units)
      : embed(n_vocab, n_units), l1(n_units, n_units), l2(n_units, n_vocab) {}
  Variable operator()(const Variable& x) { return l2(l1(embed(x))); }
  void list(nn::Members& m) override { m("embed", embed)("l1", l1)("l2", l2); }

  L::EmbedID embed;
  L::LSTM l1;
  L::Linear l2;
};

class BPTTUpdater : public training::StandardUpdater {
 public:
  BPTTUpdater(nn::iterators::Iterator& train_iter, nn::Optimizer& optimizer, int length)
      : StandardUpdater(train_iter, optimizer), bprop_len(length) {}

  void update_core() override {
    Variable loss;  // loss = 0
    nn::Optimizer& optimizer = get_optimizer("main");
    for (int i = 0; i < bprop_len; ++i) {
      Arrays batch = next_batch().arrays();
      loss += optimizer.target()(batch[0], batch[1]);
    }
    optimizer.target().cleargrads();
    loss.backward();
    loss.unchain_backward();
    optimizer.update();
  }

  int bprop_len;
};

// The sum of squares of the parameters after five updates, after which no loss was the same.
TEST(PortingUpdaters, BpttHasChainersNumbers) {
  F::random::seed(0);
  std::vector<std::int32_t> words, next;
  for (int i = 0; i < 12; ++i) {
    words.push_back(i * i % 5);
    next.push_back((i + 1) * (i + 1) % 5);
  }
  nn::datasets::TupleDataset data(Array::from(words), Array::from(next));
  nn::iterators::SerialIterator train_iter(data, 2, {.shuffle = false});
  L::Classifier model(RNNForLM(5, 4));
  optimizers::SGD optimizer({.lr = 1});
  optimizer.setup(model);
  optimizer.add_hook(nn::optimizer_hooks::GradientClipping(2));
  BPTTUpdater updater(train_iter, optimizer, 3);
  for (int i = 0; i < 5; ++i) updater.update();
  expect_near({squares(model, [](const nn::Parameter& p) { return p.array(); })},
              {73.39987437522656});
}

TEST(PortingUpdaters, TheTargetGivesTheLoss) {
  L::Linear net(2, 2);
  nn::Classifier model(net);
  optimizers::SGD optimizer;
  optimizer.setup(model);
  const nn::datasets::TupleDataset train(Array::ones({4, 2}, F::Dtype::float32),
                                         Array::zeros({4}, F::Dtype::int32));
  nn::iterators::SerialIterator train_iter(train, 2);
  training::StandardUpdater updater(train_iter, optimizer);
  const Array before = net.W.array().copy();
  updater.update();
  EXPECT_FALSE(F::array_equal(net.W.array(), before));
  optimizers::SGD of_a_part;
  struct Part : nn::Chain {
    void list(nn::Members&) override {}
  } part;
  of_a_part.setup(part);
  training::StandardUpdater no_loss(train_iter, of_a_part);
  EXPECT_THROW(no_loss.update(), F::Error);
}

TEST(PortingUpdaters, LabelsMayBeVariables) {
  const Array labels = Array::of<std::int32_t>({1, 0});
  L::EmbedID embed(3, 2);
  Variable t(labels);
  const Variable x = embed(t), y = x * 2;
  EXPECT_TRUE(F::array_equal(embed(labels).array(), x.array()));
  Variable loss;
  for (const Variable& l : {F::softmax_cross_entropy(y, t), F::accuracy(y, t)}) loss += l;
  loss.backward();
  EXPECT_TRUE(embed.W.grad());
  EXPECT_TRUE(F::array_equal(x[t].array(), x[labels].array()));
  {
    const Variable mask(x > 0);
    EXPECT_TRUE(F::array_equal(F::where(mask, x, y).array(), F::where(x > 0, x, y).array()));
  }
  {
    const Variable mask(Array::zeros_like(x.array()));
    EXPECT_EQ(F::sum(F::dropout(x, 0.5, {.mask = mask})).item(), 0);
  }
}

TEST(PortingUpdaters, UpdatesByALambda) {
  const Array a = Array::ones({1, 2}, F::Dtype::float32);
  L::Linear model(2, 2);
  optimizers::SGD optimizer;
  optimizer.setup(model);
  optimizer.update([&](Variable x) { return F::sum(model(x)); }, a);
  EXPECT_EQ(F::sum(model.W.grad_var()).item(), 4);
  const auto loss_gen = [](L::Linear& gen, const Variable& z) { return F::sum(gen(z)); };
  nn::Optimizer& gen_optimizer = optimizer;
  const Variable y_fake(a);
  L::Linear& gen = model;
  gen_optimizer.update(loss_gen, gen, y_fake);
  EXPECT_EQ(optimizer.t, 2);
}

TEST(PortingUpdaters, AreThoseOfTheGuide) {
  guide::expect_compiled("Updaters", "tests/porting/guide_updaters_test.cpp", 60);
}

}  // namespace
