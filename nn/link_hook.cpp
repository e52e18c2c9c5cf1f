#include "nn/link_hook.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "nn/link.h"

namespace nn {
namespace {

// There while a hook is in scope, so that nothing is left to destroy at the thread's end.
constinit thread_local std::vector<LinkHook*>* in_scope = nullptr;

auto found_by_name(const std::vector<Link::NamedHook>& hooks, const std::string& name) {
  return std::find_if(hooks.begin(), hooks.end(), [&](const auto& h) { return h.name == name; });
}

}  // namespace

LinkHook::Scope::Scope(LinkHook& hook) : hook_(hook) {
  if (in_scope == nullptr) in_scope = new std::vector<LinkHook*>;
  const std::string name = hook.name();
  for (const LinkHook* other : *in_scope)
    if (other->name() == name)
      throw autograd::Error(
          fmt::format("LinkHook: hooks in scope must have different names, but there is a {} "
                      "already",
                      name));
  hook.added(nullptr);
  in_scope->push_back(&hook);
  ++Link::hooks_in_scope;
}

LinkHook::Scope::~Scope() {
  hook_.deleted(nullptr);
  in_scope->pop_back();
  if (--Link::hooks_in_scope == 0) delete std::exchange(in_scope, nullptr);
}

Link& Link::add_hook(const std::shared_ptr<LinkHook>& hook, const std::string& name) {
  if (!hook) throw autograd::Error("add_hook: a hook must be given, but the pointer is null");
  const std::string key = name.empty() ? hook->name() : name;
  if (found_by_name(hooks_, key) != hooks_.end())
    throw autograd::Error(fmt::format(
        "add_hook: hooks of a link must have different names, but it has a {} already", key));
  hook->added(this);
  hooks_.push_back({key, hook});
  return *this;
}

void Link::delete_hook(const std::string& name) {
  const auto found = found_by_name(hooks_, name);
  if (found == hooks_.end())
    throw autograd::Error(
        fmt::format("delete_hook: the link must have a hook of that name, but has no {}", name));
  found->hook->deleted(this);
  hooks_.erase(found);
}

std::vector<Link::NamedHook> Link::copied_hooks() const {
  std::vector<NamedHook> copies;
  for (const NamedHook& each : hooks_) {
    std::shared_ptr<LinkHook> own = each.hook->for_copy();
    copies.push_back({each.name, own ? std::move(own) : each.hook});
  }
  return copies;
}

void Link::visit(Members& members) {
  list(members);
  for (const NamedHook& each : hooks_) each.hook->list(members);
}

Link::HookedCall::HookedCall(Link& link, const Variables& inputs)
    : HookedCall(LinkCall{link, inputs}) {
  const std::vector<NamedHook> own = link.hooks_;  // a hook may delete itself
  if (in_scope != nullptr)
    for (LinkHook* hook : std::vector<LinkHook*>(*in_scope))
      // As in Chainer, a hook of the link takes the place of one in scope that has its name.
      if (found_by_name(own, hook->name()) == own.end())
        preprocess(std::shared_ptr<LinkHook>(std::shared_ptr<void>(), hook));
  for (const NamedHook& each : own) preprocess(each.hook);
}

void Link::HookedCall::preprocess(std::shared_ptr<LinkHook> hook) {
  LinkHook& called = *hook;
  called.forward_preprocess(call_);
  hooks_.push_back(std::move(hook));
}

void Link::HookedCall::succeeded(const Variables& outputs) {
  while (!hooks_.empty()) {
    const std::shared_ptr<LinkHook> last = std::move(hooks_.back());
    hooks_.pop_back();
    last->forward_postprocess(call_, outputs);
  }
}

Link::HookedCall::~HookedCall() {
  for (; !hooks_.empty(); hooks_.pop_back()) {
    try {
      hooks_.back()->forward_failed(call_);
    } catch (...) {
      // The exception that is under way tells more.
    }
  }
}

}  // namespace nn
