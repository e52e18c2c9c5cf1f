#include "autograd/functions/activation/activation.h"

#include "tests/golden_runner/table.h"

namespace golden {

void add_activation(Table& t) {
  t.unary("sigmoid", autograd::sigmoid);
  t.unary("tanh", autograd::tanh);
  t.unary("relu", autograd::relu);
  t.unary("relu6", autograd::relu6);
  t.unary("hard_sigmoid", autograd::hard_sigmoid);
  t.add("softplus",
        [](const Call& c) { return autograd::softplus(c.x(0), c.kwargs.number("beta", 1)); });
  t.add("leaky_relu",
        [](const Call& c) { return autograd::leaky_relu(c.x(0), c.kwargs.number("slope", 0.2)); });
  t.add("elu", [](const Call& c) { return autograd::elu(c.x(0), c.kwargs.number("alpha", 1)); });
  t.add("clipped_relu",
        [](const Call& c) { return autograd::clipped_relu(c.x(0), c.kwargs.number("z", 20)); });
  t.add("selu", [](const Call& c) {
    return autograd::selu(c.x(0), c.kwargs.number("alpha", 1.6732632423543772848),
                          c.kwargs.number("scale", 1.0507009873554804934));
  });
  t.add("prelu", [](const Call& c) { return autograd::prelu(c.x(0), c.x(1)); });
  t.add("swish", [](const Call& c) { return autograd::swish(c.x(0), c.x(1)); });
  t.add("rrelu", [](const Call& c) -> Variables {
    const auto [y, r] = autograd::rrelu_with_r(
        c.x(0), c.kwargs.number("l", 1. / 8), c.kwargs.number("u", 1. / 3), {.r = c.constant("r")});
    return c.kwargs.flag("return_r") ? Variables{y, Variable(r)} : Variables{y};
  });
  t.add("crelu",
        [](const Call& c) { return autograd::crelu(c.x(0), c.kwargs.integer("axis", 1)); });
  t.add("maxout", [](const Call& c) {
    return autograd::maxout(c.x(0), c.kwargs["pool_size"].integer(), c.kwargs.integer("axis", 1));
  });
  t.add("softmax",
        [](const Call& c) { return autograd::softmax(c.x(0), c.kwargs.integer("axis", 1)); });
  t.add("log_softmax",
        [](const Call& c) { return autograd::log_softmax(c.x(0), c.kwargs.integer("axis", 1)); });
}

}  // namespace golden
