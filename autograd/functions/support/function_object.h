#pragma once

#include "autograd/graph/variable.h"

namespace autograd {

// The base class of function objects. A function with default arguments is an object, like the
// algorithms of std::ranges, so that it can be passed as a callable without its default arguments:
// `std::function<Variable(const Variable&)> f = leaky_relu`. A plain C++ function with more
// parameters could not. `Signature` is the signature of a call with the required arguments only.
// The object also converts to a pointer to a function of this signature, as in `deep ? relu :
// leaky_relu`.
template <class Function, class Signature>
struct FunctionObject;

template <class Function, class R, class... A>
struct FunctionObject<Function, R(A...)> {
  using Pointer = R (*)(A...);
  constexpr operator Pointer() const {  // NOLINT(google-explicit-constructor)
    return [](A... arguments) -> R { return Function()(arguments...); };
  }
};

template <class Function>
using UnaryFunction = FunctionObject<Function, Variable(const Variable&)>;
template <class Function>
using BinaryFunction = FunctionObject<Function, Variable(const Variable&, const Variable&)>;

}  // namespace autograd
