#pragma once

#include "autograd/graph/variable.h"

namespace autograd {

// A function with default arguments is an object, as the algorithms of std::ranges are: so that its
// name alone can be given where a function is wanted, `std::function<Variable(const Variable&)> f =
// leaky_relu`, which the name of a C++ function with more parameters cannot. `Signature` is that of
// a call with the arguments that have no default; the object converts to a pointer to such a
// function, too, as in `deep ? relu : leaky_relu`.
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
