#include "nn/optimizers/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "nn/links/connection/linear.h"
#include "nn/optimizers/adam.h"
#include "nn/optimizers/sgd.h"
#include "nn/serializers/save_load.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::reshape;
using autograd::sum;
using optimizers::Adam;
using optimizers::SGD;

// A vector to be trained.
struct Vector : Link {
  Parameter x{Array::of<float>({1, 2}), Shape{2}, "x"};
  void list(Members& m) override { m("x", x); }
  Variable loss() const { return sum(square(x)) * 0.5; }
};

TEST(Optimizer, UpdatesByTheGradientOfALoss) {
  Vector v;
  SGD sgd({.lr = 0.5});
  sgd.setup(v);
  sgd.update([&] { return v.loss(); });
  EXPECT_EQ(v.x.array().to_vector<float>(), (std::vector<float>{0.5, 1}));
  sgd.lr = 0.25;
  sgd.update([](const Vector& link, double scale) { return link.loss() * scale; }, v, 2);
  EXPECT_EQ(v.x.array().to_vector<float>(), (std::vector<float>{0.25, 0.5}));
  EXPECT_EQ(sgd.t, 2);
  EXPECT_EQ(v.x.update_rule()->t, 2);
}

TEST(Optimizer, AParameterMayHaveItsOwnHyperparametersOrStayAsItIs) {
  Vector v, w;
  struct Both : Link {
    Link *a, *b;
    void list(Members& m) override { m("a", *a)("b", *b); }
  } both;
  both.a = &v;
  both.b = &w;
  SGD sgd({.lr = 0.5});
  sgd.setup(both);
  v.x.update_rule()->hyperparam["lr"] = 1;
  w.disable_update();
  EXPECT_FALSE(w.update_enabled());
  EXPECT_TRUE(both.update_enabled());
  sgd.update([&] { return v.loss() + w.loss(); });
  EXPECT_EQ(v.x.array().to_vector<float>(), (std::vector<float>{0, 0}));
  EXPECT_EQ(w.x.array().to_vector<float>(), (std::vector<float>{1, 2}));
  EXPECT_EQ(w.x.update_rule()->t, 0);
  w.enable_update();
  sgd.update([&] { return v.loss() + w.loss(); });
  EXPECT_EQ(w.x.array().to_vector<float>(), (std::vector<float>{0.5, 1}));
}

// A model with a part that it forgets to list, behind `padding` bytes of something else.
struct Forgetful : Vector {
  char padding = 0;
  Linear forgotten{2, 1};
  Variable loss() { return sum(forgotten(reshape(x, {1, 2}))); }
};
const std::string kForgotten =
    "update: a parameter that takes part in the loss must be listed by its link, or be fixed by "
    "disable_update(), but W float32(1, 2) is not, a member of ";

TEST(Optimizer, NoticesAMemberThatWasNotListed) {
  Forgetful link;
  SGD sgd;
  sgd.setup(link);
  const Array before = link.x.array().copy();
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(message_of([&] { sgd.update([&] { return link.loss(); }); }),
              kForgotten + "the target");
  EXPECT_EQ(sgd.t, 0);
  EXPECT_TRUE(array_equal(link.x.array(), before));
  link.forgotten.disable_update();
  sgd.update([&] { return link.loss(); });
  EXPECT_EQ(sgd.t, 1);
}

TEST(Optimizer, NoticesItInAnUpdateByGivenGradients) {
  struct Parent : Link {
    std::vector<std::unique_ptr<Forgetful>> several;
    void list(Members& m) override { m("several", several); }
  } link;
  for (int i = 0; i < 3; ++i) link.several.push_back(std::make_unique<Forgetful>());
  SGD sgd;
  sgd.setup(link);
  link.cleargrads();
  link.several[2]->loss().backward();
  EXPECT_EQ(message_of([&] { sgd.update(); }), kForgotten + "/several/2");
  EXPECT_EQ(sgd.t, 0);
  link.several[2]->forgotten.cleargrads();
  sgd.update();
  EXPECT_EQ(sgd.t, 1);
}

TEST(Optimizer, LeavesATeacherAlone) {
  // A model that no optimizer has, however the student refers to it.
  Linear teacher(2, 2), student(2, 2);
  struct Distilled : Link {
    Linear& teacher;
    Linear& student;
    Distilled(Linear& t, Linear& s) : teacher(t), student(s) {}
    void list(Members& m) override { m("student", student); }
  } model(teacher, student);
  const Array before = teacher.W.array().copy(), untrained = student.W.array().copy();
  SGD sgd, other;
  sgd.setup(model);
  const auto loss = [&] {
    const Array x = Array::full({1, 2}, 1, Dtype::float32);
    return sum(square(model.student(x) - model.teacher(x)));
  };
  sgd.update(loss);
  model.cleargrads();
  loss().backward();
  sgd.update();
  other.setup(student);
  other.update(loss);
  EXPECT_EQ(sgd.t + other.t, 3);
  EXPECT_TRUE(array_equal(teacher.W.array(), before));
  EXPECT_FALSE(array_equal(student.W.array(), untrained));
}

