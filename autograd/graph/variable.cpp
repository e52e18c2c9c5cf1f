#include "autograd/graph/variable.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/base/pool.h"
#include "autograd/graph/function_node.h"

namespace autograd {

const std::string& VariableNode::name() const {
  static const std::string none;
  return name_ ? *name_ : none;
}
void VariableNode::set_name(const std::string& name) {
  name_ = std::make_unique<const std::string>(name);
}

// A chain of a million functions is torn down link by link, not by a recursion a million deep: the
// functions met on the way are put aside, and let go one after another by whoever came first.
VariableNode::~VariableNode() {
  static thread_local std::vector<std::shared_ptr<FunctionNode>>* put_aside = nullptr;
  if (!creator) return;
  if (put_aside) {
    put_aside->push_back(std::move(creator));
    return;
  }
  if (creator.use_count() > 1) return;
  std::vector<std::shared_ptr<FunctionNode>> functions;
  put_aside = &functions;
  functions.push_back(std::move(creator));
  while (!functions.empty()) {
    const std::shared_ptr<FunctionNode> f = std::move(functions.back());
    functions.pop_back();
  }
  put_aside = nullptr;
}

std::string VariableNode::label() const {
  return shape.empty() ? std::string(autograd::name(dtype))
                       : fmt::format("{}, {}", to_string(shape), autograd::name(dtype));
}

Variable::Variable(const Array& array, const Options& options)
    : Variable(of(array, options.requires_grad)) {
  if (!options.name.empty()) set_name(options.name);
}

Variable Variable::of(Array array, bool requires_grad) {
  if (!array) throw Error("Variable: an array must be given, but it is none");
  const bool wants_grad = requires_grad && is_float(array.dtype());
  return Variable(pool::make_shared<VariableBody>(std::move(array), wants_grad));
}

void Variable::fail_on_none() { throw Error("Variable: a variable must be given, but it is none"); }

void Variable::set_array(const Array& array) {
  VariableBody& b = body();
  b.data = array;
  if (b.node && (b.node->shape != array.shape() || b.node->dtype != array.dtype())) {
    const std::string kept_name = b.node->name();
    b.requires_grad = b.node->requires_grad;
    b.node = nullptr;  // its place in old graphs was that of another shape
    if (!kept_name.empty()) set_name(kept_name);
  }
}

Array Variable::grad() const { return body().grad ? body().grad.array() : Array(); }
const Variable& Variable::grad_var() const { return body().grad; }
void Variable::set_grad(const Array& grad) {
  set_grad_var(grad ? Variable(grad, {.requires_grad = false}) : Variable());
}

void Variable::set_grad_var(const Variable& grad) {
  if (grad && (grad.shape() != shape() || grad.dtype() != dtype()))
    Check("Variable", {{"x", *this}, {"its gradient", grad}})
        .fail("a gradient must have the shape and dtype of its variable");
  body().grad = grad;
}

void Variable::cleargrad() { body().grad = Variable(); }

void Variable::make_node() const {
  body_->node = pool::make_shared<VariableNode>(body_->data, body_->requires_grad);
  body_->node->variable = body_;
}

Variable Variable::at(const Array& array, const std::shared_ptr<VariableNode>& node) {
  auto body = pool::make_shared<VariableBody>(array, true);
  body->node = node;
  return Variable(std::move(body));
}

const std::string& Variable::name() const {
  static const std::string none;
  return body().node ? body().node->name() : none;
}
void Variable::set_name(const std::string& name) { node()->set_name(name); }
std::shared_ptr<FunctionNode> Variable::creator() const {
  return body().node ? body_->node->creator : nullptr;
}
int Variable::rank() const { return body().node ? body_->node->rank : 0; }

void Variable::unchain() {
  if (body().node) body_->node->creator = nullptr;
}

void Variable::unchain_backward() {
  std::vector<std::shared_ptr<FunctionNode>> functions{creator()};
  unchain();
  while (!functions.empty()) {
    const std::shared_ptr<FunctionNode> f = std::move(functions.back());
    functions.pop_back();
    if (!f) continue;
    for (const auto& input : f->inputs())
      if (input->creator) functions.push_back(input->creator);
    f->unchain();
  }
}

}  // namespace autograd
