#pragma once

#include <concepts>
#include <memory>

#include "nn/link.h"

namespace nn {

// What a copy of a link shares with the original.
enum class CopyMode {
  share,  // the arrays: a change of values shows in both; gradients are apart
  copy,   // the values of now
  init,   // the shapes: values are drawn anew
};

// Gives `copy`, a plain copy of `original`, parameters of its own and, unless mode is `share`,
// persistent arrays of its own. A parameter that is listed twice becomes one new parameter, and a
// child held by std::shared_ptr one clone. Throws if a member is held by another kind of pointer or
// by a reference, because the original's member would be changed.
void renew(Link& copy, const Link& original, CopyMode mode);

// A new link like this one. Chainer's Link.copy(mode).
template <std::derived_from<Link> L>
L copy(const L& link, CopyMode mode = CopyMode::share) {
  require_class(link, typeid(L));
  L made = link;
  renew(made, link, mode);
  return made;
}

// The same for a std::unique_ptr or std::shared_ptr to a base class of the link (see Polymorphic).
template <class P>
requires std::derived_from<typename P::element_type, Link> P copy(const P& link,
                                                                  CopyMode mode = CopyMode::share) {
  if (!link) return nullptr;
  P made = clone(*link);
  renew(*made, *link, mode);
  return made;
}

}  // namespace nn
