// Examples of every kind go through SerialIterator, a converter, StandardUpdater and Evaluator.
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "autograd/functions/functions.h"
#include "nn/datasets/dict_dataset.h"
#include "nn/datasets/sub_dataset.h"
#include "nn/datasets/transform_dataset.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/links/connection/embed_id.h"
#include "nn/links/connection/linear.h"
#include "nn/optimizers/sgd.h"
#include "nn/training/extensions/evaluator.h"
#include "nn/training/trainer.h"
#include "nn/training/updaters/standard_updater.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::training {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using autograd::Variable;
using autograd::Variables;
using datasets::Batch;
using datasets::Example;
using iterators::SerialIterator;
using testing::ElementsAre;

Array ids(std::initializer_list<std::int32_t> values) { return Array::of<std::int32_t>(values); }

// Says which examples it got, and learns something of them.
class IdModel : public Chain {
 public:
  EmbedID embed{8, 3, {.ignore_label = -1}};
  Linear out{3, 2};

  Variable loss(const Variable& h) {
    const Variable y = out(h);
    const Variable loss = autograd::mean(y * y);
    report({{"loss", loss}}, *this);
    return loss;
  }
  void list(Members& m) override { m("embed", embed)("out", out); }
};

// Trains two epochs and evaluates; both must change, and end, as training does.
template <class Loss>
void train(IdModel& model, const datasets::AnyDataset& dataset, Loss& loss,
           const datasets::Converter& converter = {}) {
  const Folder folder;
  optimizers::SGD optimizer({.lr = 0.1});
  optimizer.setup(model);
  SerialIterator train_iter(dataset, 2), test_iter(dataset, 2, false, false);
  StandardUpdater updater(train_iter, optimizer, loss, {.converter = converter});
  extensions::Evaluator evaluator(test_iter, model, loss, {.converter = converter});
  const double before = evaluator().at("main/loss");
  Trainer trainer(updater, {2, "epoch"}, folder / "out");
  trainer.run();
  EXPECT_EQ(optimizer.t, dataset->size());  // two epochs of batches of two
  EXPECT_LT(evaluator().at("main/loss"), before);
}

TEST(Examples, SequencesOfDifferentLengthsArePadded) {
  autograd::random::seed(0);
  const std::vector<Example> sequences = {ids({1, 2, 3}), ids({4}), ids({5, 6}), ids({7, 0, 1, 2})};
  IdModel model;
  std::vector<Shape> shapes;
  auto loss = [&](const Array& x) {
    shapes.push_back(x.shape());
    return model.loss(autograd::sum(model.embed(x), {1}));
  };
  train(model, sequences, loss,
        [](const Batch& batch) { return datasets::concat_examples(batch, -1); });
  EXPECT_EQ(shapes[0], (Shape{2, 3}));  // of the Evaluator, in order
  EXPECT_EQ(shapes[1], (Shape{2, 4}));
}

TEST(Examples, DictionariesGoToNames) {
  autograd::random::seed(0);
  const datasets::DictDataset dataset(
      {{"t", Array::arange(4, Dtype::float32)}, {"x", ids({1, 2, 3, 4})}});
  IdModel model;
  auto loss = keywords({"x", "t"}, [&](const Array& x, const Variable& t) {
    EXPECT_EQ(x.dtype(), Dtype::int32);
    EXPECT_EQ(t.dtype(), Dtype::float32);
    return model.loss(model.embed(x));
  });
  train(model, dataset, loss);

  // The same without keywords: the loss takes all by their names.
  auto by_name = [&](const Arguments& batch) { return model.loss(model.embed(batch["x"])); };
  train(model, dataset, by_name);
  // A loss that would take them in order does not get them in another.
  auto in_order = [&](const Array& x, const Array&) { return model.loss(model.embed(x)); };
  EXPECT_EQ(message_of<Error>([&] { train(model, dataset, in_order); }),
            "arguments: a function without names must be given arrays in order, but they have the "
            "names t, x: wrap it in nn::keywords");
  auto of_others = keywords({"x", "y"}, in_order);
  EXPECT_EQ(message_of<Error>([&] { train(model, dataset, of_others); }),
            "arguments: a name must be one of t, x, but it is y");
  auto of_one = keywords({"x"}, [&](const Array& x) { return model.loss(model.embed(x)); });
  EXPECT_EQ(message_of<Error>([&] { train(model, dataset, of_one); }),
            "arguments: all must be used, but 2 are given and 1 used: t, x");
}

