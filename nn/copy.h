#pragma once

#include "nn/link.h"

namespace nn {

// What a copy of a link has in common with the original.
enum class CopyMode {
  share,  // the arrays: a change of values shows in both; gradients are apart
  copy,   // the values of now
  init,   // the shapes: values are drawn anew
};

// Gives all parameters and persistent arrays below `link` new handles of that mode. A parameter
// that is listed twice stays one.
void renew(Link& link, CopyMode mode);

// A new link like this one. Chainer's Link.copy(mode).
template <class L>
L copy(const L& link, CopyMode mode = CopyMode::share) {
  L made = link;
  renew(made, mode);
  return made;
}

}  // namespace nn
