#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "autograd/graph/function_node.h"

// Saving memory; Chainer's functions/util.
namespace autograd::inline functions {

// f(xs) as one function that keeps nothing but xs: no graph is recorded while f runs, and backward
// calls f again to compute the gradients. It takes less memory and more time. Variables that f uses
// besides xs, such as the parameters of a link, get their gradients when backward passes this
// function, in their grad(). f must give the same in both calls, so it must not draw random numbers;
// Config::will_recompute and Config::in_recomputing tell the two apart. Errors: a graph of the
// gradient.
Variables forget(std::function<Variables(const Variables&)> f, const Variables& xs);

// The same for a function of single variables that returns one or a list. An array counts as a
// variable that wants a gradient, so that what f uses gets one.
//   Variable y = forget([&](const Variable& x) { return block(x); }, x);
template <class F, class... X>
requires(sizeof...(X) > 0 && (std::convertible_to<const X&, const Variable&> && ...)) auto forget(
    F f,
    const X&... xs) requires std::invocable<F&, decltype(static_cast<const Variable&>(xs))...> {
  using Y = std::invoke_result_t<F&, decltype(static_cast<const Variable&>(xs))...>;
  const auto variable = []<class T>(const T& x) {
    if constexpr (std::derived_from<T, Variable>)
      return Variable(x);
    else
      return Variable(x, VariableOptions());
  };
  std::function<Variables(const Variables&)> of_list = [f](const Variables& v) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      if constexpr (std::convertible_to<Y, Variable>)
        return Variables{Variable(f(v[I]...))};
      else
        return Variables(f(v[I]...));
    }
    (std::index_sequence_for<X...>());
  };
  Variables ys = forget(std::move(of_list), Variables{variable(xs)...});
  if constexpr (std::convertible_to<Y, Variable>)
    return Variable(ys[0]);
  else
    return ys;
}

}  // namespace autograd::inline functions
