#include <gtest/gtest.h>

#include "nn/links/connection/linear.h"
#include "nn/optimizers/optimizers.h"
#include "nn/serializers/save_load.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace nn {
namespace {

using namespace optimizers;
using serializers::load_npz;
using serializers::save_npz;

const std::string kChainer = source_path("tests/golden/chainer_files/");

// The problem of Chainer's optimizer files.
struct Problem : Link {
  Parameter W{0.0, Shape{4, 3}}, b{0.0, Shape{3}};
  void list(Members& m) override { m("W", W)("b", b); }
};

template <class O>
void loads_and_round_trips(const std::string& name, std::size_t states) {
  SCOPED_TRACE(name);
  Problem problem, other;
  O optimizer, loaded;
  optimizer.setup(problem);
  loaded.setup(other);
  load_npz(kChainer + "optimizer_" + name + ".npz", optimizer);
  EXPECT_EQ(optimizer.t, 5);
  EXPECT_EQ(problem.b.update_rule()->t, 5);
  EXPECT_EQ(problem.W.update_rule()->state.size(), states);
  Folder folder;
  save_npz(folder / "o.npz", optimizer);
  load_npz(folder / "o.npz", loaded);
  for (const auto& [state, values] : problem.W.update_rule()->state)
    EXPECT_TRUE(array_equal(values, other.W.update_rule()->state.at(state))) << state;
  optimizer.update();
  loaded.update();
  EXPECT_TRUE(array_equal(problem.W.array(), other.W.array()));
  EXPECT_EQ(other.W.update_rule()->t, 6);
}

TEST(OptimizerFiles, OfChainerLoadAndRoundTrip) {
  loads_and_round_trips<SGD>("SGD", 0);
  loads_and_round_trips<MomentumSGD>("MomentumSGD", 1);
  loads_and_round_trips<CorrectedMomentumSGD>("CorrectedMomentumSGD", 1);
  loads_and_round_trips<NesterovAG>("NesterovAG", 1);
  loads_and_round_trips<AdaGrad>("AdaGrad", 1);
  loads_and_round_trips<AdaDelta>("AdaDelta", 2);
  loads_and_round_trips<RMSprop>("RMSprop", 1);
  loads_and_round_trips<RMSpropGraves>("RMSpropGraves", 3);
  loads_and_round_trips<SMORMS3>("SMORMS3", 3);
  loads_and_round_trips<Adam>("Adam", 2);
  loads_and_round_trips<AMSGrad>("AMSGrad", 3);
  loads_and_round_trips<AdaBound>("AdaBound", 2);
  loads_and_round_trips<AMSBound>("AMSBound", 3);
  loads_and_round_trips<MSVAG>("MSVAG", 2);
}

struct Vae : Link {
  Linear le1{12, 7}, le2{7, 7}, le3_mu{7, 3}, le3_ln_var{7, 3}, ld1{3, 7}, ld2{7, 7}, ld3{7, 12};
  void list(Members& m) override {
    m("le1", le1)("le2", le2)("le3_mu", le3_mu)("le3_ln_var", le3_ln_var)("ld1", ld1)("ld2", ld2)(
        "ld3", ld3);
  }
};

TEST(OptimizerFiles, OfAWholeModel) {
  for (const char* model : {"vae_model.npz", "vae_model_uncompressed.npz", "vae_model_zip64.npz",
                            "vae_model_plain.npz"})
    for (const char* states : {"vae_adam.npz", "vae_adam_uncompressed.npz"}) {
      Vae vae;
      Adam adam;
      adam.setup(vae);
      load_npz(kChainer + model, vae);
      load_npz(kChainer + states, adam);
      EXPECT_EQ(adam.t, 3);
      EXPECT_EQ(vae.ld3.W.update_rule()->state.at("v").shape(), (Shape{12, 7}));
    }
}

TEST(OptimizerFiles, BeforeTheFirstUpdateHoldNoStates) {
  for (const char* file : {"vae_adam_fresh.npz", "vae_adam_fresh_uncompressed.npz"}) {
    Vae vae;
    Adam adam;
    adam.setup(vae);
    adam.update();
    load_npz(kChainer + file, adam);
    EXPECT_EQ(adam.t, 0);
    EXPECT_EQ(vae.le1.W.update_rule()->t, 0);
    EXPECT_TRUE(vae.le1.W.update_rule()->state.empty());
  }
}

TEST(OptimizerFiles, MustFitTheOptimizerAndItsTarget) {
  Problem problem;
  Adam adam;
  adam.setup(problem);
  const std::string file = kChainer + "optimizer_MomentumSGD.npz";
  EXPECT_EQ(message_of<autograd::Error>([&] { load_npz(file, adam); }),
            "npz: " + file + " must hold the key W/m, but it does not");
  EXPECT_EQ(adam.t, 0);
  EXPECT_EQ(problem.W.update_rule()->t, 0);
  problem.b = Parameter(0.0, Shape{2});
  adam.setup(problem);
  EXPECT_EQ(message_of<autograd::Error>([&] { load_npz(kChainer + "optimizer_Adam.npz", adam); }),
            "npz: b/m in " + kChainer +
                "optimizer_Adam.npz must be of the shape (2), but it is float32(3)");
}

TEST(OptimizerFiles, OfAParameterWithoutAShape) {
  Folder folder;
  Linear l(2), other(2);
  Adam adam, loaded;
  adam.setup(l);
  loaded.setup(other);
  adam.update();
  save_npz(folder / "o.npz", adam);
  load_npz(folder / "o.npz", loaded);
  EXPECT_EQ(other.b.update_rule()->state.size(), 2u);
  EXPECT_TRUE(other.W.update_rule()->state.empty());
}

}  // namespace
}  // namespace nn
