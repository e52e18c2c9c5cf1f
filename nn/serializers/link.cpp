#include "nn/link.h"
#include "nn/serializers/serializer.h"

namespace nn {
namespace {

class Visitor : public Members {
 public:
  explicit Visitor(Serializer& s) : s_(s) {}

 private:
  void visit_parameter(std::string_view name, Parameter& parameter) override {
    const Array current = parameter.is_initialized() ? parameter.array() : Array();
    const Array found = s_.value(name, current);
    if (!s_.is_loading() || !found) return;
    if (!parameter.is_initialized()) parameter.initialize(found.shape());
    Array values = parameter.array();
    values.assign(found);
  }
  void visit_link(std::string_view name, Link& child, std::size_t) override {
    serialize(s_[name], child);
  }
  void visit_persistent(std::string_view name, const Persistent& value) override {
    s_(name, value);
  }

  Serializer& s_;
};

}  // namespace

void serialize(Serializer& s, Link& link) {
  Visitor visitor(s);
  link.visit(visitor);
}

}  // namespace nn
