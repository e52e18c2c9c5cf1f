#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TYPED_TEST_SUITE_P(Arithmetic, ElementwiseOp, AsTypes<ops::Arithmetic>::type, OpName);
}  // namespace autograd::cases
