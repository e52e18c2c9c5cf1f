#pragma once

#include <concepts>
#include <memory>
#include <utility>
#include <vector>

#include "nn/copy.h"

namespace nn {

// What a Sequential is made of: a link or a function that takes a variable and gives one.
template <class T>
concept Layer = std::copy_constructible<T> && requires(T& layer, const Variable& x) {
  { layer(x) } -> std::convertible_to<Variable>;
};

class Sequential;
// What a Sequential is made from: layers, but a single Sequential is copied instead. That is asked
// first, for whether a Sequential can be copied must not depend on whether it is a Layer.
template <class First, class... Rest>
concept Layers = (sizeof...(Rest) > 0 || !std::same_as<First, Sequential>)&&Layer<First> &&
                 (Layer<Rest> && ...);

// Links and functions, called one after another. The links are named by their numbers among the
// links, as in Chainer: /0/W, /1/W.
//
//   nn::Sequential model(nn::Linear(784, 100), relu, nn::Linear(100, 10));
//   Variable y = model(x);
//
// A function with further arguments, even with default ones, goes in as a lambda.
class Sequential : public Link {
 public:
  Sequential() = default;
  template <class First, class... Rest>
  requires Layers<First, Rest...>
  explicit Sequential(First first, Rest... rest) {
    append(std::move(first));
    (append(std::move(rest)), ...);
  }

  template <Layer T>
  Sequential& append(T layer) {
    layers_.emplace_back(std::make_unique<Holder<T>>(std::move(layer)));
    return *this;
  }
  // Appends the layers of another.
  Sequential& extend(const Sequential& other);

  // Throws if there is no layer.
  Variable operator()(const Variable& x);
  std::size_t size() const { return layers_.size(); }
  // The i-th layer, which must be a T: model.get<nn::Linear>(0).W
  template <Layer T>
  T& get(std::size_t i) {
    auto* holder = i < size() ? dynamic_cast<Holder<T>*>(layers_[i].pointer.get()) : nullptr;
    if (!holder) refuse(i);
    return holder->layer;
  }

  void list(Members& members) override;

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable call(const Variable& x) = 0;
    virtual Link* link() = 0;  // null for a function
    virtual std::unique_ptr<Base> clone() const = 0;
  };
  template <class T>
  struct Holder final : Base {
    explicit Holder(T value) : layer(std::move(value)) {}
    Variable call(const Variable& x) override { return layer(x); }
    Link* link() override {
      if constexpr (std::derived_from<T, Link>)
        return &layer;
      else
        return nullptr;
    }
    std::unique_ptr<Base> clone() const override { return std::make_unique<Holder>(layer); }
    T layer;
  };
  // Copies with what it points to: a Sequential is a plain value.
  struct Slot {
    explicit Slot(std::unique_ptr<Base> p) : pointer(std::move(p)) {}
    Slot(const Slot& other) : pointer(other.pointer->clone()) {}
    Slot(Slot&&) = default;
    Slot& operator=(Slot other) {
      pointer.swap(other.pointer);
      return *this;
    }
    std::unique_ptr<Base> pointer;
  };
  [[noreturn]] void refuse(std::size_t i) const;

  std::vector<Slot> layers_;
};

// The same layer n times, one after another, with values of its own each (or as `mode` says).
template <Layer L>
Sequential repeat(const L& link, int n, CopyMode mode = CopyMode::init) {
  Sequential all;
  for (int i = 0; i < n; ++i) all.append(copy(link, mode));
  return all;
}

}  // namespace nn
