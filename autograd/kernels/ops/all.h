#pragma once

#include <type_traits>

#include "autograd/kernels/ops/activation.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "autograd/kernels/ops/exponential.h"
#include "autograd/kernels/ops/loss.h"
#include "autograd/kernels/ops/special.h"
#include "autograd/kernels/ops/trigonometric.h"

namespace autograd::ops {

template <class... Lists> struct Join;
template <class... A> struct Join<List<A...>> { using type = List<A...>; };
template <class... A, class... B, class... Rest>
struct Join<List<A...>, List<B...>, Rest...> : Join<List<A..., B...>, Rest...> {};

// All elementwise ops. Kernels are compiled for the ops listed here, and each op has a row in the
// table of tests/cases.
using All = Join<Activation, Arithmetic, Exponential, Loss, Special, Trigonometric>::type;

template <class Op, class... Ops> consteval bool contains(List<Ops...>) {
  return (std::is_same_v<Op, Ops> || ...);
}

}  // namespace autograd::ops
