#include "autograd/functions/normalization/normalization.h"

#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;

void add_normalization(Table& t) {
  t.add("batch_normalization", [](const Call& c) {
    // Their arrays are changed in place, which is what "after" is compared with.
    return F::batch_normalization(c.x(0), c.x(1), c.x(2),
                                  {.eps = c.kwargs.number("eps", 2e-5),
                                   .running_mean = c.constant("running_mean"),
                                   .running_var = c.constant("running_var"),
                                   .decay = c.kwargs.number("decay", 0.9),
                                   .axis = c.kwargs.axes()});
  });
  t.add("fixed_batch_normalization", [](const Call& c) {
    return F::fixed_batch_normalization(c.x(0), c.x(1), c.x(2), c.x(3), c.x(4),
                                        c.kwargs.number("eps", 2e-5), c.kwargs.axes());
  });
  t.add("layer_normalization", [](const Call& c) {
    return F::layer_normalization(c.x(0), c.x(1), c.x(2), c.kwargs.number("eps", 1e-5));
  });
  t.add("group_normalization", [](const Call& c) {
    return F::group_normalization(c.x(0), c.kwargs["groups"].integer(), c.x(1), c.x(2),
                                  c.kwargs.number("eps", 1e-5));
  });
  t.add("local_response_normalization", [](const Call& c) {
    return F::local_response_normalization(c.x(0), {.n = c.kwargs.integer("n", 5),
                                                    .k = c.kwargs.number("k", 2),
                                                    .alpha = c.kwargs.number("alpha", 1e-4),
                                                    .beta = c.kwargs.number("beta", 0.75)});
  });
  t.add("normalize", [](const Call& c) {
    return F::normalize(c.x(0), c.kwargs.number("eps", 1e-5),
                        c.kwargs.has("axis") ? c.kwargs.axes() : Axes(1));
  });
}

}  // namespace golden
