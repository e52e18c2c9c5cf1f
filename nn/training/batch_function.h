#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "autograd/array/array.h"
#include "nn/argument.h"
#include "nn/link_holder.h"

namespace nn::training {

using autograd::Array;
using autograd::Arrays;

// A function of a batch: what computes a loss, or evaluates.
template <class R>
using BatchFunction = std::function<R(const Arrays&)>;

// Calls f(x) for batches of one array, f(x, t) for those of two, f(x, t, u) for those of three; or
// f(batch), if it takes Arrays. What f takes may be Arrays or Variables.
template <class R, class F>
R call_with(F& f, const Arrays& batch) {
  if constexpr (std::invocable<F&, const Arrays&> && !std::invocable<F&, const Array&>) {
    return static_cast<R>(f(batch));
  } else {
    if constexpr (Invocable<F&, const Array&>)
      if (batch.size() == 1) return static_cast<R>(nn::invoke(f, batch[0]));
    if constexpr (Invocable<F&, const Array&, const Array&>)
      if (batch.size() == 2) return static_cast<R>(nn::invoke(f, batch[0], batch[1]));
    if constexpr (Invocable<F&, const Array&, const Array&, const Array&>)
      if (batch.size() == 3) return static_cast<R>(nn::invoke(f, batch[0], batch[1], batch[2]));
    throw autograd::Error(
        "batch: the function must take as many arrays as an example has, but an example has " +
        std::to_string(batch.size()));
  }
}

// A callable as such a function. One that has a name in the program is used where it is, for a link
// reports under its own address, and where a link is moved to; a temporary is taken over.
template <class R, class F>
BatchFunction<R> batch_function(F& kept) {
  if constexpr (std::derived_from<F, Link> && !std::is_const_v<F>)
    return [link = std::make_shared<LinkHolder<F>>(kept)](const Arrays& batch) {
      return call_with<R>(**link, batch);
    };
  else
    return [f = &kept](const Arrays& batch) { return call_with<R>(*f, batch); };
}
template <class R, class F>
requires(!std::is_lvalue_reference_v<F>) BatchFunction<R> batch_function(F&& given) {
  return [f = std::make_shared<F>(std::move(given))](const Arrays& batch) {
    return call_with<R>(*f, batch);
  };
}

// What can be called with a batch.
template <class F>
concept OfBatch = Invocable<F&, const Array&> || Invocable<F&, const Array&, const Array&> ||
    Invocable<F&, const Array&, const Array&, const Array&> || std::invocable<F&, const Arrays&>;

}  // namespace nn::training
