#pragma once

#include <algorithm>
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/base/flag_lock.h"
#include "autograd/base/ref.h"
#include "autograd/base/small_vector.h"

namespace autograd {

class FunctionNode;
class Variable;
struct VariableBody;
using Variables = std::vector<Variable>;

// A variable's place in the graph: what is known of it without its numbers. Function nodes hold the
// nodes of their inputs, and a variable's node holds the function that made it; so all strong
// references point back in time, no cycle can form, and a graph keeps alive only those arrays that
// its functions retain.
class VariableNode final : public Counted, public Live<VariableNode> {
 public:
  VariableNode(const Array& data, bool needs_grad);
  ~VariableNode();

  const Ref<FunctionNode>& creator() const { return creator_; }  // null for a leaf
  // Output `index` of a function.
  void set_creator(Ref<FunctionNode> function, int index);
  // A leaf from here on.
  void unchain();

  Shape shape() const { return Shape(std::span(lengths_.begin(), lengths_.end())); }
  bool has_shape(const Shape& shape) const {
    return std::equal(lengths_.begin(), lengths_.end(), shape.begin(), shape.end());
  }

  const std::string& name() const;
  void set_name(const std::string& name);
  // "(5, 12), float32", as drawings of the graph show it; a scalar shows its dtype only.
  std::string label() const;

  VariableBody* variable = nullptr;  // what the user holds, if anybody; gradients are left there
  // The longest path from a leaf; a function's outputs lie one above its highest input.
  int rank = 0;
  Dtype dtype;
  bool requires_grad;

 private:
  int output_ = 0;  // which of the creator's
  Ref<FunctionNode> creator_;
  std::unique_ptr<const std::string> name_;  // hardly any has one
  SmallVector<std::int64_t, 2> lengths_;     // the shape: a Shape has room for eight
};

struct BackwardOptions {
  bool retain_grad = false;  // keep the gradients of the variables in between, too
  bool enable_double_backprop =
      false;                  // record the backward pass, so that gradients can be differentiated
  bool retain_graph = false;  // keep what the functions retained, so that backward can run again
};

// An array that takes part in differentiation. A Variable is a handle: copies are the same
// variable, as two names are in Python. A default-constructed one is Python's None.
//
//   Variable x(Array::of({1.f, 2.f}));     // explicit: wants a gradient, as chainer.Variable(x)
//   Variable y = sum(x * x);
//   y.backward();
//   x.grad();                              // float32(2): 2, 4
//
// Functions also take an Array, which then is a constant.
class Variable {
 public:
  struct Options {
    std::string name = {};
    bool requires_grad = true;
  };

  Variable() = default;
  // Defined below, where a VariableBody is known.
  inline Variable(const Variable& other) noexcept;
  inline Variable(Variable&& other) noexcept;
  inline Variable& operator=(const Variable& other) noexcept;
  inline Variable& operator=(Variable&& other) noexcept;
  inline ~Variable();
  explicit Variable(const Array& array) : Variable(of(array, true)) {}
  Variable(const Array& array, const Options& options);
  // An array given where a variable is expected: no gradient flows into it.
  template <std::same_as<Array> A>
  Variable(const A& array) : Variable(of(array, false)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return static_cast<bool>(body_); }
  // Whether two handles are the same variable.
  bool is(const Variable& other) const { return body_ == other.body_; }

  inline const Array& array() const;
  const Array& data() const { return array(); }  // Chainer's older name
  void set_array(const Array& array);
  const Shape& shape() const { return array().shape(); }
  Dtype dtype() const { return array().dtype(); }
  int ndim() const { return array().ndim(); }
  std::int64_t size() const { return array().size(); }
  std::int64_t length(int axis) const { return array().length(axis); }
  double item() const { return array().item(); }

  // The gradient that backward() left here, if any. grad_var() is the same as a Variable: with
  // enable_double_backprop it has a graph of its own.
  Array grad() const;
  const Variable& grad_var() const;
  void set_grad(const Array& grad);
  void set_grad_var(const Variable& grad);
  void cleargrad();

  const std::string& name() const;
  void set_name(const std::string& name);
  inline bool requires_grad() const;
  FunctionNode* creator() const;  // null for a leaf; there as long as the graph is
  int rank() const;

  // Adds d(this)/d(v) to the gradient of every variable v that this one was computed from and
  // somebody still holds. An array of more than one element needs its own gradient to be set first,
  // as in Chainer.
  void backward(const BackwardOptions& options = {}) const;

  // Forgets how this variable was made; unchain_backward() does so for everything it was made from.
  void unchain();
  void unchain_backward();

  // The graph's side of the variable; made on first use.
  inline const Ref<VariableNode>& node() const;
  // A variable that stands at an existing place of the graph.
  static Variable at(const Array& array, const Ref<VariableNode>& node);

  // What tells one variable from another.
  const VariableBody* id() const { return body_.get(); }

 protected:
  // A derived handle brings a derived body, whose array may come later (set_array).
  inline explicit Variable(Ref<VariableBody> body);
  inline VariableBody& body() const;

 private:
  friend class BackwardPass;
  friend class FunctionNode;

  static Variable of(Array array, bool requires_grad);
  [[noreturn]] static void fail_on_none();
  // Where threads may come at once; and of a variable that is new, which no other thread has yet.
  void make_node() const;
  void make_first_node() const;

  Ref<VariableBody> body_;
};

struct VariableBody : Counted {
  VariableBody() {}  // NOLINT(modernize-use-equals-default): it would be filled with zeros first
  VariableBody(Array array, bool wants_grad) : data(std::move(array)), requires_grad(wants_grad) {}
  virtual ~VariableBody() { leave_node(); }

  // Its node may live on in a graph.
  void leave_node() {
    if (node && node->variable == this) node->variable = nullptr;
    node = nullptr;
  }

  Array data;
  Variable grad;
  bool requires_grad = true;
  FlagLock lock;           // of threads that add to `grad` or want to make `node`
  Ref<VariableNode> node;  // null until the variable takes part in a graph or gets a name
};

inline Variable::Variable(const Variable&) noexcept = default;
inline Variable::Variable(Variable&&) noexcept = default;
inline Variable& Variable::operator=(const Variable&) noexcept = default;
inline Variable& Variable::operator=(Variable&&) noexcept = default;
inline Variable::~Variable() = default;
inline Variable::Variable(Ref<VariableBody> body) : body_(std::move(body)) {}

inline VariableBody& Variable::body() const {
  if (!body_) [[unlikely]]
    fail_on_none();
  return *body_;
}
inline const Array& Variable::array() const { return body().data; }
inline bool Variable::requires_grad() const {
  const VariableNode* node = body().node.load();
  return node ? node->requires_grad : body_->requires_grad;
}
inline const Ref<VariableNode>& Variable::node() const {
  if (!body().node.load()) make_node();
  return body_->node;
}

// The array as a constant variable; a variable as it is.
inline Variable as_variable(const Variable& x) { return x; }

}  // namespace autograd
