#pragma once

#include <cstdint>

#include "autograd/kernels/dispatch.h"
#include "autograd/kernels/ops/update.h"

// The loops of the optimizers' update rules (kernels/ops/update.h): one pass that reads the
// gradient and changes the parameter and its states in place. Compiled once per instruction set.
namespace autograd::kernels {

// The arrays that Op changes: the parameter, then its states.
template <class Op>
inline constexpr int kUpdated = static_cast<int>(Op::states.size()) + 1;

template <class Op, class T>
struct Update {
  void (*run)(const Op&, const T* g, T* const* updated, std::int64_t n);
};

template <class Op, class T, class Isa>
const Update<Op, T>& update_for();  // defined in kernels/isa/

template <class Op, class T>
const Update<Op, T>& update() {
  return with_active_isa(
      []<class Isa>() -> const Update<Op, T>& { return update_for<Op, T, Isa>(); });
}

}  // namespace autograd::kernels
