#include "autograd/functions/connection.h"

#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;

void add_connection(Table& t) {
  t.add("linear", [](const Call& c) {
    return F::linear(c.x(0), c.x(1), c.inputs.size() > 2 ? c.x(2) : Variable(),
                     c.kwargs.integer("n_batch_axes", 1));
  });
  t.add("bilinear", [](const Call& c) {
    const auto at = [&](std::size_t i) { return i < c.inputs.size() ? c.x(i) : Variable(); };
    return F::bilinear(c.x(0), c.x(1), c.x(2), at(3), at(4), at(5));
  });
}

}  // namespace golden
