#include "tests/golden_runner/optimizers.h"

#include <fmt/format.h>

#include <functional>
#include <map>

#include "autograd/array/array.h"
#include "autograd/base/random.h"
#include "nn/optimizers/optimizers.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/tree.h"

namespace golden {
namespace {

namespace O = nn::optimizers;
using Make = std::function<std::unique_ptr<nn::Optimizer>(const Value&)>;

// An optimizer O whose hyperparameters are H.
template <class O, class H>
Make make() {
  return [](const Value& arguments) -> std::unique_ptr<nn::Optimizer> {
    H h;
    std::size_t known = 0;
    h.visit([&](std::string_view name, auto& value) {
      const Value& argument = arguments[name];
      if (argument.is(Value::Kind::null)) return;
      ++known;
      if constexpr (std::is_same_v<decltype(value), bool&>)
        value = argument.flag();
      else
        value = argument.number();
    });
    if (known < arguments.keys().size()) throw NotBuilt{"an argument of an optimizer"};
    return std::make_unique<O>(h);
  };
}

const std::map<std::string, Make> kOptimizers = {
    {"SGD", make<O::SGD, O::SGDHyperparameters>()},
    {"MomentumSGD", make<O::MomentumSGD, O::MomentumHyperparameters>()},
    {"CorrectedMomentumSGD", make<O::CorrectedMomentumSGD, O::MomentumHyperparameters>()},
    {"NesterovAG", make<O::NesterovAG, O::MomentumHyperparameters>()},
    {"AdaGrad", make<O::AdaGrad, O::AdaGradHyperparameters>()},
    {"AdaDelta", make<O::AdaDelta, O::AdaDeltaHyperparameters>()},
    {"RMSprop", make<O::RMSprop, O::RMSpropHyperparameters>()},
    {"RMSpropGraves", make<O::RMSpropGraves, O::RMSpropGravesHyperparameters>()},
    {"SMORMS3", make<O::SMORMS3, O::SMORMS3Hyperparameters>()},
    {"Adam", make<O::Adam, O::AdamHyperparameters>()},
    {"AdamW", make<O::AdamW, O::AdamHyperparameters>()},
    {"AMSGrad", make<O::AMSGrad, O::AdamHyperparameters>()},
    {"AdaBound", make<O::AdaBound, O::AdamHyperparameters>()},
    {"AMSBound", make<O::AMSBound, O::AdamHyperparameters>()},
    {"MSVAG", make<O::MSVAG, O::MSVAGHyperparameters>()},
};

nn::Timing timing_of(const Value& hook) {
  const std::string timing = hook["timing"].text("pre");
  if (timing != "pre" && timing != "post") throw NotBuilt{"a hook with timing=" + timing};
  return timing == "post" ? nn::Timing::post : nn::Timing::pre;
}

// Adds a hook that the manifest describes to an optimizer, or to the update rule of a parameter.
template <class Target>
void add_hook(Target& target, const Value& v) {
  namespace H = nn::optimizer_hooks;
  const std::string& name = v["hook"].text();
  const auto add = [&](auto hook) { target.add_hook(hook, "", timing_of(v)); };
  if (name == "WeightDecay") return add(H::WeightDecay{v["rate"].number()});
  if (name == "Lasso") return add(H::Lasso{v["rate"].number()});
  if (name == "GradientNoise") return add(H::GradientNoise{v["eta"].number()});
  if constexpr (std::is_same_v<Target, nn::Optimizer>) {
    if (name == "GradientClipping") return add(H::GradientClipping{v["threshold"].number()});
    if (name == "GradientHardClipping")
      return add(H::GradientHardClipping{v["lower_bound"].number(), v["upper_bound"].number()});
    if (name == "GradientLARS")
      return add(
          H::GradientLARS{v["threshold"].number(), v["weight_decay"].number(), v["eps"].number()});
  }
  throw NotBuilt{name};
}

// Five updates of one problem, whose gradients are given.
class Run {
 public:
  Run(const Value& entry, Store& store, const std::string& file, Report& report)
      : entry_(entry), file_(store.open(file)), report_(report) {}

