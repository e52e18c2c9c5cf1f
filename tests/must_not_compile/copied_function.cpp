// error: deleted
// A function object is one place in one graph.
#include "autograd/graph/function_node.h"

struct Same final : autograd::FunctionNode {
  std::string_view name() const override { return "same"; }
  autograd::Array forward(const autograd::Inputs& x) override { return x[0]; }
};

void use(const Same& function) {
#ifdef WRONG
  Same copy = function;
#else
  const Same& copy = function;
#endif
  static_cast<void>(copy);
}
