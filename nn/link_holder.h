#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "nn/link.h"

namespace nn {

// The class of an object that is given as an lvalue, an rvalue or a pointer.
template <class T>
struct HeldTypeOf {
  using type = std::decay_t<T>;
};
template <class T>
struct HeldTypeOf<std::shared_ptr<T>> {
  using type = T;
};
template <class T>
struct HeldTypeOf<std::unique_ptr<T>> {
  using type = T;
};
template <class T>
using HeldType = typename HeldTypeOf<std::remove_cvref_t<T>>::type;

// Holds a link for another object. An lvalue is referred to, with all its state, and must outlive
// the holder; an rvalue is moved in; a std::shared_ptr is shared. Copying the holder copies the
// link, as if it were a member.
template <class L>
class LinkHolder {
 public:
  explicit LinkHolder(L& kept) : kept_(kept) {}
  explicit LinkHolder(const L&) = delete;  // its state could not be shared: copy it, or move it
  explicit LinkHolder(std::shared_ptr<L> held) : held_(std::move(held)) {
    if (!held_) throw autograd::Error("Link: a link must be given, but the pointer is null");
  }
  template <std::derived_from<L> D>
  requires(!std::is_lvalue_reference_v<D> && !std::is_const_v<D>) explicit LinkHolder(D&& given)
      : held_(std::make_shared<D>(std::forward<D>(given))) {}

  LinkHolder(const LinkHolder& other) : held_(clone(*other)) {}
  LinkHolder(LinkHolder&&) noexcept = default;
  LinkHolder& operator=(LinkHolder other) noexcept {
    held_ = std::move(other.held_);
    kept_ = std::move(other.kept_);
    return *this;
  }
  ~LinkHolder() = default;

  // Throws if the link is destroyed.
  L& operator*() const {
    if (held_) return *held_;
    Link* link = kept_.get();
    if (!link)
      throw autograd::Error(
          "Link: a link given by reference must outlive its use, or be given by std::move, but it "
          "was destroyed");
    return dynamic_cast<L&>(*link);
  }

 private:
  std::shared_ptr<L> held_;
  LinkPointer kept_;
};

}  // namespace nn
