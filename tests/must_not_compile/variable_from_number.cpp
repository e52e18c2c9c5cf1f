// error: no viable conversion|conversion from
// A number is not a variable: as an operand it takes the dtype of the variable that it meets.
#include "autograd/graph/variable.h"

#ifdef WRONG
autograd::Variable x = 2.0;
#else
autograd::Variable x(autograd::Array::scalar(2.0));
#endif
