#include "autograd/functions/noise/noise.h"

#include "autograd/array/walker_alias.h"
#include "autograd/functions/noise/gumbel_softmax.h"
#include "tests/golden_runner/table.h"

// Each takes the numbers that Chainer drew, or draws the same.
namespace golden {
namespace F = autograd;

void add_noise(Table& t) {
  t.add("gaussian", [](const Call& c) -> Variables {
    const auto [z, eps] = F::gaussian_with_eps(c.x(0), c.x(1), {.eps = c.constant("eps")});
    return c.kwargs.flag("return_eps") ? Variables{z, Variable(eps)} : Variables{z};
  });
  t.add("dropout", [](const Call& c) -> Variables {
    const auto [y, mask] =
        F::dropout_with_mask(c.x(0), c.kwargs.number("ratio", 0.5), {.mask = c.constant("mask")});
    return c.kwargs.flag("return_mask") ? Variables{y, Variable(mask)} : Variables{y};
  });
  t.add("zoneout",
        [](const Call& c) { return F::zoneout(c.x(0), c.x(1), c.kwargs.number("ratio", 0.5)); });
  t.add("gumbel_softmax", [](const Call& c) {
    const int axis = c.kwargs.integer("axis", 1);
    if (c.count() > 1) return F::gumbel_softmax(c.x(0), c.x(1), axis);
    return F::gumbel_softmax(c.x(0), c.kwargs.number("tau", 0.1), axis);
  });
  t.add("walker_alias", [](const Call& c) -> Variables {
    const F::WalkerAlias alias(c.array(0));
    Variables ys;
    for (const Expression& e : c.results()) {
      if (e.kind == Expression::Kind::call)
        ys.emplace_back(alias.sample(c.kwargs.shape("shape")));
      else
        ys.emplace_back(e.text == "threshold" ? alias.threshold() : alias.values());
    }
    return ys;
  });
  t.add("simplified_dropconnect", [](const Call& c) {
    return F::simplified_dropconnect(
        c.x(0), c.x(1), c.count() > 2 ? c.x(2) : Variable(),
        {.ratio = c.kwargs.number("ratio", 0.5),
         .train = c.kwargs.flag("train", true),
         .mask = c.constant("mask"),
         .use_batchwise_mask = c.kwargs.flag("use_batchwise_mask", true)});
  });
}

}  // namespace golden
