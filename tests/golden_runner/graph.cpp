#include "autograd/functions/activation/activation.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"
#include "tests/golden_runner/table.h"

// Small programs that use the graph in ways that single functions do not.
namespace golden {
namespace F = autograd;

void add_graph(Table& t) {
  t.add("reuse", [](const Call& c) {
    const Variable& x = c.x(0);
    return F::exp(x) * x + F::sum(x * x);
  });
  t.add("diamond", [](const Call& c) -> Variables {
    const Variable a = F::tanh(c.x(0) + c.x(1));
    return {a * F::sigmoid(a) + F::pow(a, 2), F::sum(a)};
  });
  t.add("inplace_add", [](const Call& c) -> Variables {
    const Variable a = c.x(0) * c.x(1);
    Variable b = a;
    b += c.x(0);
    return {a, b};
  });
  t.add("unchain", [](const Call& c) {
    Variable a = F::exp(c.x(0));
    a.unchain();
    return a * c.x(0);
  });
  t.add("no_grad_branch", [](const Call& c) {
    Variable a;
    {
      const auto scope = F::no_backprop_mode();
      a = F::exp(c.x(0)) * c.x(1);
    }
    return a * c.x(1);
  });
  t.add("gradient_penalty", [](const Call& c) {
    const Variable y = F::sum(F::tanh(F::linear(c.x(0), c.x(1))));
    const Variable g = F::grad({y}, {c.x(0)}, {.create_graph = true})[0];
    return F::mean(F::pow(F::sqrt(F::sum(F::pow(g, 2), 1)) - 1, 2));
  });
}

}  // namespace golden
