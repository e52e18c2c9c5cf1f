// error: deleted
// A list does not say whether a gradient is wanted; a call of a function means a constant.
#include "autograd/graph/variable.h"

void call(const autograd::VariableList& xs);

void push(autograd::Variables& xs, const autograd::Array& array) {
  call({array, xs[0]});
#ifdef WRONG
  xs.push_back(array);
#else
  xs.push_back(autograd::Variable(array));
#endif
}
