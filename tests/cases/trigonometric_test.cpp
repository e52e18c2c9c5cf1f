#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TEST_SUITE_P(Trigonometric, ElementwiseOp,
                         ::testing::ValuesIn(tested_ops(ops::Trigonometric{})), name_of);
}  // namespace autograd::cases
