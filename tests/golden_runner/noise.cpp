#include "autograd/functions/noise/noise.h"

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
