#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TYPED_TEST_SUITE_P(Activation, ElementwiseOp, AsTypes<ops::Activation>::type, OpName);
}  // namespace autograd::cases
