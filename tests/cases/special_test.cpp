#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TYPED_TEST_SUITE_P(Special, ElementwiseOp, AsTypes<ops::Special>::type, OpName);
}  // namespace autograd::cases
