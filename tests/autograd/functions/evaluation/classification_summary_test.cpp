#include "autograd/functions/evaluation/classification_summary.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsNan;

// Predictions 0, 0, 1, 2, 0.
const Array kScores = matrix({5, 3}, {2, 1, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0});
const Array kLabels = indices({0, 1, 1, 0, -1});

TEST(ClassificationSummary, CountsWhatIsOfAClassAndWhatIsPredicted) {
  const auto [precision, recall, fbeta, support] =
      classification_summary(kScores, kLabels, {.label_num = 4, .beta = 2});
  EXPECT_THAT(values(precision), ElementsAre(0.5, 1, 0, IsNan()));
  EXPECT_THAT(values(recall), ElementsAre(0.5, 0.5, IsNan(), IsNan()));
  EXPECT_THAT(values(fbeta), ElementsAre(0.5, DoubleEq(5 * 0.5 / 4.5), IsNan(), IsNan()));
  EXPECT_THAT(values(support), ElementsAre(2, 2, 0, 0));
  EXPECT_EQ(support.dtype(), Dtype::int64);
  EXPECT_EQ(classification_summary(kScores.astype(Dtype::float32), kLabels).precision.dtype(),
            Dtype::float64);
}

TEST(ClassificationSummary, HasAsManyClassesAsThereAreLabels) {
  EXPECT_THAT(values(precision(kScores, kLabels).score), ElementsAre(0.5, 1));
  EXPECT_THAT(values(recall(kScores, kLabels).score), ElementsAre(0.5, 0.5));
  EXPECT_THAT(values(f1_score(kScores, kLabels).score), ElementsAre(0.5, DoubleEq(2. / 3)));
  EXPECT_THAT(values(f1_score(kScores, kLabels, 1).support), ElementsAre(2));
  // An ignored class is still one of them.
  EXPECT_THAT(values(recall(kScores, indices({0, 1, 1, 0, 1}), {.ignore_label = 1}).score),
              ElementsAre(0.5, IsNan()));
  EXPECT_EQ(shape_of(recall(numbers({0, 3}), indices({}), 2).score), "(2)");
}

TEST(ClassificationSummary, TakesFurtherAxes) {
  const Array scores = kScores.slice(0, 0, 4).reshape({2, 2, 3}).transpose({0, 2, 1}),
              labels = kLabels.slice(0, 0, 4).reshape({2, 2});
  EXPECT_THAT(values(precision(scores, labels).score), ElementsAre(0.5, 1));
  EXPECT_THAT(values(precision(kScores.reshape({5, 3, 1, 1}), kLabels).score), ElementsAre(0.5, 1));
}

TEST(ClassificationSummary, RefusesWhatItCannotCount) {
  EXPECT_EQ(message_of([] {
              precision(kScores, indices({0, 1, -2, 0, -1}));
            }),
            "precision: labels must not be negative or must be the ignored -1, but there is -2");
  EXPECT_EQ(message_of([] {
              recall(numbers({0, 3}), indices({}));
            }),
            "recall: there must be a label, or label_num must be given, but y is float64(0, 3) and "
            "t is int32(0)");
  EXPECT_EQ(message_of([] { f1_score(kScores, kLabels, -3); }),
            "f1_score: label_num must not be negative, but it is -3");
}

}  // namespace
}  // namespace autograd
