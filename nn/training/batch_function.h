#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/array/array.h"
#include "nn/argument.h"
#include "nn/arguments.h"
#include "nn/link_holder.h"

namespace nn::training {

using autograd::Array;
using autograd::Arrays;

// A function of a batch, which computes a loss or evaluates.
template <class R>
using BatchFunction = std::function<R(const Arguments&)>;

inline constexpr std::size_t kMostArguments = 8;

template <std::size_t>
using ArrayArgument = const Array&;
template <std::size_t>
using AnyArgument = Arguments::Value;

// Whether F can be called with N arrays, or with N arguments that are arrays or lists of arrays.
template <class F, class N>
struct Takes;
template <class F, std::size_t... I>
struct Takes<F, std::index_sequence<I...>> {
  static constexpr bool arrays = Invocable<F&, ArrayArgument<I>...>;
  static constexpr bool any = std::invocable<F&, AnyArgument<I>...>;
};
template <class F, std::size_t... N>
constexpr bool takes_some(std::index_sequence<N...>) {
  return ((Takes<F, std::make_index_sequence<N + 1>>::arrays ||
           Takes<F, std::make_index_sequence<N + 1>>::any) ||
          ...);
}
// A callable that takes all arguments as one list.
template <class F>
concept OfAll = !std::invocable<F&, const Array&> &&
                (std::invocable<F&, const Arguments&> || std::invocable<F&, const Arrays&>);
// A callable that can be called with a batch.
template <class F>
concept OfBatch = OfAll<F> || takes_some<F>(std::make_index_sequence<kMostArguments>());

// Calls f with the arguments in order: f(x), f(x, t), f(xs, ys). The parameters of f may be Arrays
// or Variables or lists of either. Or f takes all arguments as one Arguments, or as Arrays if all
// are arrays.
template <class R, class F>
R call_with(F& f, const Arguments& arguments) {
  if constexpr (OfAll<F> && std::invocable<F&, const Arguments&>) {
    return static_cast<R>(f(arguments));
  } else {
    if constexpr (OfAll<F>)
      if (arguments.size() != 1 || arguments.are_arrays())
        return static_cast<R>(f(arguments.arrays()));
    if (!arguments.names().empty()) arguments.arrays();  // throws, and says what to do
    const auto call = [&]<std::size_t... I>(std::index_sequence<I...>, auto&& self)->R {
      constexpr std::size_t kSize = sizeof...(I);
      if (arguments.size() == kSize) {
        using Of = Takes<F, std::index_sequence<I...>>;
        if constexpr (Of::arrays)
          if (arguments.are_arrays()) return static_cast<R>(nn::invoke(f, arguments[I].array()...));
        if constexpr (Of::any) return static_cast<R>(std::invoke(f, arguments[I]...));
      }
      if constexpr (kSize < kMostArguments)
        return self(std::make_index_sequence<kSize + 1>(), self);
      else
        throw autograd::Error(
            "batch: the function must take as many arguments as the converter makes of an example, "
            "but "
            "it makes " +
            std::to_string(arguments.size()));
    };
    return call(std::make_index_sequence<1>(), call);
  }
}

// Makes a BatchFunction of a callable. An lvalue is referred to, not copied, because a link reports
// under its own address; a link that is moved is followed. An rvalue is moved in.
template <class R, class F>
BatchFunction<R> batch_function(F& kept) {
  if constexpr (std::derived_from<F, Link> && !std::is_const_v<F>)
    return [link = std::make_shared<LinkHolder<F>>(kept)](const Arguments& batch) {
      return call_with<R>(**link, batch);
    };
  else
    return [f = &kept](const Arguments& batch) { return call_with<R>(*f, batch); };
}
template <class R, class F>
requires(!std::is_lvalue_reference_v<F>) BatchFunction<R> batch_function(F&& given) {
  return [f = std::make_shared<F>(std::forward<F>(given))](const Arguments& batch) {
    return call_with<R>(*f, batch);
  };
}

}  // namespace nn::training

namespace nn {

// A function with names for its parameters, in order, so that it can be called with named
// arguments: Python's loss_func(**in_arrays). Refers to `f` without copying it if it is an lvalue.
//   training::StandardUpdater updater(train_iter, optimizer, nn::keywords({"x", "t"}, model));
class Keywords {
 public:
  Keywords(std::vector<std::string> names, training::BatchFunction<autograd::Variable> f)
      : names_(std::move(names)), f_(std::move(f)) {}
  autograd::Variable operator()(const Arguments& arguments) const {
    return f_(arguments.in_order(names_));
  }

 private:
  std::vector<std::string> names_;
  training::BatchFunction<autograd::Variable> f_;
};
template <class F>
requires training::OfBatch<std::remove_cvref_t<F>> Keywords keywords(std::vector<std::string> names,
                                                                     F&& f) {
  return {std::move(names), training::batch_function<autograd::Variable>(std::forward<F>(f))};
}

}  // namespace nn
