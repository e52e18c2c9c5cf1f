#include "autograd/functions/manipulation.h"
#include "autograd/functions/reduction.h"
#include "autograd/functions/select.h"
#include "tests/golden_runner/table.h"

namespace golden {

void add_array(Table& t) {
  t.add("broadcast_to",
        [](const Call& c) { return autograd::broadcast_to(c.x(0), c.kwargs.shape("shape")); });
  t.add("reshape",
        [](const Call& c) { return autograd::reshape(c.x(0), c.kwargs.shape("shape")); });
  t.add("transpose",
        [](const Call& c) { return autograd::transpose(c.x(0), c.kwargs.axes("axes")); });
  t.add("where", [](const Call& c) { return autograd::where(c.array(0), c.x(1), c.x(2)); });
}

}  // namespace golden
