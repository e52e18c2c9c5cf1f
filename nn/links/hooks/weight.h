#pragma once

#include <string>
#include <string_view>

#include "nn/link.h"

namespace nn::link_hooks {

// A hook that puts another variable in the place of a link's weight while the link is called. A link
// with such a hook must not be called by several threads at once.
class WeightHook : public LinkHook {
 public:
  void added(Link* link) override;
  void forward_preprocess(const LinkCall& call) final;
  void forward_postprocess(const LinkCall& call, const Variables& outputs) final;
  void forward_failed(const LinkCall& call) final;

  std::string weight_name;

 protected:
  explicit WeightHook(std::string weight) : weight_name(std::move(weight)) {}

  // What stands for W in a call of `link`.
  virtual Variable replaced(const Link& link, const Variable& W) = 0;
  // Called after a call that did not throw.
  virtual void called() {}
  // Called when the hook is added, if W has values.
  virtual void found(const Link& /*link*/, const Variable& /*W*/) {}

 private:
  // The link's own parameter of that name. Throws if it has none.
  Parameter& weight(Link& link) const;

  Parameter original_;  // during a call
};

}  // namespace nn::link_hooks
