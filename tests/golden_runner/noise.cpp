#include "autograd/functions/noise/noise.h"

#include "tests/golden_runner/table.h"

// Each takes the numbers that Chainer drew.
namespace golden {
namespace F = autograd;

void add_noise(Table& t) {
  t.add("gaussian",
        [](const Call& c) { return F::gaussian(c.x(0), c.x(1), {.eps = c.constant("eps")}); });
  t.add("dropout", [](const Call& c) {
    return F::dropout(c.x(0), c.kwargs.number("ratio", 0.5), {.mask = c.constant("mask")});
  });
  t.add("simplified_dropconnect", [](const Call& c) {
    return F::simplified_dropconnect(
        c.x(0), c.x(1), c.inputs.size() > 2 ? c.x(2) : Variable(),
        {.ratio = c.kwargs.number("ratio", 0.5), .mask = c.constant("mask")});
  });
}

}  // namespace golden
