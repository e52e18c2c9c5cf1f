// error: no member named
// Only a Variable knows where it came from.
#include "autograd/graph/variable.h"

void differentiate(const autograd::Array& x) {
  autograd::Variable(x).backward();
#ifdef WRONG
  x.backward();
#endif
}
