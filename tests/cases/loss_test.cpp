#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TYPED_TEST_SUITE_P(Loss, ElementwiseOp, AsTypes<ops::Loss>::type, OpName);
}  // namespace autograd::cases
