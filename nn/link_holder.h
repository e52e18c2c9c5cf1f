#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "nn/link.h"

namespace nn {

// The class of what was given by its name, as a temporary, or by a pointer.
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

// A link that something else was given. One that has a name in the program is used where it is,
// with all its state, and has to live as long; a temporary is taken over; what a std::shared_ptr
// holds is shared. Copying the holder copies the link, as a member would be.
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

  // Throws if the link is gone.
  L& operator*() const {
    if (held_) return *held_;
    Link* link = kept_.get();
    if (!link)
      throw autograd::Error(
          "Link: a link that was given by its name must live as long as it is used, or be given by "
          "std::move, but it is gone");
    return dynamic_cast<L&>(*link);
  }

 private:
  std::shared_ptr<L> held_;
  LinkPointer kept_;
};

}  // namespace nn