// Chainer's seq2seq: xs and ys are lists of arrays.
TEST(Examples, ListsOfArraysGoToTheLoss) {
  autograd::random::seed(0);
  const datasets::TupleDataset dataset(
      std::vector<Example>{ids({1, 2}), ids({3}), ids({4, 5, 6}), ids({7})},
      std::vector<Example>{ids({1}), ids({2, 3}), ids({4}), ids({5, 6, 7})});
  const auto columns = [](const Batch& batch) {
    Arrays xs, ys;
    for (const Example& example : batch) {
      xs.push_back(example[0].array());
      ys.push_back(example[1].array());
    }
    return std::pair(xs, ys);
  };
  IdModel model;
  const auto loss_of = [&](const Arrays& xs, std::size_t ys) {
    EXPECT_EQ(xs.size(), ys);
    Variables h;
    for (const Array& x : xs) h.push_back(autograd::sum(model.embed(x), {0}));
    return model.loss(autograd::stack(h));
  };
  auto in_order = [&](const Arrays& xs, const Variables& ys) { return loss_of(xs, ys.size()); };
  train(model, dataset, in_order, [&](const Batch& batch) {
    const auto [xs, ys] = columns(batch);
    return Arguments{xs, ys};
  });
  auto by_name = keywords(
      {"xs", "ys"}, [&](const Arrays& xs, const Arrays& ys) { return loss_of(xs, ys.size()); });
  train(model, dataset, by_name, [&](const Batch& batch) {
    const auto [xs, ys] = columns(batch);
    return Named{{"ys", ys}, {"xs", xs}};
  });
  auto of_arrays = [&](const Array& x, const Arrays&) { return model.loss(model.embed(x)); };
  EXPECT_EQ(message_of<Error>([&] {
              train(model, dataset, of_arrays, [&](const Batch& batch) {
                const auto [xs, ys] = columns(batch);
                return Arguments{xs, ys};
              });
            }),
            "argument 0: it must be an array, but it is a list of 2");
  auto one_list = [&](const Arrays& xs) { return loss_of(xs, xs.size()); };
  train(model, dataset, one_list,
        [&](const Batch& batch) { return Arguments{columns(batch).first}; });
}

TEST(Examples, TextsBecomeIds) {
  autograd::random::seed(0);
  const std::vector<std::string> texts = {"bag", "cab", "dad", "fee"};
  const datasets::TransformDataset dataset(texts, [](const std::string& text) {
    std::vector<std::int32_t> ids;
    for (const char c : text) ids.push_back(c - 'a');
    return Array::from(ids);
  });
  EXPECT_THAT(dataset[0].array().to_vector<std::int32_t>(), ElementsAre(1, 0, 6));
  IdModel model;
  auto loss = [&](const Array& x) { return model.loss(autograd::sum(model.embed(x), {1})); };
  train(model, dataset, loss);

  SerialIterator raw(texts, 2);
  EXPECT_EQ(message_of<Error>([&] { datasets::concat_examples(*raw.next()); }),
            "concat_examples: an example must be an array, or there must be another converter, but "
            "it is a text");
}

// An example of a class of the program's own.
struct Molecule {
  std::string formula;
  double charge;
};

TEST(Examples, OfAClassOfOnesOwn) {
  autograd::random::seed(0);
  const std::vector<Molecule> molecules = {{"CO", 1}, {"O", 2}, {"CCO", 3}, {"C", 4}};
  IdModel model;
  auto loss = [&](const Variable& x, const Array& charge) {
    EXPECT_EQ(charge.dtype(), Dtype::float32);
    return model.loss(autograd::broadcast_to(x, {x.shape()[0], 3}));
  };
  train(model, molecules, loss, [](const Batch& batch) {
    std::vector<float> lengths, charges;
    for (const Molecule& m : batch.as<Molecule>()) {
      lengths.push_back(static_cast<float>(m.formula.size()));
      charges.push_back(static_cast<float>(m.charge));
    }
    const auto n = static_cast<std::int64_t>(batch.size());
    return Arguments{Array::from(lengths, Shape{n, 1}), Array::from(charges)};
  });
  SerialIterator raw(molecules, 2);
  EXPECT_EQ(message_of<Error>([&] { raw.next()->as<std::string>(); }),
            "example: it must be a text, but it is an object of a user-defined class");
}

