#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "autograd/array/linalg.h"
#include "autograd/autograd.h"
#include "autograd/testing/gradient_check.h"
#include "nn/nn.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Writes down what it is called for.
struct Diary : LinkHook {
  explicit Diary(std::vector<std::string>& lines, std::string own_name = "Diary")
      : lines_(lines), name_(std::move(own_name)) {}
  std::string name() const override { return name_; }
  void added(Link* link) override { write(link ? "added to " + class_name(*link) : "added"); }
  void deleted(Link* link) override {
    write(link ? "deleted from " + class_name(*link) : "deleted");
  }
  void forward_preprocess(const LinkCall& call) override {
    write(class_name(call.link) + " of " + std::to_string(call.inputs.size()));
  }
  void forward_postprocess(const LinkCall& call, const Variables& outputs) override {
    write(class_name(call.link) + " gave " + std::to_string(outputs.size()));
  }
  void forward_failed(const LinkCall& call) override { write(class_name(call.link) + " failed"); }

 private:
  void write(const std::string& line) { lines_.push_back(name_ + ": " + line); }
  std::vector<std::string>& lines_;
  std::string name_;
};

struct Watched : Chain {
  Linear l1{3, 2};
  StatelessLSTM rnn{2, 2};
  autograd::CellAndOutput operator()(const Variable& x) {
    return hooked([&] { return rnn({}, {}, l1(x)); }, x);
  }
  void list(Members& m) override { m("l1", l1)("rnn", rnn); }
};

TEST(LinkHook, SeesTheCallsOfItsLinkAlone) {
  std::vector<std::string> lines;
  Watched net;
  net.l1.add_hook(Diary(lines));
  net(ones({4, 3}));
  EXPECT_THAT(lines,
              ElementsAre("Diary: added to Linear", "Diary: Linear of 1", "Diary: Linear gave 1"));
  net.l1.delete_hook("Diary");
  net(ones({4, 3}));
  EXPECT_EQ(lines.back(), "Diary: deleted from Linear");
  EXPECT_TRUE(net.l1.local_link_hooks().empty());
}

TEST(LinkHook, SeesAllCallsWhileItHasAScope) {
  std::vector<std::string> lines;
  Watched net;
  Diary diary(lines);
  {
    const auto scope = diary.watch();
    net(ones({4, 3}));
  }
  net(ones({4, 3}));
  // The LSTM of no state leaves its lateral layer out.
  EXPECT_THAT(
      lines,
      ElementsAre("Diary: added", "Diary: Watched of 1", "Diary: Linear of 1", "Diary: Linear gave 1",
                  "Diary: StatelessLSTM of 3", "Diary: Linear of 1", "Diary: Linear gave 1",
                  "Diary: StatelessLSTM gave 2", "Diary: Watched gave 2", "Diary: deleted"));
}

TEST(LinkHook, IsToldOfAFailure) {
  std::vector<std::string> lines;
  Linear link(3, 2);
  link.add_hook(Diary(lines, "first"));
  link.add_hook(Diary(lines, "second"));
  link.add_hook(Diary(lines, "second"), "third");
  lines.clear();
  EXPECT_THROW(link(ones({4, 5})), autograd::Error);
  EXPECT_THAT(
      lines, ElementsAre("first: Linear of 1", "second: Linear of 1", "second: Linear of 1",
                         "second: Linear failed", "second: Linear failed", "first: Linear failed"));
  lines.clear();
  link(ones({4, 3}));
  EXPECT_EQ(lines.back(), "first: Linear gave 1");  // they nest
}

TEST(LinkHook, HasANameOfItsOwn) {
  std::vector<std::string> lines;
  Linear link(3, 2);
  link.add_hook(Diary(lines));
  EXPECT_EQ(message_of([&] { link.add_hook(Diary(lines)); }),
            "add_hook: hooks of a link must have different names, but it has a Diary already");
  EXPECT_EQ(message_of([&] { link.delete_hook("other"); }),
            "delete_hook: the link must have a hook of that name, but has no other");
  Diary global(lines), again(lines);
  const auto scope = global.watch();
  EXPECT_EQ(message_of([&] { static_cast<void>(again.watch()); }),
            "LinkHook: hooks in scope must have different names, but there is a Diary already");
  // The link's own takes the place of the one in scope.
  lines.clear();
  link(ones({4, 3}));
  EXPECT_EQ(lines.size(), 2u);
}

