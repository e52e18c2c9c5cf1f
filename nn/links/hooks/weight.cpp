#include "nn/links/hooks/weight.h"

#include <fmt/format.h>

#include <utility>

#include "autograd/base/error.h"

namespace nn::link_hooks {
namespace {

// Finds a link's own parameter, be it a variable that another hook has put there.
class FoundParameter : public Members {
 public:
  explicit FoundParameter(std::string_view name) : name_(name) {}
  Parameter* found = nullptr;

 private:
  void visit_parameter(std::string_view name, Parameter& parameter) override {
    if (name == name_) found = &parameter;
  }
  bool takes_variables() const override { return true; }

  std::string_view name_;
};

}  // namespace

Parameter& WeightHook::weight(Link& link) const {
  FoundParameter finder(weight_name);
  link.list(finder);
  if (!finder.found)
    throw autograd::Error(fmt::format("{}: the link must have the weight {} itself, but {} has not",
                                      name(), weight_name, class_name(link)));
  return *finder.found;
}

void WeightHook::added(Link* link) {
  if (!link)
    throw autograd::Error(
        fmt::format("{}: the hook must be added to a link, but it was given a scope", name()));
  const Parameter& W = weight(*link);
  if (W.is_initialized()) found(*link, W);
}

void WeightHook::forward_preprocess(const LinkCall& call) {
  Parameter& W = weight(call.link);
  const Variable other = replaced(call.link, W);
  original_ = W;
  Variable& place = W;
  place = other;
}

void WeightHook::forward_failed(const LinkCall& call) {
  if (original_) weight(call.link) = std::exchange(original_, Parameter());
}

void WeightHook::forward_postprocess(const LinkCall& call, const Variables&) {
  forward_failed(call);
  called();
}

}  // namespace nn::link_hooks
