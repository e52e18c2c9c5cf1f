#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "autograd/memory/ref.h"
#include "nn/argument.h"
#include "nn/parameter.h"
#include "nn/persistent.h"

namespace nn {

class Link;

// How many bytes behind the address of a Link are known to be those of its object.
template <class L>
std::size_t bytes_of(L& link) {
  const auto begin = reinterpret_cast<std::uintptr_t>(std::addressof(link)),
             at = reinterpret_cast<std::uintptr_t>(static_cast<Link*>(std::addressof(link)));
  return at - begin < sizeof(L) ? sizeof(L) - (at - begin) : 0;
}

// What a link is made of, as it tells it: see Link::list().
class Members {
 public:
  virtual ~Members() = default;

  // A parameter; none is left out.
  Members& operator()(std::string_view name, Parameter& parameter);
  // A child.
  template <std::derived_from<Link> L>
  Members& operator()(std::string_view name, L& child) {
    visit_link(name, child, bytes_of(child));
    return *this;
  }
  // A member that may be missing, or that a pointer holds, has the name of what is there.
  template <class T>
  Members& operator()(std::string_view name, std::optional<T>& member) {
    return member ? (*this)(name, *member) : *this;
  }
  template <class T>
  Members& operator()(std::string_view name, std::unique_ptr<T>& member) {
    return member ? (*this)(name, *member) : *this;
  }
  template <std::derived_from<Link> L>
  Members& operator()(std::string_view name, std::shared_ptr<L>& child) {
    if (!child) return *this;
    if (const std::shared_ptr<Link> other = replacement(name, *child, &cloned<L>))
      child = std::dynamic_pointer_cast<L>(other);
    return (*this)(name, *child);
  }
  // One that somebody else holds.
  template <class P>
  requires std::is_pointer_v<std::remove_cvref_t<P>> Members& operator()(std::string_view name,
                                                                         P&& member) {
    return member ? (*this)(name, *member) : *this;
  }
  template <class T>
  Members& operator()(std::string_view name, std::reference_wrapper<T> member) {
    return (*this)(name, member.get());
  }
  // Several members are named by their numbers, /layers/0/W, as the children of Chainer's
  // ChainList; those of a map by their keys.
  template <std::ranges::range R>
  requires(!std::derived_from<R, Link>) Members& operator()(std::string_view name, R& members) {
    std::size_t number = 0;
    for (auto& member : members) {
      const std::string path = std::string(name) + "/";
      if constexpr (requires { member.second; })
        (*this)(path + std::string(member.first), member.second);
      else
        (*this)(path + std::to_string(number++), member);
    }
    return *this;
  }

  // Saved with the model, but not trained: running means, counters, texts. An array that is none
  // yet takes `dtype` when it is loaded, or without one that of the file.
  Members& persistent(std::string_view name, Array& value, std::optional<Dtype> dtype = {}) {
    return add(name, PersistentArray{&value, dtype});
  }
  Members& persistent(std::string_view name, Array& value, Dtype& dtype) {
    return add(name, PersistentArray{&value, dtype, &dtype});
  }
  Members& persistent(std::string_view name, bool& value) { return add(name, &value); }
  Members& persistent(std::string_view name, std::string& value) { return add(name, &value); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) Members& persistent(std::string_view name, T& value) {
    return add(name, PersistentInteger(value));
  }
  template <std::floating_point T>
  Members& persistent(std::string_view name, T& value) {
    return add(name, PersistentFloat(value));
  }

  using Persistent = nn::Persistent;

 protected:
  using Clone = std::shared_ptr<Link> (*)(const Link& link);

 private:
  template <class L>
  static std::shared_ptr<Link> cloned(const Link& link);
  Members& add(std::string_view name, const Persistent& value) {
    visit_persistent(name, value);
    return *this;
  }

  virtual void visit_parameter(std::string_view, Parameter&) {}
  // A child, and its bytes_of().
  virtual void visit_link(std::string_view, Link&, std::size_t) {}
  virtual void visit_persistent(std::string_view, const Persistent&) {}
  // What is to take the place of a child that a link shares with its copies; null: nothing.
  virtual std::shared_ptr<Link> replacement(std::string_view, Link&, Clone) { return nullptr; }
};

struct NamedParameter {
  std::string path;  // "/le1/W"
  Parameter parameter;
};
struct NamedLink {
  std::string path;  // "/le1"; "/" is the link itself
  Link* link;
};

// A piece of a model: a plain value that has its parameters and child links as members, and one
// function that lists them. The listing gives the names, and with them saving, loading, counting
// and training; nothing is registered.
//
//   class MLP : public nn::Chain {
//    public:
//     nn::Linear l1{784, 100}, l2{100, 10};
//     Variable operator()(const Variable& x) { return l2(relu(l1(x))); }
//     void list(nn::Members& m) override { m("l1", l1)("l2", l2); }
//   };
//
// Copying a link copies handles, as assignment does in Python: both have the same parameters. What
// else a link has (running means, the state of an LSTM) is copied as it is. copy() and repeat() in
// nn/copy.h and nn/sequential.h make new parameters.
class Link {
 public:
  virtual ~Link() { leave_place(); }
  virtual void list(Members& members) = 0;

  // All parameters below, in Chainer's order: a link's own by name, then those of its children by
  // name. One that is listed twice has both paths, but stands in params() once.
  std::vector<NamedParameter> namedparams(bool include_uninitialized = true);
  std::vector<Parameter> params(bool include_uninitialized = true);
  // This link and all below.
  std::vector<NamedLink> namedlinks();
  std::vector<NamedLink> children();
  std::int64_t count_params();