TEST(LinkHook, FollowsItsLink) {
  std::vector<std::string> lines;
  std::vector<Linear> links;
  links.emplace_back(3, 2);
  links[0].add_hook(Diary(lines));
  for (int i = 0; i < 10; ++i) links.emplace_back(3, 2);  // the first one is moved
  const Linear copied = links[0];
  EXPECT_EQ(copied.local_link_hooks().size(), 1u);
  lines.clear();
  links[0](ones({4, 3}));
  EXPECT_EQ(lines.size(), 2u);
}

TEST(TimerHook, MeasuresLinks) {
  Watched net;
  link_hooks::TimerHook timer;
  EXPECT_EQ(timer.report(), "LinkName  ElapsedTime  Occurrence\n");
  {
    const auto scope = timer.watch();
    net(ones({4, 3}));
    EXPECT_THROW(net(ones({4, 4})), autograd::Error);
  }
  EXPECT_EQ(timer.call_history.size(), 4u);
  EXPECT_EQ(timer.call_history.back().first, "Watched");
  EXPECT_EQ(timer.total_time(), timer.call_history.back().second);
  EXPECT_EQ(timer.summary().at("Linear").occurrence, 2);
  EXPECT_GT(timer.summary().at("Linear").elapsed_time, 0);
  EXPECT_THAT(timer.report(), StartsWith("     LinkName  ElapsedTime  Occurrence\n"
                                         "       Linear  "));
  EXPECT_THAT(timer.report(link_hooks::TimerHook::Unit::ns), HasSubstr("ns           1\n"));
}

using link_hooks::SpectralNormalization;
using link_hooks::SpectralNormalizationOptions;
using link_hooks::WeightStandardization;

double greatest_singular_value(const Array& M) {
  const Array squares =
      autograd::array::eigvalsh(autograd::matmul(Variable(M), Variable(M), false, true).array());
  return std::sqrt(autograd::max(Variable(squares)).item());
}

TEST(SpectralNormalization, DividesByTheGreatestSingularValue) {
  autograd::random::seed(1);
  Linear link(4, 3, {.nobias = true});
  const auto hook = std::make_shared<SpectralNormalization>(
      SpectralNormalizationOptions{.n_power_iteration = 100});
  link.add_hook(hook);
  const Array W = link.W.array().copy(), before = hook->u.copy();
  EXPECT_EQ(before.shape(), Shape{3});
  const Array eye = initializers::Identity()({4, 4}, Dtype::float32);
  const Array normalized = link(eye).array();  // W^T / sigma
  EXPECT_NEAR(greatest_singular_value(normalized), 1, 1e-5);
  EXPECT_TRUE(array_equal(link.W.array(), W));
  EXPECT_TRUE(link.W.is_parameter());
  EXPECT_FALSE(array_equal(hook->u, before));
  // The gradient is that of W / sigma, and goes to the parameter.
  autograd::sum(link(eye)).backward();
  EXPECT_TRUE(link.W.grad());

  const auto doubled = std::make_shared<SpectralNormalization>(
      SpectralNormalizationOptions{.n_power_iteration = 100, .factor = 2.0});
  link.delete_hook("SpectralNormalization");
  EXPECT_FALSE(hook->u);
  link.add_hook(doubled);
  EXPECT_NEAR(greatest_singular_value(link(eye).array()), 2, 1e-5);
}

TEST(SpectralNormalization, HasGammaThatStartsAtTheSingularValue) {
  autograd::random::seed(1);
  Convolution2D link(None, 2, 2);
  link.add_hook(SpectralNormalization({.n_power_iteration = 100, .use_gamma = true}));
  EXPECT_EQ(link.namedparams().back().path, "/gamma");
  EXPECT_FALSE(link.namedparams().back().parameter.is_initialized());
  const Array x = counted({1, 3, 4, 4}, 0.1F);
  const Array y = link(x).array();
  Convolution2D plain = link;
  plain.delete_hook("SpectralNormalization");
  // gamma W / sigma is W.
  EXPECT_LT(autograd::max(autograd::absolute(Variable(y) - plain(x))).item(), 1e-5);

  Deconvolution2D other(3, 2, 2);
  const auto hook = std::make_shared<SpectralNormalization>();
  other.add_hook(hook);
  EXPECT_EQ(hook->u.shape(), Shape{2});  // outputs are on axis 1
}