TEST(Optimizer, FollowsATargetThatIsMoved) {
  std::vector<Vector> models;
  std::vector<std::unique_ptr<SGD>> trainers;
  for (int i = 0; i < 20; ++i) {
    models.emplace_back();
    trainers.push_back(std::make_unique<SGD>(optimizers::SGDHyperparameters{.lr = 0.5}));
    trainers[i]->setup(models[i]);
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(&trainers[i]->target(), &models[i]);
    trainers[i]->update([&] { return models[i].loss(); });
    EXPECT_EQ(models[i].x.array().to_vector<float>(), (std::vector<float>{0.5, 1}));
  }
}

TEST(Optimizer, OutlivesItsTarget) {
  SGD sgd({.lr = 0.5});
  Parameter x;
  {
    Vector v;
    x = v.x;
    sgd.setup(v);
    EXPECT_EQ(&sgd.target<Vector>(), &v);
    EXPECT_EQ(
        message_of([&] { sgd.target<Linear>(); }),
        "Optimizer: target<L>() must be called with the target's class, but L is another class");
  }
  sgd.add_hook([](Optimizer&) {}, "hook");
  sgd.add_hook([](UpdateRule&, Parameter&) {}, "of each");
  sgd.update([&] { return sum(square(x)) * 0.5; });
  EXPECT_EQ(x.array().to_vector<float>(), (std::vector<float>{0.5, 1}));
  x.set_grad(Array::of<float>({1, 2}));
  sgd.update();
  EXPECT_EQ(x.array().to_vector<float>(), (std::vector<float>{0, 0}));
  const std::string gone = "Optimizer: the target must outlive its use, but it was destroyed";
  EXPECT_EQ(message_of([&] { sgd.target(); }), gone);
  EXPECT_EQ(message_of([&] { serializers::save(serializers::serialize_of(sgd)); }), gone);
}

// Whatever a hook throws, the next update is the one that would have been.
TEST(Optimizer, ForgetsAnUpdateThatAHookBreaksOff) {
  struct Three : Link {
    Vector a, b, c;
    void list(Members& m) override { m("a", a)("b", b)("c", c); }
  };
  for (const Timing timing : {Timing::pre, Timing::post}) {
    for (const bool of_all : {false, true}) {
      Three broken, whole;
      Adam adam, expected;
      adam.setup(broken);
      expected.setup(whole);
      bool fails = true;
      const auto fail = [&] {
        if (fails) throw std::runtime_error("no");
      };
      if (of_all)
        adam.add_hook([&](Optimizer&) { fail(); }, "hook", timing);
      else
        broken.b.x.update_rule()->add_hook([&](UpdateRule&, Parameter&) { fail(); }, "hook",
                                           timing);
      const auto loss = [](Three& l) { return l.a.loss() + l.b.loss() + l.c.loss(); };
      const Array before = broken.a.x.array().copy();
      EXPECT_EQ(message_of<std::runtime_error>([&] { adam.update(loss, broken); }), "no");
      if (timing == Timing::pre) {
        EXPECT_TRUE(array_equal(broken.a.x.array(), before));
        EXPECT_EQ(adam.t, 0);
      } else {
        expected.update(loss, whole);
      }
      fails = false;
      adam.update(loss, broken);
      expected.update(loss, whole);
      EXPECT_EQ(adam.t, expected.t);
      for (auto member : {&Three::a, &Three::b, &Three::c}) {
        EXPECT_TRUE(array_equal((broken.*member).x.array(), (whole.*member).x.array()));
        EXPECT_EQ((broken.*member).x.update_rule()->t, (whole.*member).x.update_rule()->t);
      }
    }
  }
}

TEST(Optimizer, AnotherOptimizersParametersMayTakePart) {
  Vector mine;
  Linear other(2, 1);
  SGD sgd, others;
  sgd.setup(mine);
  others.setup(other);
  const std::vector<float> before = other.W.array().to_vector<float>();
  sgd.update([&] { return sum(other(reshape(mine.x, {1, 2}))); });
  EXPECT_EQ(other.W.array().to_vector<float>(), before);
}

TEST(Optimizer, HyperparametersByName) {
  Adam adam({.beta1 = 0.5});
  EXPECT_EQ(adam.alpha, 0.001);
  EXPECT_EQ(&adam.hyperparameter("beta1"), &adam.beta1);
  EXPECT_EQ(message_of([&] { adam.hyperparameter("lr"); }),
            "hyperparameter: the name must be one of alpha, beta1, beta2, eps, eta, "
            "weight_decay_rate, final_lr, gamma, but it is lr");
}

