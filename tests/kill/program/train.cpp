// A training that takes milliseconds, for tests that kill it: it goes on from its newest snapshot.
//
//   train_tiny FOLDER
//
// With TRAIN_TINY_READS_AHEAD in the environment, threads read the examples ahead; the results are
// the same.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "autograd/autograd.h"
#include "nn/nn.h"

namespace {

using autograd::Array;
using nn::Variable;
namespace training = nn::training;
namespace extensions = nn::training::extensions;

class Net : public nn::Chain {
 public:
  nn::Linear l1{64, 8}, l2{8, 10};

  void list(nn::Members& m) override {
    m("l1", l1);
    m("l2", l2);
  }
  Variable operator()(const Variable& x, const Array& t) {
    const Variable h = autograd::dropout(autograd::relu(l1(x)), 0.2);  // draws in each iteration
    const Variable loss = autograd::softmax_cross_entropy(l2(h), t);
    nn::report({{"loss", loss}}, *this);
    return loss;
  }
};

void train(const std::string& out) {
  autograd::parallel::set_threads(1);
  autograd::random::seed(0);
  const nn::datasets::TrainTest digits = nn::datasets::get_digits();
  Net net;
  nn::optimizers::Adam optimizer;
  optimizer.setup(net);
  const nn::datasets::SubDataset examples(digits.train, 0, 70);
  std::unique_ptr<nn::iterators::Iterator> iterator;
  if (std::getenv("TRAIN_TINY_READS_AHEAD"))
    iterator = std::make_unique<nn::iterators::MultiprocessIterator>(
        examples, 20, nn::iterators::MultiprocessIteratorOptions{.n_processes = 2});
  else
    iterator = std::make_unique<nn::iterators::SerialIterator>(examples, 20);
  training::StandardUpdater updater(*iterator, optimizer, net);
  training::Trainer trainer(updater, {4, "epoch"}, out);
  trainer.set_clock([] { return 0.; });  // so that logs can be equal
  trainer.extend(extensions::DumpGraph("main/loss"));
  trainer.extend(extensions::LogReport({.trigger = {3, "iteration"}}));
  trainer.extend(extensions::snapshot({.n_retains = 1, .autoload = true}),
                 {.trigger = {2, "iteration"}});
  trainer.run({.stop_on_signal = true});
  nn::serializers::save_npz(out + "/model.npz", net);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    train(argv[1]);
  } catch (const training::Interrupted& stop) {
    std::fprintf(stderr, "%s\n", stop.what());
    return stop.exit_status();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
