#include "tests/cases/elementwise_tests.h"

namespace autograd::cases {
INSTANTIATE_TEST_SUITE_P(Arithmetic, ElementwiseOp,
                         ::testing::ValuesIn(tested_ops(ops::Arithmetic{})), name_of);
}  // namespace autograd::cases