TEST(SpectralNormalization, IsSavedAndCopiedWithItsLink) {
  const Folder folder;
  const Array x = counted({2, 4});
  const auto made = [] {
    Linear link(4, 3);
    link.add_hook(SpectralNormalization({.use_gamma = true}));
    return link;
  };
  Linear a = made(), b = made();
  for (int i = 0; i < 3; ++i) a(x);
  serializers::save_npz(folder / "a.npz", a);
  EXPECT_THAT(NpzReader(folder / "a.npz").keys(),
              ::testing::UnorderedElementsAre("W", "b", "gamma", "W_u"));
  serializers::load_npz(folder / "a.npz", b);
  Linear c = copy(a, CopyMode::copy);
  const Array y = a(x).array();
  EXPECT_TRUE(array_equal(b(x).array(), y));
  EXPECT_TRUE(array_equal(c(x).array(), y));
  for (const Parameter& p : a.params())
    for (const Parameter& q : c.params()) EXPECT_FALSE(p.is(q));
}

TEST(SpectralNormalization, ChangesNothingInTestingOrIfTheCallFails) {
  Linear link(4, 3);
  const auto hook = std::make_shared<SpectralNormalization>();
  link.add_hook(hook);
  const Array before = hook->u.copy();
  EXPECT_THROW(link(ones({2, 5})), autograd::Error);
  EXPECT_TRUE(array_equal(hook->u, before));
  EXPECT_TRUE(link.W.is_parameter());
  {
    const auto testing = autograd::using_config(&autograd::Config::train, false);
    link(ones({2, 4}));
  }
  EXPECT_TRUE(array_equal(hook->u, before));
  link(ones({2, 4}));
  EXPECT_FALSE(array_equal(hook->u, before));
}

TEST(SpectralNormalization, SaysWhatIsWrong) {
  EXPECT_EQ(message_of([] { SpectralNormalization({.n_power_iteration = 0}); }),
            "SpectralNormalization: n_power_iteration must be at least 1, but it is 0");
  Highway link(3);
  EXPECT_EQ(message_of([&] { link.add_hook(SpectralNormalization()); }),
            "SpectralNormalization: the link must have the weight W itself, but Highway has not");
  SpectralNormalization hook;
  EXPECT_EQ(message_of([&] { static_cast<void>(hook.watch()); }),
            "SpectralNormalization: the hook must be added to a link, but it was given a scope");
  const auto shared = std::make_shared<SpectralNormalization>();
  Linear a(4, 3), b(4, 5);
  a.add_hook(shared);
  EXPECT_THAT(message_of([&] { b.add_hook(shared); }),
              StartsWith("SpectralNormalization: a hook must be added to one link only"));
  EXPECT_TRUE(b.local_link_hooks().empty());
}

TEST(WeightStandardization, GivesEachSliceMeanZeroAndVarianceOne) {
  Linear link(4, 3, {.nobias = true});
  link.add_hook(WeightStandardization({.eps = 1e-12}));
  const Array eye = initializers::Identity()({4, 4}, Dtype::float32);
  const Variable W = autograd::transpose(link(eye));
  for (const float mean : autograd::mean(W, 1).array().to_vector<float>())
    EXPECT_NEAR(mean, 0, 1e-6);
  for (const float square : autograd::mean(W * W, 1).array().to_vector<float>())
    EXPECT_NEAR(square, 1, 1e-5);
}

// The derivatives by the weight itself.
template <class L>
void expect_weight_gradients(L& link, const Array& x) {
  const auto f = [&](const Variable& W) {
    Variable& place = link.W;
    const Variable before = place;
    place = W;
    const Variable y = link(x);
    place = before;
    return y;
  };
  const Array W = link.W.array().astype(Dtype::float64);
  autograd::testing::check_backward(f, {W});
  autograd::testing::check_double_backward(f, {W});
}

TEST(WeightStandardization, HasGradientsOfBothOrders) {
  const auto in_float64 = autograd::using_config(&autograd::Config::dtype, Dtype::float64);
  Linear linear(4, 3);
  linear.add_hook(WeightStandardization());
  expect_weight_gradients(linear, counted({2, 4}, 0.25F).astype(Dtype::float64));
  Deconvolution2D filters(3, 2, 2);
  filters.add_hook(WeightStandardization());
  expect_weight_gradients(filters, counted({1, 3, 2, 2}, 0.25F).astype(Dtype::float64));
}

TEST(WeightStandardization, StacksWithSpectralNormalization) {
  Linear link(4, 3, {.nobias = true});
  link.add_hook(WeightStandardization());
  link.add_hook(SpectralNormalization({.n_power_iteration = 100}));
  const Array eye = initializers::Identity()({4, 4}, Dtype::float32);
  EXPECT_NEAR(greatest_singular_value(link(eye).array()), 1, 1e-5);
  EXPECT_TRUE(link.W.is_parameter());
  EXPECT_EQ(link.params().size(), 1u);
}

}  // namespace
}  // namespace nn
