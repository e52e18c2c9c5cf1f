#include "nn/reporting/summary.h"

#include <gmock/gmock.h>

#include "nn/serializers/save_load.h"

namespace nn {
namespace {

using autograd::Array;

TEST(Summary, MeansAreThoseOfFloat64) {
  Summary summary;
  for (const float x : {0.1f, 0.2f, 0.4f}) summary.add(x);
  EXPECT_EQ(summary.mean(), (double(0.1f) + double(0.2f) + double(0.4f)) / 3);
  EXPECT_NEAR(summary.std(), 0.12472191, 1e-7);
  Summary equal;
  for (int i = 0; i < 3; ++i) equal.add(0.1);
  EXPECT_GE(equal.std(), 0);
  EXPECT_LT(equal.std(), 1e-8);
}

TEST(DictSummary, PassesOverWhatIsNoScalar) {
  DictSummary summary;
  summary.add({{"a", Array::scalar(1.f)}, {"vector", Array::of({1.f, 2.f})}});
  summary.add({{"b", 5}, {"a", 2}});
  EXPECT_EQ(summary.compute_mean().size(), 2u);
  EXPECT_EQ(summary.compute_mean().at("a"), 1.5);
  EXPECT_EQ(summary.make_statistics().at("a.std"), 0.5);
  EXPECT_EQ(summary.make_statistics().at("b.std"), 0);
}

TEST(DictSummary, GoesOnAfterItWasSaved) {
  DictSummary summary;
  summary.add({{"b", 1}, {"a", 2}});
  const auto saved = serializers::save(serializers::serialize_of(summary));
  EXPECT_EQ(std::get<std::string>(saved.at("_names")), R"(["b", "a"])");
  EXPECT_EQ(std::get<Array>(saved.at("_summaries/1/_n")).dtype(), autograd::Dtype::int64);
  DictSummary loaded;
  loaded.add({{"old", 3}});
  serializers::load(saved, serializers::serialize_of(loaded));
  for (DictSummary* s : {&summary, &loaded}) {
    s->add({{"a", 5}});
    EXPECT_EQ(s->compute_mean().size(), 2u);
    EXPECT_EQ(s->compute_mean().at("a"), 3.5);
    EXPECT_EQ(s->compute_mean().at("b"), 1);
  }
}

}  // namespace
}  // namespace nn
