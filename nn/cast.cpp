#include "nn/cast.h"

#include <fmt/format.h>

#include "autograd/base/error.h"
#include "nn/update_rule.h"

namespace nn {
namespace {

class Caster : public Members {
 public:
  explicit Caster(Dtype dtype) : dtype_(dtype) {}

 private:
  void visit_parameter(std::string_view, Parameter& p) override {
    p.set_dtype(dtype_);
    if (UpdateRule* rule = p.update_rule())
      for (auto& [name, state] : rule->state) state = state.astype(dtype_);
  }
  void visit_link(std::string_view, Link& child, std::size_t) override { child.visit(*this); }
  void visit_persistent(std::string_view, const Persistent& value) override {
    const auto* array = std::get_if<PersistentArray>(&value);
    if (!array) return;
    if (array->dtype_of_link) *array->dtype_of_link = dtype_;
    if (*array->place && autograd::is_float(array->place->dtype()))
      *array->place = array->place->astype(dtype_);
  }

  Dtype dtype_;
};

}  // namespace

void cast_members(Link& link, Dtype dtype) {
  if (!autograd::is_float(dtype))
    throw autograd::Error(fmt::format("cast: a link must be float32 or float64, but dtype is {}",
                                      autograd::name(dtype)));
  Caster caster(dtype);
  link.visit(caster);
}

}  // namespace nn
