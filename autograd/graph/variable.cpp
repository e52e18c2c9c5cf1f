#include "autograd/graph/variable.h"

#include <fmt/format.h>

#include <mutex>
#include <ostream>

#include "autograd/array/index.h"
#include "autograd/array/print.h"
#include "autograd/base/check.h"
#include "autograd/graph/backward_pass.h"

namespace autograd {

Index::Index(const Variable& x) : Index(x.array()) {}

VariableNode::VariableNode(const Array& data, bool needs_grad)
    : dtype(data ? data.dtype() : Dtype::float32), requires_grad(needs_grad) {
  if (!data) return;  // a parameter without a shape
  lengths_.reserve(static_cast<std::size_t>(data.ndim()));
  for (const std::int64_t length : data.shape()) lengths_.push_back(length);
}

void VariableNode::unchain() {
  if (!creator_) return;
  creator_->outputs_[static_cast<std::size_t>(output_)] = nullptr;
  BackwardPass::keep_while_running(std::move(creator_));
}

// Never destroyed, because destructors of global objects may read names.
static const std::string& no_name() {
  static const auto* const none = new std::string;
  return *none;
}

struct VariableNode::Name : Counted {
  explicit Name(const std::string& name) : text(name) {}
  std::string text;
};
const std::string& VariableNode::name() const { return name_ ? name_->text : no_name(); }
void VariableNode::set_name(const std::string& name) { name_ = make_ref<const Name>(name); }

// Destroying a node destroys its creator, then the creator's inputs, and so on. This recursion
// would be as deep as the graph. So the first destructor on the stack makes a list. The destructors
// that it causes only add their creators to the list, and the first destructor destroys them in a
// loop.
VariableNode::~VariableNode() {
  static thread_local std::vector<Ref<FunctionNode>>* to_destroy = nullptr;
  if (!creator_) return;
  creator_->outputs_[static_cast<std::size_t>(output_)] = nullptr;
  if (to_destroy) {
    to_destroy->push_back(std::move(creator_));
    return;
  }
  if (creator_->use_count() > 1) return;  // it has another owner
  std::vector<Ref<FunctionNode>> functions;
  to_destroy = &functions;
  functions.push_back(std::move(creator_));
  while (!functions.empty()) {
    const Ref<FunctionNode> destroyed_here = std::move(functions.back());
    functions.pop_back();
  }
  to_destroy = nullptr;
}

std::string VariableNode::label() const {
  return lengths_.empty() ? std::string(autograd::name(dtype))
                          : fmt::format("{}, {}", to_string(shape()), autograd::name(dtype));
}

Variable::Variable(const Array& array, const VariableOptions& options)
    : Variable(of(Array(array), options.requires_grad)) {
  if (!options.name.empty()) set_name(options.name);
}

Variable Variable::of(Array&& array, bool requires_grad) {
  if (!array) throw Error("Variable: an array must be given, but it is none");
  const bool wants_grad = requires_grad && is_float(array.dtype());
  return Variable(make_ref<VariableBody>(std::move(array), wants_grad));
}

void Variable::fail_on_none() { throw Error("Variable: a variable must be given, but it is none"); }

void Variable::set_array(const Array& array) {
  VariableBody& b = body();
  b.data = array;
  if (b.node && (!b.node->has_shape(array.shape()) || b.node->dtype != array.dtype())) {
    const std::string kept_name = b.node->name();
    b.requires_grad = b.node->requires_grad;
    b.leave_node();  // its node in old graphs has another shape
    if (!kept_name.empty()) set_name(kept_name);
  }
}

Array Variable::grad() const { return body().grad ? body().grad.array() : Array(); }
Variable Variable::grad_var() const { return body().grad; }

static void check_grad(const Variable& x, const Variable& grad) {
  if (grad && (grad.shape() != x.shape() || grad.dtype() != x.dtype()))
    Check("Variable", {{"x", x}, {"its gradient", grad}})
        .fail("a gradient must have the shape and dtype of its variable");
}

void Variable::set_grad(Array grad) {
  Variable given = grad ? of(std::move(grad), false) : Variable();
  check_grad(*this, given);
  body().grad = given ? BackwardPass::owned(std::move(given)) : given;
}

void Variable::set_grad_var(const Variable& grad) {
  check_grad(*this, grad);
  body().grad = grad && !grad.array().is_contiguous() ? BackwardPass::owned(grad) : grad;
}

void Variable::cleargrad() { body().grad = Variable(); }

void Variable::make_node() const {
  const std::lock_guard lock(body_->lock);
  if (body_->node.load()) return;
  auto node = make_ref<VariableNode>(body_->data, body_->requires_grad);
  node->variable = body_.get();
  body_->node.publish(std::move(node));
}

Variable Variable::at(const Array& array, const Ref<VariableNode>& node) {
  auto body = make_ref<VariableBody>(Array(array), true);
  body->node = node;
  return Variable(std::move(body));
}

std::string Variable::name() const {
  const VariableNode* node = body().node.load();
  return node ? node->name() : std::string();
}
void Variable::set_name(const std::string& name) { node()->set_name(name); }
FunctionNode* Variable::creator() const {
  const VariableNode* node = body().node.load();
  return node ? node->creator().get() : nullptr;
}
int Variable::rank() const {
  const VariableNode* node = body().node.load();
  return node ? node->rank : 0;
}

void Variable::unchain() {
  if (body().node) body_->node->unchain();
}

void Variable::unchain_backward() {
  std::vector<Ref<FunctionNode>> functions{Ref(creator())};
  unchain();
  while (!functions.empty()) {
    const Ref<FunctionNode> f = std::move(functions.back());
    functions.pop_back();
    if (!f) continue;
    for (const auto& input : f->inputs())
      if (input->creator()) functions.push_back(input->creator());
    f->unchain();
  }
}

std::ostream& operator<<(std::ostream& out, const Variable& x) {
  std::string prefix = "variable";
  if (x && !x.name().empty()) prefix += ' ' + x.name();
  const Array array = x ? x.array() : Array();
  return out << prefix << '('
             << array2string(array, {.indent = static_cast<int>(prefix.size()) + 1}) << ')';
}

}  // namespace autograd
