#include "nn/reporting/reporter.h"

#include <gmock/gmock.h>

#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"

namespace nn {
namespace {

using autograd::Array;
using ::testing::ElementsAre;
using ::testing::ThrowsMessage;

class Leaf : public Link {
 public:
  void list(Members&) override {}
  void operator()(double x) const { report({{"x", x}}, *this); }
};

class Model : public Chain {
 public:
  Leaf leaf;
  void list(Members& m) override { m("leaf", leaf); }
  void operator()(const Variable& x) {
    report({{"loss", x}, {"two", 2}}, *this);
    leaf(x.item() + 1);
  }
};

std::vector<std::string> names(const Observation& observation) {
  std::vector<std::string> out;
  for (const auto& item : observation) out.push_back(item.first);
  return out;
}

TEST(Reporter, NamesValuesByTheLinkTheyComeFrom) {
  Model model;
  Reporter reporter;
  reporter.add_observers("main", model);
  Observation observation;
  {
    const auto scope = reporter.scope(observation);
    model(Variable(Array::scalar(1.f)));
    report({{"bare", 7}});
    model(Variable(Array::scalar(3.f)));  // the last value counts, in the first one's place
  }
  EXPECT_THAT(names(observation), ElementsAre("main/loss", "main/two", "main/leaf/x", "bare"));
  EXPECT_EQ(observation.at("main/loss").item(), 3);
  EXPECT_EQ(observation.at("main/leaf/x").item(), 4);
}

TEST(Reporter, WithoutAReporterNothingHappens) {
  Model()(Variable(Array::scalar(1.f)));
  report({{"bare", 7}});
  Observation observation;
  EXPECT_THAT([&] { auto scope = report_scope(observation); },
              ThrowsMessage<autograd::Error>(
                  "report_scope: there must be a current reporter, but there is none"));
}

TEST(Reporter, ScopesNest) {
  Model model;
  Reporter outer, inner;
  outer.add_observers("main", model);
  inner.add_observers("validation/main", model);
  Observation a, b, c;
  {
    const auto outer_scope = outer.scope(a);
    {
      const auto inner_scope = inner.scope(b);
      {
        const auto scope = report_scope(c);
        model.leaf(1);
      }
      model.leaf(2);
    }
    model.leaf(3);
  }
  EXPECT_EQ(c.at("validation/main/leaf/x").item(), 1);
  EXPECT_EQ(b.at("validation/main/leaf/x").item(), 2);
  EXPECT_EQ(a.at("main/leaf/x").item(), 3);
}

TEST(Reporter, RefusesALinkItDoesNotKnow) {
  Model model;
  Reporter reporter;
  reporter.add_observers("main", model);
  Observation observation;
  const auto scope = reporter.scope(observation);
  const Model copy = model;
  EXPECT_THAT(
      [&] {
        report({{"loss", 1}}, copy);
      },
      ThrowsMessage<autograd::Error>("report: the link must be the optimizer's target or below it, "
                                     "but loss belongs to another link, perhaps a copy"));
}

TEST(Reporter, CutsValuesFromTheirGraph) {
  Variable x(Array::of({1.f, 2.f}));
  Variable y = autograd::sum(x);
  y.set_name("y");
  Reporter reporter;
  Observation observation;
  const auto scope = reporter.scope(observation);
  report({{"y", y}});
  EXPECT_EQ(observation.at("y").variable().creator(), nullptr);
  EXPECT_EQ(observation.at("y").variable().name(), "y");
  EXPECT_NE(y.creator(), nullptr);

  const auto keep = autograd::using_config(&autograd::Config::keep_graph_on_report, true);
  report({{"y", y}});
  EXPECT_TRUE(observation.at("y").variable().is(y));
}

TEST(Dict, NamesWhatItHolds) {
  const LogEntry entry = {{"b", 1}, {"a", 2}};
  EXPECT_THAT([&] { return entry.at("c"); },
              ThrowsMessage<autograd::Error>(
                  "Dict: the name must be one of those it holds (b, a), but is c"));
}

}  // namespace
}  // namespace nn
