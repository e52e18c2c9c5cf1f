#include "autograd/graph/computational_graph.h"

#include <gtest/gtest.h>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"

namespace autograd {
namespace {

TEST(ComputationalGraph, IsWrittenAsChainerWritesIt) {
  const Variable x(Array::zeros({5, 12}, Dtype::float32), {.name = "x"});
  const Variable y = tanh(x) * x;
  const std::string octagon = R"(shape="octagon",fillcolor="#E0E0E0",style="filled")",
                    record = R"(shape="record",fillcolor="#6495ED",style="filled")";
  EXPECT_EQ(build_computational_graph({y}).dump(),
            "digraph graphname{rankdir=TB;0 [label=\"(5, 12), float32\"," + octagon +
                "];1 [label=\"_ * _\"," + record + "];2 [label=\"(5, 12), float32\"," + octagon +
                "];3 [label=\"x: (5, 12), float32\"," + octagon + "];4 [label=\"Tanh\"," + record +
                "];1 -> 0;2 -> 1;3 -> 1;3 -> 4;4 -> 2;}");
  EXPECT_EQ(build_computational_graph({y}, {.rankdir = "LR", .remove_variable = true}).dump(),
            "digraph graphname{rankdir=LR;1 [label=\"_ * _\"," + record + "];4 [label=\"Tanh\"," +
                record + "];4 -> 1;}");
  EXPECT_EQ(build_computational_graph({y}, {.show_name = false}).dump().find("x:"),
            std::string::npos);
}

TEST(ComputationalGraph, HoldsEachNodeOnce) {
  const Variable x(Array::scalar(1.f));
  Variable y = x;
  for (int i = 0; i < 50; ++i) y = y + y;
  const ComputationalGraph graph = build_computational_graph({y, y, x});
  EXPECT_EQ(graph.nodes().size(), 101u);
}

TEST(ComputationalGraph, QuotesNames) {
  const Variable x(Array::scalar(1.f), {.name = "the \"x\""});
  EXPECT_NE(build_computational_graph({x}).dump().find(R"(label="the \"x\": float32")"),
            std::string::npos);
}

}  // namespace
}  // namespace autograd