// The batch of a TupleDataset has its rows copied once, and shows them to any converter.
TEST(Examples, RowsAreCopiedOnce) {
  const Array x = Array::arange(12, Dtype::float32).reshape({4, 3});
  SerialIterator iterator(datasets::TupleDataset(x, ids({0, 1, 2, 3})), 2, true, false);
  const Batch batch = *iterator.next();
  const Arguments arguments = datasets::concat_examples(batch);
  ASSERT_NE(batch.rows(), nullptr);
  EXPECT_EQ(arguments[0].array().raw(), (*batch.rows())[0].raw());
  EXPECT_EQ(datasets::concat_examples(batch, 0)[0].array().raw(), (*batch.rows())[0].raw());
  EXPECT_NE(arguments[0].array().raw(), x.raw());
  EXPECT_EQ(batch[1][0].array().raw(), arguments[0].array().select(0, 1).raw());
  // Through a SubDataset, too.
  SerialIterator part(datasets::split_dataset(datasets::TupleDataset(x), 3).second, 1, true, false);
  const std::optional<Batch> of_part = part.next();
  EXPECT_NE(of_part->rows(), nullptr);
}

// What is got out of a temporary lives on.
TEST(Examples, TemporariesGiveValues) {
  const auto batch = [] { return Batch(std::vector<Example>{{ids({1, 2}), Example("text")}}); };
  const Array& array = batch()[0][0].array();
  const std::string& text = batch()[0][1].as<std::string>();
  const Array& argument = datasets::concat_examples(Batch(std::vector<Example>{ids({3})}))[0];
  EXPECT_THAT(array.to_vector<std::int32_t>(), ElementsAre(1, 2));
  EXPECT_EQ(text, "text");
  EXPECT_EQ(argument.item(), 3);
  Array assigned;
  assigned = datasets::concat_examples(Batch(std::vector<Example>{ids({4})}))[0];
  EXPECT_EQ(assigned.item(), 4);
  static_assert(!std::is_reference_v<decltype(Example().array())>);
  static_assert(!std::is_reference_v<decltype(Example()[0])>);
  static_assert(!std::is_reference_v<decltype(Example()["x"])>);
  static_assert(!std::is_reference_v<decltype(Example().as<std::string>())>);
  static_assert(!std::is_reference_v<decltype(Arguments()[0].array())>);
  static_assert(!std::is_reference_v<decltype(Arguments()[0].list())>);
  static_assert(!std::is_reference_v<decltype(Arguments().names())>);
}

// An iterator of the program's own, which counts how it is used.
class Endless : public iterators::Iterator {
 public:
  std::optional<Batch> next() override {
    ++batches;
    return Batch(std::vector<Example>{1.5f, 2.5f});
  }
  void reset() override { batches = 0; }
  void finalize() override { ++finalized; }
  bool repeat() const override { return true; }
  std::int64_t epoch() const override { return batches; }
  bool is_new_epoch() const override { return true; }
  double epoch_detail() const override { return batches; }
  std::optional<double> previous_epoch_detail() const override { return batches - 1; }
  void serialize(Serializer&) override {}

  int batches = 0, finalized = 0;
};

// An optimizer that changes the gradients first.
class Doubled : public optimizers::SGD {
 public:
  using Optimizer::update;
  using optimizers::SGD::SGD;
  void update() override {
    for (Parameter& p : params())
      if (p.grad()) p.set_grad(p.grad() * 2.f);
    optimizers::SGD::update();
  }
};

TEST(Examples, IteratorsEndAndOptimizersAreOverridden) {
  const Folder folder;
  Linear model(1, 1, {.nobias = true, .initialW = 1.});
  Doubled optimizer({.lr = 0.25});
  optimizer.setup(model);
  Endless iterator;
  StandardUpdater updater(iterator, optimizer, [&](const Array& x) {
    EXPECT_EQ(x.dtype(), Dtype::float64);
    return autograd::sum(model(x.astype(Dtype::float32).reshape({2, 1})));
  });
  Trainer trainer(updater, {3, "iteration"}, folder / "out");
  trainer.run();
  EXPECT_EQ(iterator.batches, 3);
  EXPECT_EQ(iterator.finalized, 1);
  EXPECT_EQ(model.W.item(), 1 - 3 * 0.25 * 2 * 4);
}

}  // namespace
}  // namespace nn::training
