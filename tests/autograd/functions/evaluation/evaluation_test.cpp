#include "autograd/functions/evaluation/evaluation.h"

#include <gtest/gtest.h>

#include "autograd/base/error.h"
#include "tests/message.h"

namespace autograd {
namespace {

TEST(Accuracy, CountsTheRowsWhoseLargestIsTheLabel) {
  const Variable y(Array::of({1.f, 3.f, 2.f, 0.f, 5.f, 4.f}, Shape{3, 2}));
  EXPECT_FLOAT_EQ(static_cast<float>(accuracy(y, Array::of({1, 1, 0})).item()), 2.f / 3);
  EXPECT_FLOAT_EQ(static_cast<float>(accuracy(y, Array::of({1, -1, 0}), -1).item()), 1.f);
  EXPECT_EQ(accuracy(y, Array::of({-1, -1, -1}), -1).item(), 0);
  EXPECT_EQ(accuracy(y, Array::of({1, -1, 0})).dtype(), Dtype::float32);
  EXPECT_FALSE(accuracy(y, Array::of({1, 1, 0})).requires_grad());
}

TEST(Accuracy, FurtherAxesOfLengthOneDoNotCount) {
  const Variable y(Array::of({1.f, 3.f, 2.f, 0.f}, Shape{2, 2, 1, 1}));
  EXPECT_EQ(accuracy(y, Array::of({1, 0})).item(), 1);
  EXPECT_EQ(accuracy(y, Array::of({1, 0}, Shape{2, 1, 1})).item(), 1);
}

TEST(BinaryAccuracy, LeavesOutMinusOne) {
  const Variable y(Array::of({1.f, -1.f, 0.f, 2.f}));
  EXPECT_EQ(binary_accuracy(y, Array::of({1, 1, 1, -1})).item(), static_cast<double>(2.f / 3));
  EXPECT_EQ(binary_accuracy(y, Array::of({-1, -1, -1, -1})).item(), 0);
}

TEST(R2Score, IsOneMinusTheUnexplainedShare) {
  const Variable pred(Array::of({1.0, 7.0, 2.0, 7.0, 4.0, 7.0}, Shape{3, 2})),
      truth(Array::of({1.0, 5.0, 2.0, 5.0, 3.0, 5.0}, Shape{3, 2}));
  EXPECT_EQ(r2_score(pred, truth, MultiOutput::raw_values).array().to_vector<double>(),
            (std::vector<double>{0.5, 0}));
  EXPECT_EQ(r2_score(pred, truth).item(), 0.25);
  EXPECT_FALSE(r2_score(pred, truth).requires_grad());
}

TEST(Evaluation, WrongCallsAreToldInOneSentence) {
  const Array y = Array::zeros({2, 3}, Dtype::float32);
  EXPECT_EQ(message_of([&] {
              accuracy(y, Array::of({1, 2, 0}));
            }),
            "accuracy: t must have the shape of y without axis 1, but y is float32(2, 3) and t is "
            "int32(3)");
  EXPECT_EQ(message_of([&] { accuracy(y, y); }),
            "accuracy: t must be an array of integer labels, but y is float32(2, 3) and t is "
            "float32(2, 3)");
  EXPECT_EQ(message_of([&] {
              binary_accuracy(y, Array::of({1, 2}));
            }),
            "binary_accuracy: all arguments must have one shape, but y is float32(2, 3) and t is "
            "int32(2)");
  EXPECT_EQ(message_of([&] { r2_score(y, Array::zeros({2}, Dtype::float32)); }),
            "r2_score: all arguments must have one shape, but pred is float32(2, 3) and true is "
            "float32(2)");
}

}  // namespace
}  // namespace autograd
