#include "autograd/graph/computational_graph.h"

#include <gtest/gtest.h>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/graph/attributes.h"

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

TEST(ComputationalGraph, ShowsAttributesWhereTheyAreWanted) {
  const Variable x(Array::zeros({2, 3}, Dtype::float32));
  const Variable y = leaky_relu(x, 0.5)[{Slice(0, 1), Array::of<std::int64_t>({0, 2})}];
  const std::string dot = build_computational_graph({y}, {.show_attributes = true}).dump();
  EXPECT_NE(dot.find(R"([label="LeakyReLU\nslope=0.5",)"), std::string::npos) << dot;
  EXPECT_NE(dot.find(R"-([label="GetItem\nindices=0:1, int64(2)",)-"), std::string::npos) << dot;
  EXPECT_EQ(build_computational_graph({y}).dump().find("slope"), std::string::npos);
}

// What would cut a record into fields, or end a text.
class Odd final : public FunctionNode {
  std::string_view name() const override { return "odd"; }
  Attributes attributes() const override { return {{"text", "a|{b}<c>\"d\""}}; }
  Array forward(const Inputs& x) override { return x[0]; }
};

TEST(ComputationalGraph, QuotesAttributes) {
  const std::string dot = build_computational_graph({apply<Odd>({Variable(Array::scalar(1.f))})},
                                                    {.show_attributes = true})
                              .dump();
  EXPECT_NE(dot.find(R"([label="odd\ntext=a\|\{b\}\<c\>\"d\"",)"), std::string::npos) << dot;
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
