// error: deleted
// Nor does a returned array.
#include "autograd/graph/variable.h"

autograd::Variable make(const autograd::Array& array) {
#ifdef WRONG
  return array;
#else
  return autograd::as_variable(array);
#endif
}
