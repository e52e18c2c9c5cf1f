// error: deleted
// An initialiser after = does not say whether a gradient is wanted.
#include "autograd/graph/variable.h"

void make(const autograd::Array& array) {
#ifdef WRONG
  autograd::Variable x = array;
#else
  autograd::Variable x(array);
#endif
  static_cast<void>(x);
}
