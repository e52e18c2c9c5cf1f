#pragma once

#include <memory>
#include <string>

#include "autograd/graph/variable.h"

// What is called before and after a link; Chainer's LinkHook.
namespace nn {

class Link;
class Members;

// A call of a link, as a hook sees it.
struct LinkCall {
  Link& link;
  const autograd::Variables& inputs;  // a link that takes a list has its items here, one by one
};

// Is called before and after each call of a link that it was added to by Link::add_hook(), or of
// every link in this thread while a Scope exists:
//   nn::link_hooks::TimerHook timer;
//   { auto scope = timer.watch(); model(x); }
//   std::puts(timer.report().c_str());
// A link of your own calls its hooks if its operator() is written with Link::hooked(). A hook is
// called once a link has initialised its parameters.
class LinkHook {
 public:
  virtual ~LinkHook() = default;
  // The name by which a link knows the hook, unless add_hook() is given another.
  virtual std::string name() const = 0;

  // When the hook was added to a link or is about to be deleted; null is a Scope.
  virtual void added(Link* /*link*/) {}
  virtual void deleted(Link* /*link*/) {}

  virtual void forward_preprocess(const LinkCall&) {}
  // Called in reverse order of forward_preprocess(), so that hooks that change a link nest.
  virtual void forward_postprocess(const LinkCall&, const autograd::Variables& /*outputs*/) {}
  // Called instead of forward_postprocess() if the link throws. What it throws itself is dropped.
  virtual void forward_failed(const LinkCall&) {}

  // Lists parameters and persistent values that the hook gives its link: they are saved, trained
  // and copied as if the link had them (see Link::list()).
  virtual void list(Members&) {}
  // The hook that a copy of the link gets: by default this one, for both.
  virtual std::shared_ptr<LinkHook> for_copy() const { return nullptr; }

  class [[nodiscard]] Scope {
   public:
    explicit Scope(LinkHook& hook);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    LinkHook& hook_;
  };
  // Throws if a hook of this name has a Scope in this thread already.
  Scope watch() { return Scope(*this); }
};

}  // namespace nn
