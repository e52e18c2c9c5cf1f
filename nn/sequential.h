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

// An element of a Sequential: a link or a function that takes a variable and returns one.
template <class T>
concept Layer = requires(T& layer, const Variable& x) {
  { layer(x) } -> std::convertible_to<Variable>;
}
&&(std::derived_from<T, Link> || std::copy_constructible<T>);

class Sequential;
// The arguments of Sequential's constructor: layers, but not a single Sequential, which is copied
// instead. The latter is checked first, because whether a Sequential can be copied must not depend
// on whether it is a Layer.
template <class First, class... Rest>
concept Layers =
    (sizeof...(Rest) > 0 ||
     !std::derived_from<std::remove_cvref_t<First>, Sequential>)&&Layer<HeldType<First>> &&
    (Layer<HeldType<Rest>> && ...);

// Links and functions that are called one after another. The links are named by their indices among
// the links, as in Chainer: /0/W, /1/W.
//
//   nn::Sequential model(nn::Linear(784, 100), relu, nn::Linear(100, 10));
//   Variable y = model(x);
//
// A link given as an lvalue is referred to, with all its state, and must outlive the Sequential; an
// rvalue is moved in; a std::shared_ptr is shared. Copying a Sequential copies its links, with the
// same handles. Wrap functions with further arguments in a lambda: [](const Variable& x) { return
// max_pooling_2d(x, 2); }.
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
  // Appends the layers of another Sequential, which are then shared.
  Sequential& extend(const Sequential& other);

  // This Sequential n times in a row. By default each copy has new values; see CopyMode.
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
  // Copies the object that it points to, so that a Sequential is a value type.
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

// A layer n times in a row. By default each copy has new values; see CopyMode.
template <Layer L>
Sequential repeat(const L& link, int n, CopyMode mode = CopyMode::init) {
  Sequential all;
  for (int i = 0; i < n; ++i) all.append(copy(link, mode));
  return all;
}

}  // namespace nn
