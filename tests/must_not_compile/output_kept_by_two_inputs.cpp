// error: an op that keeps its output must have one input
// The slope kernels that read the output are made for one input only.
#include "autograd/functions/support/elementwise.h"

struct Both {
  static constexpr std::string_view name = "both", label = "Both";
#ifdef WRONG
  static constexpr autograd::ops::Keep keep = autograd::ops::Keep::output;
#else
  static constexpr autograd::ops::Keep keep = autograd::ops::Keep::inputs;
#endif
  template <class V>
  V value(V a, V b) const {
    return a * b;
  }
  template <class V>
  V slope_a(V, V b) const {
    return b;
  }
  template <class V>
  V slope_b(V a, V) const {
    return a;
  }
};

template class autograd::ElementwiseBase<Both>;
