#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TEST_SUITE_P(Loss, ElementwiseOp, ::testing::ValuesIn(tested_ops(ops::Loss{})),
                         name_of);
}  // namespace autograd::cases
