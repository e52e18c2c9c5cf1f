// error: no matching function|could not convert|cannot convert|invalid initialization|no viable
// conversion What takes an Array gives no gradient, so a Variable must be asked for its array in so
// many words.
#include "autograd/graph/variable.h"

void use(const autograd::Array& labels);

void call(const autograd::Variable& labels) {
  use(labels.array());
#ifdef WRONG
  use(labels);
#endif
}
