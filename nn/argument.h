#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "autograd/graph/array_like.h"

namespace nn {

// An argument for a user's callback. It converts to a Variable and to an Array, by value or by
// reference; an Array converts to a constant.
class Argument {
 public:
  explicit Argument(const autograd::Variable& x) : variable_(x) {}
  explicit Argument(const autograd::Array& a) : variable_(autograd::as_variable(a)) {}

  operator const autograd::Variable&() const { return variable_; }       // NOLINT
  operator const autograd::Array&() const { return variable_.array(); }  // NOLINT
  operator autograd::ArrayLike() const { return variable_; }             // NOLINT

 private:
  autograd::Variable variable_;
};

// An Array or a Variable as an Argument, anything else as it is.
template <class A>
decltype(auto) as_argument(A&& a) {
  using Plain = std::remove_cvref_t<A>;
  if constexpr (std::derived_from<Plain, autograd::Variable> ||
                std::derived_from<Plain, autograd::Array>)
    return Argument(a);
  else
    return std::forward<A>(a);
}

// Whether invoke() can call an F with these arguments.
template <class F, class... A>
concept Invocable =
    std::invocable<F, A...> || std::invocable<F, decltype(as_argument(std::declval<A>()))...>;

// std::invoke that also passes an Array to a parameter `Variable x`, and a Variable to a parameter
// `const Array& t`.
template <class F, class... A>
requires Invocable<F, A...>
decltype(auto) invoke(F&& f, A&&... arguments) {
  if constexpr (std::invocable<F, A...>)
    return std::invoke(std::forward<F>(f), std::forward<A>(arguments)...);
  else
    return std::invoke(std::forward<F>(f), as_argument(std::forward<A>(arguments))...);
}

}  // namespace nn
