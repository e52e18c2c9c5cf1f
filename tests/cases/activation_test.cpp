#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TEST_SUITE_P(Activation, ElementwiseOp,
                         ::testing::ValuesIn(tested_ops(ops::Activation{})), name_of);
}  // namespace autograd::cases
