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
#include "nn/link_hook.h"
#include "nn/parameter.h"
#include "nn/persistent.h"

namespace nn {

class Link;

// How many bytes from the address of a Link on are known to belong to its object.
template <class L>
std::size_t bytes_of(L& link) {
  const auto begin = reinterpret_cast<std::uintptr_t>(std::addressof(link)),
             at = reinterpret_cast<std::uintptr_t>(static_cast<Link*>(std::addressof(link)));
  return at - begin < sizeof(L) ? sizeof(L) - (at - begin) : 0;
}

// Receives the members that a link lists: see Link::list().
class Members {
 public:
  virtual ~Members() = default;

  // A parameter. A null parameter is not listed.
  Members& operator()(std::string_view name, Parameter& parameter);
  // A child.
  template <std::derived_from<Link> L>
  Members& operator()(std::string_view name, L& child) {
    visit_link(name, child, bytes_of(child));
    return *this;
  }
  // A member held by an optional or a pointer is listed under this name if it exists.
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
  // A child owned by another object.
  template <class P>
  requires std::is_pointer_v<std::remove_cvref_t<P>> Members& operator()(std::string_view name,
                                                                         P&& member) {
    return member ? (*this)(name, *member) : *this;
  }
  template <class T>
  Members& operator()(std::string_view name, std::reference_wrapper<T> member) {
    return (*this)(name, member.get());
  }
  // The members in a range are named by their indices, /layers/0/W, as the children of Chainer's
  // ChainList; those in a map by their keys.
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

  // A value that is saved with the model but not trained: running means, counters, texts. An empty
  // array handle takes `dtype` when it is loaded, by default the file's dtype.
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
  // Whether visit_parameter() wants a member in whose place a link hook has put a variable, too.
  virtual bool takes_variables() const { return false; }
  // Called for each child, with its bytes_of().
  virtual void visit_link(std::string_view, Link&, std::size_t) {}
  virtual void visit_persistent(std::string_view, const Persistent&) {}
  // A replacement for a child that a link shares with its copies; null to keep the child.
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

// A part of a model: a class with parameters and child links as members, and a function list() that
// lists them by name. Saving, loading, counting and training use this list; there is no other
// registration.
//
//   class MLP : public nn::Chain {
//    public:
//     nn::Linear l1{784, 100}, l2{100, 10};
//     Variable operator()(const Variable& x) { return l2(relu(l1(x))); }
//     void list(nn::Members& m) override { m("l1", l1)("l2", l2); }
//   };
//
// Copying a link copies handles, as assignment does in Python: both links have the same parameters.
// Other members (counters, the state of an LSTM) are copied by their own copy constructors. copy()
// in nn/copy.h and repeat() in nn/sequential.h make new parameters.
class Link {
 public:
  virtual ~Link() { leave_place(); }
  virtual void list(Members& members) = 0;
  // Lists the members of the link and those that its hooks give it. What visits a link calls this.
  void visit(Members& members);

  // All parameters of this link and the links below it, in Chainer's order: a link's own by name,
  // then those of its children by name. A parameter that is listed twice has two paths, but occurs
  // in params() once.
  std::vector<NamedParameter> namedparams(bool include_uninitialized = true);
  std::vector<Parameter> params(bool include_uninitialized = true);
  // This link and all links below it.
  std::vector<NamedLink> namedlinks();
  std::vector<NamedLink> children();
  std::int64_t count_params();

  void cleargrads();
  void zerograds();
  // copyparams copies the other link's values, optionally persistent values too, path by path.
  // addgrads adds its gradients.
  void copyparams(Link& other, bool copy_persistent = true);
  void addgrads(Link& other);

  // Enables or disables updates of all parameters of this link and below. A disabled parameter
  // keeps its values and its t. Optimizer::setup() enables all again, as in Chainer.
  void enable_update();
  void disable_update();
  // Whether any parameter of this link or below has an enabled update rule.
  bool update_enabled();

  // Registers a hook, which is called around each call of this link, under its own name or the one
  // given. Throws if the link has a hook of this name. A hook that is not given by a pointer is
  // copied. Returns this link.
  //   model.l1.add_hook(nn::link_hooks::SpectralNormalization());
  Link& add_hook(const std::shared_ptr<LinkHook>& hook, const std::string& name = "");
  template <std::derived_from<LinkHook> H>
  Link& add_hook(H hook, const std::string& name = "") {
    return add_hook(std::make_shared<H>(std::move(hook)), name);
  }
  // Throws if there is no hook of this name.
  void delete_hook(const std::string& name);
  struct NamedHook {
    std::string name;
    std::shared_ptr<LinkHook> hook;
  };
  // In the order in which they were added.
  const std::vector<NamedHook>& local_link_hooks() const { return hooks_; }

  // Calls a link through its base class. Forwards to call(), which a class implements by deriving
  // from Polymorphic or by overriding it; throws if the class does neither.
  //
  //   std::unique_ptr<nn::Chain> net = std::make_unique<MLP>();   // MLP : nn::Polymorphic<MLP>
  //   Variable y = (*net)(x);
  Variable operator()(const Variable& x) { return call({x}); }
  Variable operator()(const Variable& x, const Variable& t) { return call({x, t}); }
  Variable operator()(const Variable& x, const Variable& t, const Variable& u) {
    return call({x, t, u});
  }
  virtual Variable call(const Variables& inputs);
  // A copy of the link, of the same class and with the same handles; Polymorphic implements it,
  // too.
  virtual std::unique_ptr<Link> clone() const;

