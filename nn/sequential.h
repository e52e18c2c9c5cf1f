#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/copy.h"
#include "nn/link_holder.h"

namespace nn {

// What a Sequential is made of: a link or a function that takes a variable and gives one.
template <class T>
concept Layer = requires(T& layer, const Variable& x) {
  { layer(x) } -> std::convertible_to<Variable>;
}
&&(std::derived_from<T, Link> || std::copy_constructible<T>);

class Sequential;
// What a Sequential is made from: layers, but a single Sequential is copied instead. That is asked
// first, for whether a Sequential can be copied must not depend on whether it is a Layer.
template <class First, class... Rest>
concept Layers =
    (sizeof...(Rest) > 0 ||
     !std::derived_from<std::remove_cvref_t<First>, Sequential>)&&Layer<HeldType<First>> &&
    (Layer<HeldType<Rest>> && ...);

// Links and functions, called one after another. The links are named by their numbers among the
// links, as in Chainer: /0/W, /1/W.
//
//   nn::Sequential model(nn::Linear(784, 100), relu, nn::Linear(100, 10));
//   Variable y = model(x);
//
// A link that has a name in the program is used where it is, with all its state, and must live as
// long; a temporary is taken over, and what a std::shared_ptr holds is shared. A copy of a
// Sequential has copies of its links, with the same handles. A function that needs further
// arguments goes in as a lambda: [](const Variable& x) { return max_pooling_2d(x, 2); }.
class Sequential : public Polymorphic<Sequential> {
 public:
  Sequential() = default;
  template <class First, class... Rest>
  requires Layers<First, Rest...>
  explicit Sequential(First&& first, Rest&&... rest) {
    append(std::forward<First>(first));
    (append(std::forward<Rest>(rest)), ...);
  }

  template <class T>
  requires Layer<HeldType<T>> Sequential& append(T&& layer) {
    using L = HeldType<T>;
    if constexpr (std::derived_from<L, Link>)
      layers_.emplace_back(std::make_shared<LinkLayer<L>>(LinkHolder<L>(std::forward<T>(layer))));
    else
      layers_.emplace_back(std::make_shared<FunctionLayer<L>>(std::forward<T>(layer)));
    return *this;
  }
  // Appends the layers of another: the same ones.
  Sequential& extend(const Sequential& other);

  // This one n times, one after another, with values of their own each (or as `mode` says).
  Sequential repeat(int n, CopyMode mode = CopyMode::init) const;

  // Throws if there is no layer.
  Variable operator()(const Variable& x);
  std::size_t size() const { return layers_.size(); }
  // The i-th layer, which must be a T: model.get<nn::Linear>(0).W
  template <Layer T>
  T& get(std::size_t i) {
    auto* layer = i < size() ? dynamic_cast<Typed<T>*>(layers_[i].pointer.get()) : nullptr;
    if (!layer) refuse(i);
    return layer->get();
  }

  void list(Members& members) override;

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable call(const Variable& x) = 0;
    virtual void list(Members& members, int& number) = 0;
    virtual std::shared_ptr<Base> copy() const = 0;
  };
  template <class T>
  struct Typed : Base {
    virtual T& get() = 0;
    Variable call(const Variable& x) override { return get()(x); }
  };
  template <class T>
  struct LinkLayer final : Typed<T> {
    explicit LinkLayer(LinkHolder<T> held) : link(std::move(held)) {}
    T& get() override { return *link; }
    void list(Members& members, int& number) override { members(std::to_string(number++), *link); }
    std::shared_ptr<Base> copy() const override { return std::make_shared<LinkLayer>(*this); }
    LinkHolder<T> link;
  };
  template <class T>
  struct FunctionLayer final : Typed<T> {
    explicit FunctionLayer(T f) : function(std::move(f)) {}
    T& get() override { return function; }
    void list(Members&, int&) override {}
    std::shared_ptr<Base> copy() const override { return std::make_shared<FunctionLayer>(*this); }
    T function;
  };
  // Copies with what it points to: a Sequential is a plain value.
  struct Slot {
    explicit Slot(std::shared_ptr<Base> p) : pointer(std::move(p)) {}
    Slot(const Slot& other) : pointer(other.pointer->copy()) {}
    Slot(Slot&&) noexcept = default;
    Slot& operator=(Slot other) {
      pointer.swap(other.pointer);
      return *this;
    }
    std::shared_ptr<Base> pointer;
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
