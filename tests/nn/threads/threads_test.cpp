// What several threads may do at once with links, optimizers and trainers: docs/numerics.md says.
// The thread sanitizer watches.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/folder.h"
#include "tests/threads.h"

// localtime() reads the time zone under a lock of the C library, which the sanitizer does not see.
extern "C" const char* __tsan_default_suppressions() { return "race:tzset_internal\n"; }

namespace nn {
namespace {

namespace F = autograd;

class Net : public Chain {
 public:
  Linear l1{None, 20}, l2{None, 3};
  BatchNormalization bn{20};

  Variable operator()(const Variable& x) { return l2(F::dropout(F::relu(bn(l1(x))), 0.3)); }
  void list(Members& m) override { m("bn", bn)("l1", l1)("l2", l2); }
};

// Trains a small network and gives what LogReport wrote.
std::string train(const std::string& out) {
  const Array x = F::array::standard_normal({40, 6}, Dtype::float32, F::random::generator());
  Array t = Array::zeros({40}, Dtype::int32);
  for (int i = 0; i < 40; ++i) t.mutable_data<std::int32_t>()[i] = i % 3;
  Classifier<Net> model{Net()};
  optimizers::Adam optimizer;
  optimizer.setup(model);
  iterators::SerialIterator iterator(datasets::TupleDataset(x, t), 8);
  training::StandardUpdater updater(iterator, optimizer, model);
  training::Trainer trainer(updater, {3, "epoch"}, out);
  trainer.set_clock([] { return 0.0; });
  trainer.extend(training::extensions::LogReport());
  trainer.extend(training::extensions::snapshot());
  trainer.run();
  std::ifstream log(out + "/log");
  return {std::istreambuf_iterator<char>(log), {}};
}

TEST(Threads, TrainAtOnce) {
  const Folder folder;
  std::vector<std::string> logs(kThreads);
  at_once([&](int i) {
    logs[static_cast<std::size_t>(i)] = train(folder / ("out" + std::to_string(i)));
  });
  for (const std::string& log : logs)
    EXPECT_NE(log.find("\"main/loss\""), std::string::npos) << log;
}

// With generators of their own, what each of them does is what it does alone.
TEST(Threads, TrainAtOnceAsTheyTrainAlone) {
  const Folder folder;
  const auto train_with_seed = [&](std::uint32_t seed, const std::string& name) {
    F::random::Generator generator(seed);
    const auto scope = F::random::using_generator(generator);
    return train(folder / name);
  };
  std::vector<std::string> together(kThreads);
  at_once([&](int i) {
    together[static_cast<std::size_t>(i)] =
        train_with_seed(static_cast<std::uint32_t>(i % 2), "out" + std::to_string(i));
  });
  EXPECT_EQ(together[0], together[2]);
  EXPECT_NE(together[0], together[1]);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(together[static_cast<std::size_t>(i)],
              train_with_seed(static_cast<std::uint32_t>(i), "alone" + std::to_string(i)));
}

TEST(Threads, PredictWithOneModel) {
  Net net;
  const Array x = F::array::standard_normal({7, 6}, Dtype::float32, F::random::generator());
  const auto predict = [&] {
    const auto testing = F::using_config(&F::Config::train, false);
    const auto no_graph = F::no_backprop_mode();
    return net(x).array();
  };
  const Array expected = predict();
  at_once([&](int) {
    for (int k = 0; k < 50; ++k) EXPECT_TRUE(F::array_equal(predict(), expected));
  });
}

// Each thread has a graph of its own above one network's parameters, and all add to its gradients.
TEST(Threads, AddToTheGradientsOfOneModel) {
  Linear link(6, 3);
  const Array x = Array::full({5, 6}, 1, Dtype::float32);
  for (int round = 0; round < 20; ++round) {
    link.cleargrads();
    at_once([&](int) { F::sum(link(x)).backward(); });
    EXPECT_EQ(link.b.grad().to_vector<float>(), std::vector<float>(3, 5.f * kThreads));
    EXPECT_EQ(link.W.grad().to_vector<float>(), std::vector<float>(18, 5.f * kThreads));
  }
}

// The first calls of a link that gets its sizes from them: its values are drawn once. `link` makes
// a link, `x` is its input.
template <class Make>
void first_calls(const Make& make, const Array& x) {
  for (int round = 0; round < 20; ++round) {
    F::random::seed(3);
    auto alone = make();
    const auto testing = F::using_config(&F::Config::train, false);
    const Array expected = alone(x).array();
    F::random::seed(3);
    auto link = make();
    auto same = link;  // a copy has the same parameters
    std::vector<Array> y(kThreads);
    at_once([&](int i) {
      const auto testing_here = F::using_config(&F::Config::train, false);
      y[static_cast<std::size_t>(i)] = (i == 0 ? same : link)(x).array();
    });
    for (const Array& own : y) EXPECT_TRUE(F::array_equal(own, expected));
    EXPECT_EQ(link.count_params(), alone.count_params());
  }
}

TEST(Threads, CallALinkForTheFirstTime) {
  const Array rows = F::array::standard_normal({4, 6}, Dtype::float32, F::random::generator());
  const Array images =
      F::array::standard_normal({2, 4, 8, 8}, Dtype::float32, F::random::generator());
  first_calls([] { return Linear(5); }, rows);
  first_calls([] { return Sequential(Linear(5), F::tanh, Linear(3)); }, rows);
  first_calls([] { return Swish(None); }, rows);
  first_calls([] { return LayerNormalization(); }, rows);
  first_calls([] { return GroupNormalization(2); }, images);
  first_calls([] { return BatchNormalization(None, {.axis = {0}}); }, rows);
  first_calls(
      [] {
        return BatchNormalization(None, {.use_gamma = false, .use_beta = false, .axis = {0, 2, 3}});
      },
      images);
  first_calls([] { return Convolution2D(None, 3, 3); }, images);
  first_calls([] { return ConvolutionND(2, 3, 3); }, images);
  first_calls([] { return Deconvolution2D(None, 3, 3); }, images);
  first_calls([] { return DeconvolutionND(2, 3, 3); }, images);
  const auto noise = [](Array& a) {
    a.assign(F::array::standard_normal(a.shape(), a.dtype(), F::random::generator()));
  };
  first_calls([&] { return DepthwiseConvolution2D(None, 2, 3, {.initial_bias = noise}); }, images);
  first_calls([&] { return LocalConvolution2D(None, 3, None, 3, {.initial_bias = noise}); },
              images);
  first_calls([] { return Maxout(None, 4, 2); }, rows);
  struct FirstStep : StatelessLSTM {
    using StatelessLSTM::StatelessLSTM;
    Variable operator()(const Variable& x) {
      return StatelessLSTM::operator()(Variable(), Variable(), x).h;
    }
  };
  first_calls([] { return FirstStep(5); }, rows);
  struct FirstGru : StatelessGRU {
    using StatelessGRU::StatelessGRU;
    Variable operator()(const Variable& x) {
      return StatelessGRU::operator()(Array::zeros({4, 5}, Dtype::float32), x);
    }
  };
  first_calls([] { return FirstGru(None, 5); }, rows);
}

TEST(Threads, HaveReportersOfTheirOwn) {
  Linear link(6, 3);
  at_once([&](int i) {
    Reporter reporter;
    const std::string name = "main" + std::to_string(i);
    reporter.add_observer(name, link);
    for (int k = 0; k < 100; ++k) {
      Observation observation;
      {
        const auto scope = reporter.scope(observation);
        report({{"loss", k}}, link);
      }
      report({{"loss", -1}}, link);  // nobody listens
      EXPECT_EQ(observation.size(), 1u);
      EXPECT_EQ(observation.at(name + "/loss").item(), k);
    }
  });
}

TEST(Threads, AskForDivergences) {
  const Array zeros = Array::zeros({2}, Dtype::float32), ones = Array::full({2}, 1, Dtype::float32);
  at_once([&](int i) {
    const distributions::Normal p(zeros, ones);
    for (int k = 0; k < 50; ++k) {
      if (i == 0)
        distributions::register_kl(typeid(distributions::Normal), typeid(distributions::Bernoulli),
                                   [](const auto&, const auto&) { return Variable(); });
      EXPECT_EQ(F::sum(distributions::kl_divergence(p, p)).item(), 0);
    }
  });
}

}  // namespace
}  // namespace nn
