#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TEST_SUITE_P(Special, ElementwiseOp, ::testing::ValuesIn(tested_ops(ops::Special{})),
                         name_of);
}  // namespace autograd::cases
