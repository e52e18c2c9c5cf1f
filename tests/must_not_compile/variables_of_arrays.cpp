// error: deleted
// A list does not say whether a gradient is wanted.
#include "autograd/graph/variable.h"

autograd::Variables make(const autograd::Array& a, const autograd::Array& b) {
#ifdef WRONG
  return {a, b};
#else
  return {autograd::Variable(a), autograd::as_variable(b)};
#endif
}
