// error: abstract
// Error messages and drawings of the graph need every function's name.
#include "autograd/graph/function_node.h"

struct Double final : autograd::FunctionNode {
#ifndef WRONG
  std::string_view name() const override { return "double"; }
#endif
  autograd::Array forward(const autograd::Inputs& x) override { return x[0]; }
};

Double function;
