#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TYPED_TEST_SUITE_P(Exponential, ElementwiseOp, AsTypes<ops::Exponential>::type, OpName);
}  // namespace autograd::cases
