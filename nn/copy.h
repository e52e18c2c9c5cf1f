#pragma once

#include <concepts>
#include <memory>

#include "nn/link.h"

namespace nn {

// What a copy of a link has in common with the original.
enum class CopyMode {
  share,  // the arrays: a change of values shows in both; gradients are apart
  copy,   // the values of now
  init,   // the shapes: values are drawn anew
};

// Makes a plain copy of `original` one that has parameters of its own, and persistent arrays unless
// they are shared. A parameter that is listed twice stays one. So does a child that is held by
// std::shared_ptr: it is cloned. Throws if a member is held by another pointer or a reference, for
// the original's would be changed.
void renew(Link& copy, const Link& original, CopyMode mode);

// A new link like this one. Chainer's Link.copy(mode).
template <std::derived_from<Link> L>
L copy(const L& link, CopyMode mode = CopyMode::share) {
  require_class(link, typeid(L));
  L made = link;
  renew(made, link, mode);
  return made;
}

// The same for a link of which the program knows a base class only (see Polymorphic), held by a
// std::unique_ptr or a std::shared_ptr.
template <class P>
requires std::derived_from<typename P::element_type, Link> P copy(const P& link,
                                                                  CopyMode mode = CopyMode::share) {
  if (!link) return nullptr;
  P made = clone(*link);
  renew(*made, *link, mode);
  return made;
}

}  // namespace nn
