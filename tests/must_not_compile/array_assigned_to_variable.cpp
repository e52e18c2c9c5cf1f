// error: deleted|ambiguous
// An assignment does not say whether a gradient is wanted.
#include "autograd/graph/variable.h"

void assign(autograd::Variable& x, const autograd::Array& array) {
#ifdef WRONG
  x = array;
#else
  x = autograd::Variable(array);
#endif
}
