#include "autograd/functions/normalization/normalization.h"

#include "autograd/functions/normalization/batch_renormalization.h"
#include "autograd/functions/normalization/decorrelated_batch_normalization.h"
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
  t.add("batch_renormalization", [](const Call& c) {
    return F::batch_renormalization(c.x(0), c.x(1), c.x(2), c.kwargs["rmax"].number(),
                                    c.kwargs["dmax"].number(), c.constant("running_mean"),
                                    c.constant("running_var"),
                                    {.eps = c.kwargs.number("eps", 2e-5),
                                     .decay = c.kwargs.number("decay", 0.9),
                                     .update_statistics = c.kwargs.flag("update_statistics")});
  });
  t.add("fixed_batch_renormalization", [](const Call& c) {
    return F::fixed_batch_renormalization(c.x(0), c.x(1), c.x(2), c.x(3), c.x(4),
                                          c.kwargs.number("eps", 2e-5));
  });
  t.add("decorrelated_batch_normalization", [](const Call& c) {
    return F::decorrelated_batch_normalization(
        c.x(0), {.groups = c.kwargs.integer("groups", 16),
                 .eps = c.kwargs.number("eps", 2e-5),
                 .running_mean = c.constant("running_mean"),
                 .running_projection = c.constant("running_projection"),
                 .decay = c.kwargs.number("decay", 0.9)});
  });
  t.add("fixed_decorrelated_batch_normalization", [](const Call& c) {
    return F::fixed_decorrelated_batch_normalization(c.x(0), c.x(1), c.x(2),
                                                     c.kwargs.integer("groups", 16));
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