 protected:
  Link() = default;
  // Gives the parameters the names that list() has for them, which graphs and messages show: what a
  // link of the library does last when it is made.
  void name_parameters();

  // The result of forward(), the body of the operator() of a link, between the calls of the hooks.
  // Without hooks this costs two comparisons.
  //
  //   Variable operator()(const Variable& x) {
  //     return hooked([&] { return l2(relu(l1(x))); }, x);
  //   }
  template <class F, class... X>
  std::invoke_result_t<const F&> hooked(const F& forward, const X&... inputs) {
    if (hooks_.empty() && hooks_in_scope == 0) [[likely]]
      return forward();
    Variables all;
    (append(all, inputs), ...);
    HookedCall call(*this, all);
    auto result = forward();
    Variables outputs;
    append(outputs, result);
    call.succeeded(outputs);
    return result;
  }

  // LinkPointers to a link keep pointing to it when it is copied, and follow it when it is moved.
  Link(const Link& other) : hooks_(other.copied_hooks()) {}
  Link(Link&& other) noexcept : hooks_(std::move(other.hooks_)) { take_place(other); }
  Link& operator=(const Link& other) {
    if (this != &other) hooks_ = other.copied_hooks();
    return *this;
  }
  Link& operator=(Link&& other) noexcept {
    if (this == &other) return *this;
    hooks_ = std::move(other.hooks_);
    if (other.place_) take_place(other);
    return *this;
  }

 private:
  friend class LinkHook::Scope;
  friend class LinkPointer;

  // The hooks around one call.
  class HookedCall {
   public:
    // Calls forward_preprocess() of the hooks in scope, and then of the link's.
    HookedCall(Link& link, const Variables& inputs);
    // Calls forward_failed(), unless the call succeeded.
    ~HookedCall();
    HookedCall(const HookedCall&) = delete;
    HookedCall& operator=(const HookedCall&) = delete;
    void succeeded(const Variables& outputs);

   private:
    explicit HookedCall(const LinkCall& call) : call_(call) {}
    void preprocess(std::shared_ptr<LinkHook> hook);

    LinkCall call_;
    std::vector<std::shared_ptr<LinkHook>> hooks_;  // those that were called, and not yet again
  };

  // Appends what goes into a link or comes out of it: variables, arrays, lists and structures of
  // variables. What else there is, options for example, is left out.
  template <class T>
  static void append(Variables& all, const T& x) {
    if constexpr (std::derived_from<T, Variable>) {
      all.push_back(x);
    } else if constexpr (std::same_as<T, Array> || requires { x.array(); }) {
      const Array& array = x;
      all.push_back(autograd::as_variable(array));
    } else if constexpr (requires { x.begin(); }) {
      for (const auto& each : x) append(all, each);
    } else if constexpr (requires { x.c, x.h; }) {
      append(all, x.c), append(all, x.h);
    } else if constexpr (requires { x.hy, x.ys; }) {
      append(all, x.hy);
      if constexpr (requires { x.cy; }) append(all, x.cy);
      append(all, x.ys);
    } else if constexpr (requires { x.first, x.second; }) {
      append(all, x.first), append(all, x.second);
    }
  }
  std::vector<NamedHook> copied_hooks() const;

  // How many hooks have a Scope in this thread.
  static inline constinit thread_local int hooks_in_scope = 0;
  std::vector<NamedHook> hooks_;

  struct Place : autograd::Counted {
    Link* link = nullptr;
  };
  void take_place(Link& other) noexcept;
  void leave_place() noexcept {
    if (place_) place_->link = nullptr;
  }

  autograd::Ref<Place> place_;  // null until somebody points here
};

// Prints the link's class with its parameters, and its children line by line, as Chainer prints a
// chain:
//   MLP(
//     (l1): Linear(W=(100, 784), b=(100,)),
//     (l2): Linear(W=None, b=(10,)),
//   )
std::ostream& operator<<(std::ostream& out, const Link& link);

// The class of a link, as Chainer names it: "Linear".
std::string class_name(const Link& link);

// Chainer's name for a link with child links.
using Chain = Link;

// A non-owning pointer to a link that follows the link when it is moved, for example when a
// std::vector of links grows, and becomes null when it is destroyed.
class LinkPointer {
 public:
  LinkPointer() = default;
  explicit LinkPointer(Link& link);

  // Null if it never pointed to a link, or if the link is destroyed.
  Link* get() const { return place_ ? place_->link : nullptr; }
  explicit operator bool() const { return get() != nullptr; }

 private:
  autograd::Ref<Link::Place> place_;
};

// Throws unless the class of `link` is exactly `expected`, and not derived from it, so that a copy
// is not sliced.
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
  // Whether the object's class is exactly Derived. A class derived from it may have an operator()
  // of its own, which is not visible here.
  bool is_whole() const {
    if constexpr (std::is_abstract_v<Derived>)
      return true;
    else
      return typeid(*this) == typeid(Derived);
  }
  // Whether the class has no operator() of its own but inherits that of Link, which would call this
  // function again.
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

// A copy of a link whose class may derive from L, with the same handles, like a plain copy. Throws
// if the class does not override clone().
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
