#include "nn/copy.h"

#include <unordered_map>

namespace nn {
namespace {

class Renewer : public Members {
 public:
  explicit Renewer(CopyMode mode) : mode_(mode) {}

 private:
  void visit_parameter(std::string_view, Parameter& p) override {
    const auto [found, first] = made_.try_emplace(p.id());
    if (first) {
      found->second.original = p;
      found->second.copy = mode_ == CopyMode::share  ? p.share()
                           : mode_ == CopyMode::copy ? p.copy()
                                                     : p.reinitialized();
    }
    p = found->second.copy;
  }
  void visit_link(std::string_view, Link& child) override { child.list(*this); }
  void visit_persistent(std::string_view, const Persistent& value) override {
    if (Array* const* array = std::get_if<Array*>(&value);
        array && **array && mode_ != CopyMode::share)
      **array = (*array)->copy();
  }

  struct Pair {
    Parameter original, copy;  // the original is held, so that its address stays its own
  };
  CopyMode mode_;
  std::unordered_map<const autograd::VariableBody*, Pair> made_;
};

}  // namespace

void renew(Link& link, CopyMode mode) {
  Renewer renewer(mode);
  link.list(renewer);
}

}  // namespace nn