TEST(Optimizer, SetupComesFirst) {
  SGD sgd;
  EXPECT_EQ(message_of([&] { sgd.update(); }),
            "Optimizer: setup() must come first, but it was not called");
  EXPECT_EQ(message_of([&] { sgd.add_hook([](Optimizer&) {}, "hook"); }),
            "Optimizer: setup() must come first, but it was not called");
}

TEST(Optimizer, OnlyOneOfUpdaterAndUserCountsEpochs) {
  SGD sgd;
  sgd.new_epoch();
  EXPECT_EQ(sgd.epoch, 1);
  EXPECT_EQ(
      message_of([&] { sgd.new_epoch(true); }),
      "new_epoch: with use_auto_new_epoch = false the user must call it, but the updater did");
  sgd.use_auto_new_epoch = true;
  sgd.new_epoch(true);
  EXPECT_EQ(message_of([&] { sgd.new_epoch(); }),
            "new_epoch: with use_auto_new_epoch = true the updater must call it, but the user did");
}

TEST(Optimizer, HooksRunInOrderByTimingAndName) {
  Vector v;
  SGD sgd;
  sgd.setup(v);
  std::string calls;
  sgd.add_hook([&](Optimizer& o) { calls += "a" + std::to_string(o.t); }, "a");
  sgd.add_hook([&](Optimizer& o) { calls += "b" + std::to_string(o.t); }, "b", Timing::post);
  sgd.add_hook(
      [&](UpdateRule& rule, Parameter& p) { calls += "c" + p.name() + std::to_string(rule.t); },
      "c");
  v.x.update_rule()->add_hook(
      [&](UpdateRule& rule, Parameter&) { calls += "d" + std::to_string(rule.t); }, "d");
  sgd.update();
  EXPECT_EQ(calls, "a0cx0d1b1");
  sgd.remove_hook("a");
  sgd.remove_hook("c");
  v.x.update_rule()->remove_hook("d");
  calls.clear();
  sgd.update();
  EXPECT_EQ(calls, "b2");
  EXPECT_EQ(message_of([&] { sgd.remove_hook("a"); }),
            "remove_hook: the hook must exist, but there is no a");
  EXPECT_EQ(message_of([&] { sgd.add_hook([](Optimizer&) {}, "b"); }),
            "add_hook: a hook's name must be new, but there is a b already");
  EXPECT_EQ(message_of([&] { sgd.add_hook([](Optimizer&) {}); }),
            "add_hook: a hook must have a name, but it has none");
}

TEST(Optimizer, AParameterWithoutAShapeWaits) {
  Linear l(2);
  Adam adam;
  adam.setup(l);
  adam.update();
  EXPECT_FALSE(l.W.is_initialized());
  adam.update([&] { return sum(l(Array::full({1, 3}, 1, Dtype::float32))); });
  EXPECT_EQ(l.W.update_rule()->state.size(), 2u);
}

// Five steps of Adam's own formula, in double, over arrays larger and smaller than a register and a
// thread's share.
TEST(Adam, FollowsItsFormulaForAnySizeAndLayout) {
  for (const Shape& shape : {Shape{1}, Shape{33}, Shape{3, 20000}}) {
    for (const bool transposed : {false, true}) {
      autograd::random::seed(1);
      struct One : Link {
        Parameter x;
        void list(Members& m) override { m("x", x); }
      } link;
      link.x = Parameter(initializers::Normal(1), shape);
      if (transposed) link.x.set_array(link.x.array().transpose());
      std::vector<double> p = link.x.array().to_vector<double>(), m(p.size()), v(p.size());
      Adam adam({.alpha = 0.1, .weight_decay_rate = 0.01});
      adam.setup(link);
      for (int t = 1; t <= 5; ++t) {
        adam.update([&] { return sum(square(link.x)) * 0.5; });
        for (std::size_t i = 0; i < p.size(); ++i) {
          m[i] += 0.1 * (p[i] - m[i]);
          v[i] += 0.001 * (p[i] * p[i] - v[i]);
          const double step = 0.1 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
          p[i] = 0.99 * p[i] - step * m[i] / (std::sqrt(v[i]) + 1e-8);
        }
      }
      const std::vector<double> got = link.x.array().to_vector<double>();
      // A gradient near 0 makes m and v cancel: one rounding of p then moves a step by more than
      // itself.
      for (std::size_t i = 0; i < p.size(); ++i)
        ASSERT_NEAR(got[i], p[i], 2e-5) << i << " of " << to_string(shape);
    }
  }
}

}  // namespace
}  // namespace nn
