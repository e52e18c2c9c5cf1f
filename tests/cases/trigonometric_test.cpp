#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TYPED_TEST_SUITE_P(Trigonometric, ElementwiseOp, AsTypes<ops::Trigonometric>::type,
                               OpName);
}  // namespace autograd::cases
