#include "autograd/functions/connection.h"

#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;

void add_connection(Table& t) {
  t.add("linear", [](const Call& c) {
    return F::linear(c.x(0), c.x(1), c.inputs.size() > 2 ? c.x(2) : Variable(),
                     c.kwargs.integer("n_batch_axes", 1));
  });
}

}  // namespace golden
