#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TEST_SUITE_P(Exponential, ElementwiseOp,
                         ::testing::ValuesIn(tested_ops(ops::Exponential{})), name_of);
}  // namespace autograd::cases