  void cleargrads();
  void zerograds();
  // Takes the other link's values, persistent ones too if asked to, each from the same path; or
  // adds its gradients.
  void copyparams(Link& other, bool copy_persistent = true);
  void addgrads(Link& other);

  // Whether optimizers change the parameters below: what disable_update() froze keeps its values
  // and its t. A new Optimizer::setup() enables all again, as Chainer's does.
  void enable_update();
  void disable_update();
  // Whether any parameter below has an enabled rule.
  bool update_enabled();

  // How a link is called of which a program knows only the base class. This calls call(), which a
  // class gets by deriving from Polymorphic, or overrides; else it throws.
  //
  //   std::unique_ptr<nn::Chain> net = std::make_unique<MLP>();   // MLP : nn::Polymorphic<MLP>
  //   Variable y = (*net)(x);
  Variable operator()(const Variable& x) { return call({x}); }
  Variable operator()(const Variable& x, const Variable& t) { return call({x, t}); }
  Variable operator()(const Variable& x, const Variable& t, const Variable& u) {
    return call({x, t, u});
  }
  virtual Variable call(const Variables& inputs);
  // A link of the same class with the same handles; what Polymorphic has, too.
  virtual std::unique_ptr<Link> clone() const;

 protected:
  Link() = default;
  // Gives the parameters the names that list() has for them, which graphs and messages show: what a
  // link of the library does last when it is made.
  void name_parameters();
  // A LinkPointer stays with a link that is copied, and goes along with one that is moved.
  Link(const Link&) noexcept {}
  Link(Link&& other) noexcept { take_place(other); }
  Link& operator=(const Link&) noexcept { return *this; }
  Link& operator=(Link&& other) noexcept {
    if (this != &other && other.place_) take_place(other);
    return *this;
  }

 private:
  friend class LinkPointer;
  struct Place : autograd::Counted {
    Link* link = nullptr;
  };
  void take_place(Link& other) noexcept;
  void leave_place() noexcept {
    if (place_) place_->link = nullptr;
  }

  autograd::Ref<Place> place_;  // null until somebody points here
};

// The link's class with its parameters, and its children line by line, as Chainer prints a chain:
//   MLP(
//     (l1): Linear(W=(100, 784), b=(100,)),
//     (l2): Linear(W=None, b=(10,)),
//   )
std::ostream& operator<<(std::ostream& out, const Link& link);

// Chainer's name for a link with child links.
using Chain = Link;

// A pointer to a link that goes with it where it is moved to, as when a std::vector of links grows,
// and knows when it is gone.
class LinkPointer {
 public:
  LinkPointer() = default;
  explicit LinkPointer(Link& link);

  // Null if it never pointed to a link, or that is gone.
  Link* get() const { return place_ ? place_->link : nullptr; }
  explicit operator bool() const { return get() != nullptr; }

 private:
  autograd::Ref<Link::Place> place_;
};

// Throws unless `link`, which was or is to be copied, is of that class, not one that derives from
// it.
void require_class(const Link& link, const std::type_info& expected);

// A link that can be called and copied by a program that knows only its base class:
//
//   class VGG : public nn::Polymorphic<VGG> {        // where else nn::Chain stands
//    public:
//     Variable operator()(const Variable& x) { ... }
//     void list(nn::Members& m) override { ... }
//   };
//   class Deeper : public nn::Polymorphic<Deeper, VGG> { ... };
template <class Derived, class Base = Link>
class Polymorphic : public Base {
 public:
  using Base::Base;

  Variable call(const Variables& inputs) override {
    if (!is_whole()) return Link::call(inputs);
    switch (inputs.size()) {
      case 1:
        return call_with(inputs, std::make_index_sequence<1>());
      case 2:
        return call_with(inputs, std::make_index_sequence<2>());
      case 3:
        return call_with(inputs, std::make_index_sequence<3>());
      default:
        return Link::call(inputs);
    }
  }
  std::unique_ptr<Link> clone() const override {
    if constexpr (std::copy_constructible<Derived>)
      if (is_whole()) return std::make_unique<Derived>(static_cast<const Derived&>(*this));
    return Link::clone();
  }

 private:
  // Whether the object is no more than a Derived. A class that derives from it has perhaps a call
  // of its own, which is not seen here.
  bool is_whole() const {
    if constexpr (std::is_abstract_v<Derived>)
      return true;
    else
      return typeid(*this) == typeid(Derived);
  }
  // Whether the class has no call of its own, but that of Link, which comes back here.
  static constexpr bool has_no_call() {
    using Call = Variable (Link::*)(const Variable&);
    return requires(void (*take)(Call)) { take(&Derived::operator()); };
  }
  template <std::size_t... I>
  Variable call_with(const Variables& inputs, std::index_sequence<I...>) {
    [[maybe_unused]] auto& link = static_cast<Derived&>(*this);
    if constexpr (!has_no_call()) {
      if constexpr (requires {
                      { nn::invoke(link, inputs[I]...) } -> std::convertible_to<Variable>;
                    })
        return nn::invoke(link, inputs[I]...);
    }
    return Link::call(inputs);
  }
};

// A copy of a link whose class may derive from L: with the same handles, as a plain copy has.
// Throws if that class does not say how to copy it.
template <std::derived_from<Link> L>
std::unique_ptr<L> clone(const L& link) {
  if constexpr (std::copy_constructible<L>)
    if (typeid(link) == typeid(L)) return std::make_unique<L>(link);
  std::unique_ptr<Link> made = link.clone();
  require_class(*made, typeid(link));
  return std::unique_ptr<L>(dynamic_cast<L*>(made.release()));
}

template <class L>
std::shared_ptr<Link> Members::cloned(const Link& link) {
  return clone(dynamic_cast<const L&>(link));
}

}  // namespace nn
