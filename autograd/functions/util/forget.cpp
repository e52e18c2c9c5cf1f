#include "autograd/functions/util/forget.h"

#include <vector>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

class Forget final : public FunctionNode {
 public:
  // No gradient is computed for a leaf that nobody holds. Then f would not be called again either,
  // and what it uses would get no gradient: so the leaves among the inputs are held here.
  Forget(std::function<Variables(const Variables&)> f, Variables leaves)
      : f_(std::move(f)), leaves_(std::move(leaves)) {}

 private:
  std::string_view name() const override { return "forget"; }
  std::string label() const override { return "Forget"; }

  Outputs forward_all(const Inputs& x) override {
    const auto no_graph = no_backprop_mode();
    const auto first = using_config(&Config::will_recompute, true);
    for (std::size_t i = 0; i < x.size(); ++i) kept_.emplace_back("an input", x[i]);
    Outputs arrays;
    for (const Variable& y : f_(variables())) arrays.push_back(y.array());
    return arrays;
  }

  Grads backward_all(const Variables& gys) override {
    if (config().enable_backprop)
      throw Error("forget: its gradient has no graph of its own, but one is asked for");
    const Variables xs = variables();
    Variable total;
    {
      const auto graph = force_backprop_mode();
      const auto second = using_config(&Config::in_recomputing, true);
      const Variables ys = f_(xs);
      for (std::size_t i = 0; i < ys.size(); ++i)
        if (gys.at(i) && ys[i].requires_grad()) total += sum(ys[i] * gys[i]);
    }
    if (total) total.backward();
    Variables gxs;
    for (const Variable& x : xs) gxs.push_back(x.grad_var());
    return gxs;
  }

  // New ones, without a past.
  Variables variables() const {
    Variables xs;
    for (const Kept<Array>& x : kept_) {
      const Array& array = x.get(name());
      xs.push_back(Variable(array, {.requires_grad = is_float(array.dtype())}));
    }
    return xs;
  }

  std::function<Variables(const Variables&)> f_;
  Variables leaves_;
  std::vector<Kept<Array>> kept_;
};

}  // namespace

Variables forget(std::function<Variables(const Variables&)> f, const Variables& xs) {
  Variables leaves;
  for (const Variable& x : xs)
    if (x && !x.creator()) leaves.push_back(x);
  return apply_all<Forget>(xs, std::move(f), std::move(leaves));
}

}  // namespace autograd::inline functions