  void run() {
    optimizer_ = make_optimizer(entry_["optimizer"].text(), entry_["arguments"]);
    check_defaults();
    set_up();
    std::map<std::string, Array> trajectory;
    const int steps = entry_["steps"].integer();
    for (int step = 0; step < steps; ++step) {
      give_gradients(step);
      for (const std::string& name : entry_["schedule"].keys())
        optimizer_->hyperparameter(name) =
            entry_["schedule"][name].items().at(static_cast<std::size_t>(step)).number();
      optimizer_->update();
      for (const auto& [path, parameter] : parameters_) {
        const Array expected = stored("param/" + path).select(0, step);
        report_.compare("param", fmt::format("{} after step {}", path, step + 1), parameter.array(),
                        expected, tolerance("param"));
      }
    }
    check_states();
  }

 private:
  Array stored(const std::string& name) const {
    return file_.array(entry_["name"].text() + "/" + name);
  }
  double tolerance(const std::string& part) const {
    // Its first steps divide by what is nearly zero.
    const double least = entry_["optimizer"].text() == "MSVAG" ? 1e-3 : 0;
    return std::max(least, golden::tolerance(entry_["err32"], part));
  }

  // What is not said must be as Chainer's.
  void check_defaults() const {
    const Value& expected = entry_["all_arguments"];
    for (const std::string& name : expected.keys())
      if (expected[name].is(Value::Kind::boolean))
        report_.expect(expected[name].flag() == entry_["arguments"][name].flag(), "default",
                       name + " is a flag that is off");
    optimizer_->visit_hyperparameters([&](std::string_view name, double& value) {
      if (expected.has(name))
        report_.expect(value == expected[name].number(), "default",
                       fmt::format("{} is {}, not {}", name, value, expected[name].number()));
    });
  }

  void set_up() {
    constexpr std::string_view init = "problem/init/";
    for (const std::string& key : file_.keys())
      if (key.starts_with(init)) model_.add(key.substr(init.size()), file_.array(key));
    parameters_ = parameters(model_);
    optimizer_->setup(model_);
    for (const Value& hook : entry_["hooks"].items()) add_hook(*optimizer_, hook);
    if (const Value& own_hook = entry_["rule_hook"]; own_hook.is(Value::Kind::map))
      add_hook(*parameters_.at(own_hook["param"].text()).update_rule(), own_hook);
    if (const Value& seed = entry_["seed"]; seed.is(Value::Kind::number))
      autograd::random::seed(static_cast<std::uint32_t>(seed.integer()));
    const Value& own = entry_["per_parameter"];
    for (const std::string& path : own.keys())
      for (const std::string& name : own[path].keys())
        parameters_.at(path).update_rule()->hyperparam[name] = own[path][name].number();
    for (const Value& path : entry_["frozen"].items())
      parameters_.at(path.text()).update_rule()->enabled = false;
  }

  void give_gradients(int step) {
    const Value &none = entry_["grad_none"], &zero = entry_["zero_grad"];
    for (auto& [path, parameter] : parameters_) {
      Array g = file_.array("problem/grad/" + path).select(0, step).copy();
      if (zero["step"].integer(-1) == step + 1) g.fill(0);
      if (none["step"].integer(-1) == step + 1 && none["param"].text() == path)
        parameter.cleargrad();
      else
        parameter.set_grad(g);
    }
  }

  void check_states() const {
    for (const auto& [path, parameter] : parameters_) {
      const auto& state = parameter.update_rule()->state;
      for (const Value& item : entry_["states"].items()) {
        const std::string name = "state/" + path + "/" + item.text();
        if (!file_.contains(entry_["name"].text() + "/" + name)) continue;
        const auto found = state.find(item.text());
        report_.compare("state", path + "/" + item.text(),
                        found == state.end() ? Array() : found->second, stored(name),
                        tolerance("state"));
      }
    }
  }

  const Value& entry_;
  const nn::NpzReader& file_;
  Report& report_;
  Tree model_;
  std::map<std::string, nn::Parameter> parameters_;
  std::unique_ptr<nn::Optimizer> optimizer_;
};

}  // namespace

std::unique_ptr<nn::Optimizer> make_optimizer(const std::string& name, const Value& arguments) {
  const auto make = kOptimizers.find(name);
  if (make == kOptimizers.end()) throw NotBuilt{name};
  return make->second(arguments);
}

void run_optimizers(const Value& manifest, Store& store, Report& report) {
  const Value& optimizers = manifest["optimizers"];
  for (const Value& entry : optimizers["cases"].items()) {
    report.run("optimizers/" + entry["name"].text(), [&] {
      Run(entry, store, optimizers["file"].text("optimizers.npz"), report).run();
      require_all_read(entry, {"note", "file"});
    });
  }
}

}  // namespace golden
